"""Make the sample tables: what small classifiers said about rows they had never seen.

Both data sets come inside scikit-learn, so nothing is downloaded; it is installed with the test extras::

    python -m pip install -e ".[test]"
    python resources/samples/make_samples.py [FOLDER]

The same versions write the same bytes every time. README.md beside this file tells what is in the tables.
"""

import csv
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEED = 0
HERE = Path(__file__).parent


def main(folder: Path) -> None:
    """Write both tables into a folder and name them."""
    for name, columns in (("breast_cancer.csv", breast_cancer()), ("digits.csv", digits())):
        write(folder / name, columns)
        print(name)


def breast_cancer() -> dict[str, list[str]]:
    """Return the table of tumours: one question, three classifiers.

    A label of 1 means malignant. scikit-learn's own coding is the reverse: there 0 is malignant.
    """
    data = load_breast_cancer()
    malignant = (data.target == 0).astype(int)
    training, held_out = split(malignant, share=0.5)
    classifiers = {
        "Logistic regression": logistic_regression(),
        "Naive Bayes": GaussianNB(),
        "Random forest": RandomForestClassifier(n_estimators=20, random_state=SEED),
    }
    columns = {
        "tumour": [f"tumour {row}" for row in held_out],
        "label": [str(label) for label in malignant[held_out]],
    }
    for name, classifier in classifiers.items():
        classifier.fit(data.data[training], malignant[training])
        columns[name] = probabilities(classifier, data.data[held_out])
    return columns


def digits() -> dict[str, list[str]]:
    """Return the table of handwritten digits: three independent questions, two classifiers."""
    data = load_digits()
    digit = data.target
    training, held_out = split(digit, share=1 / 3)
    questions = {
        "even": digit % 2 == 0,
        "above four": digit > 4,
        "has a loop": np.isin(digit, (0, 6, 8, 9)),
    }
    classifiers = {
        "Logistic regression": logistic_regression(),
        "Nearest neighbours": KNeighborsClassifier(n_neighbors=5),
    }
    columns = {"picture": [f"picture {row}: {with_article(digit[row])}" for row in held_out]}
    for question, answers in questions.items():
        columns[f"label:{question}"] = [str(int(answer)) for answer in answers[held_out]]
    for name, classifier in classifiers.items():
        for question, answers in questions.items():
            classifier.fit(data.data[training], answers[training])
            columns[f"{name}:{question}"] = probabilities(classifier, data.data[held_out])
    return columns


def split(classes: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the row numbers to learn from and, in ascending order, the `share` of them to hold out."""
    rows = np.arange(len(classes))
    training, held_out = train_test_split(rows, test_size=share, stratify=classes, random_state=SEED)
    return training, np.sort(held_out)


def logistic_regression() -> Any:
    """Return a logistic regression whose digits do not depend on the processor: Newton converges fully."""
    return make_pipeline(StandardScaler(), LogisticRegression(solver="newton-cholesky", tol=1e-8))


def probabilities(classifier: Any, features: np.ndarray) -> list[str]:
    """Return the probability of label 1 for every row, as it is written into the file."""
    return [written(float(probability)) for probability in classifier.predict_proba(features)[:, 1]]


def written(probability: float) -> str:
    """Return six significant digits of p or of 1 - p, whichever is smaller.

    Exact 0 and 1 stay, and nothing else becomes 0 or 1: a loss depends on how far p is from the wrong end,
    and 0.999999983 rounded to 1 would turn a large loss into an infinite one.
    """
    if probability <= 0.5:
        return f"{probability:.6g}"
    return str(1 - Decimal(f"{1 - probability:.6g}"))


def with_article(digit: int) -> str:
    """Return "a 7" or "an 8"."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def write(path: Path, columns: Mapping[str, Iterable[str]]) -> None:
    """Write named columns as CSV with the line ends of Unix on every system."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
