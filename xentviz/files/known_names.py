"""Names by which columns of labels, row names and weights are known."""

import re

LABEL_NAMES = frozenset(
    {
        "label", "labels", "y", "target", "targets", "truth", "ground_truth", "gt", "y_true", "y_test", "y_val",
        "actual", "class", "is_positive", "outcome", "true_label", "true_class", "标签", "真实标签", "wahrheit",
    }
)  # fmt: skip
NAME_NAMES = frozenset(
    {"", "id", "index", "name", "row", "row_id", "statement", "unnamed: 0", "__index_level_0__", "filename", "image"}
)
WEIGHT_NAMES = frozenset({"weight", "weights", "sample_weight", "sample_weights"})
IDENTIFIER = re.compile(r".*(_id|_ID|[a-z]Id|[a-z]ID)")
"""Such as image_id and PassengerId."""


def is_label_name(name: str) -> bool:
    """Return whether a column of labels may be called like this."""
    return name.split(":")[0].strip().lower() in LABEL_NAMES


def names_rows(name: str) -> bool:
    """Return whether a column of row names may be called like this."""
    return name.strip().lower() in NAME_NAMES or IDENTIFIER.fullmatch(name.strip()) is not None
