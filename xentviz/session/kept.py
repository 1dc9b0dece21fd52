"""Choices that were kept with a document, as far as they are choices that can be made of it."""

from collections.abc import Mapping, Sequence
from typing import Any


def fitting(kept: object, possible: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return what was kept of some choices: nothing that is not among what is possible, or of another kind.

    >>> fitting({"bins": 20, "order": "odd", "more": 1}, {"bins": range(2, 101), "order": ["size"]})
    {'bins': 20}
    """
    if not isinstance(kept, dict):
        return {}
    return {
        name: value
        for name, values in possible.items()
        for value in values
        if value == kept.get(name) and isinstance(value, type(kept.get(name)))  # for 1 == True == 1.0
    }
