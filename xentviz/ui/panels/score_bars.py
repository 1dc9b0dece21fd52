"""How many scores lie in each hundredth, of the category looked at or of all of them."""

import numpy as np

from xentviz.core.counts import Integers
from xentviz.core.document import Document
from xentviz.core.evaluation import ModelResults, Results
from xentviz.core.told import one_answer
from xentviz.session.view import View
from xentviz.ui.widgets.threshold_slider import BINS

EDGES = np.arange(BINS + 1) / BINS


def count_ahead(view: View, results: Results) -> None:
    """Count the bars of new results, so that drawing finds them counted."""
    view = view.within(results.document)
    if results.models:
        bars(results.document, view, results.models[view.model])


def bars(document: Document, view: View, numbers: ModelResults | None) -> tuple[Integers, Integers]:
    """Return how many rows stand up and hang down in each bar."""
    chosen = view.category
    if numbers is None:
        return np.zeros(BINS, dtype=np.int64), np.zeros(BINS, dtype=np.int64)
    if one_answer(document):
        _, right, wrong = (numbers if chosen is None else numbers.only(chosen)).answers(EDGES)
        return right, wrong
    return numbers.histogram(EDGES, range(len(document.categories)) if chosen is None else range(chosen, chosen + 1))
