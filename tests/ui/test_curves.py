"""ROC, precision–recall and metrics against the threshold: what is drawn, and T dragged along it."""

import gc
from collections.abc import Callable, Iterator

import numpy as np
import pyqtgraph
import pyqtgraph.debug
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPicture
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from sklearn import metrics as sklearn

from ui.documents import EXTREMES, animals, answers, questions, two_models
from ui.hands import SHIFT, click, double_click, drag, hover, key, let_go, press, pull, turn_wheel
from xentviz.core.document import Document
from xentviz.core.goals import Costs, Goal
from xentviz.session import operating
from xentviz.session.session import Session
from xentviz.ui.panels.metrics_along import METRICS, MetricsPanel
from xentviz.ui.panels.operating_panel import OperatingPanel
from xentviz.ui.panels.precision_recall import PrecisionRecallPanel
from xentviz.ui.panels.roc import RocPanel
from xentviz.ui.theme import Look, dress
from xentviz.ui.widgets.operating_picture import Handle, Standing, Trace
from xentviz.ui.widgets.operating_plot import LINE

KINDS = (RocPanel, PrecisionRecallPanel, MetricsPanel)

MakePanel = Callable[..., OperatingPanel]


@pytest.fixture
def panel(qtbot: QtBot, new_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch) -> Iterator[MakePanel]:
    """Return a maker of panels on a document, or on a session: shown, and gone when the test ends."""
    tops: list[QWidget] = []

    def raise_again(*_words: object, **_more: object) -> None:
        raise

    monkeypatch.setattr(pyqtgraph.debug, "printExc", raise_again)
    monkeypatch.setitem(pyqtgraph.CONFIG_OPTIONS, "mouseRateLimit", 0)

    def make(
        kind: type[OperatingPanel],
        of: Document | Session,
        *,
        size: tuple[int, int] = (640, 420),
        theme: str = "light",
        **looks: object,
    ) -> OperatingPanel:
        session = of if isinstance(of, Session) else new_session(of)
        look = Look(theme)
        dress(look.theme)
        if looks:
            session.look(**looks)
        top = QWidget()
        tops.append(top)
        made = kind(session, look)
        QVBoxLayout(top).addWidget(made)
        top.resize(*size)
        top.show()
        top.activateWindow()
        qtbot.waitExposed(top)
        settle(qtbot, made)
        return made

    yield make
    for top in tops:
        top.close()
        top.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    tops.clear()
    gc.collect()


def settle(qtbot: QtBot, made: OperatingPanel) -> None:
    """Wait until the curves have come and are drawn."""
    for _turn in range(2):
        qtbot.waitUntil(lambda: not (made.session.busy or made.will_redraw), timeout=30_000)
        for _event in range(3):
            QApplication.processEvents()


def standing(made: OperatingPanel) -> Standing:
    found = made.plot.shown[0]
    assert found is not None
    return found


def trace(made: OperatingPanel, number: int = 0) -> Trace:
    return standing(made).traces[number]


def handle(made: OperatingPanel, key_of: int = 0) -> Handle:
    return next(handle for handle in made.plot.shown[1].handles if handle.key == key_of)


def at(made: OperatingPanel, x: float, y: float) -> QPoint:
    """Return the pixel of the plot where a place of the axes lies."""
    across, up = made.plot.canvas.pixels(x, y)
    return made.plot.mapFromScene(QPointF(float(across), float(up)))


def of(made: OperatingPanel) -> QWidget:
    return made.plot.viewport()


def random_document(rows: int = 400, seed: int = 0, kind: type[np.floating] = np.float64) -> Document:
    rng = np.random.default_rng(seed)
    labels = (rng.random(rows) < 0.3).astype(int)
    models = {
        name: np.round(np.clip(rng.beta(2, 4, rows) + lift * labels, 0, 1), 2).astype(kind)
        for name, lift in (("A", 0.2), ("B", 0.35))
    }
    return Document.create(labels, models, title="random")


def labels_and_scores(made: OperatingPanel, model: int = 0) -> tuple[np.ndarray, np.ndarray]:
    document = made.session.document
    elements = np.arange(document.elements)
    return document.labels_of(elements), document.scores_of(model, elements)


def confusion(made: OperatingPanel, model: int, threshold: float) -> tuple[int, int, int, int]:
    """Return TN, FP, FN, TP as scikit-learn counts them."""
    labels, scores = labels_and_scores(made, model)
    found = sklearn.confusion_matrix(labels >= 0.5, scores >= scores.dtype.type(threshold), labels=[False, True])
    return tuple(found.ravel().tolist())


# The numbers


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("rows", [400, 10_000])
def test_the_roc_curve_is_scikit_learns(panel: MakePanel, rows: int, kind: type[np.floating]) -> None:
    made = panel(RocPanel, random_document(rows, kind=kind))
    for model in range(2):
        labels, scores = labels_and_scores(made, model)
        fpr, tpr, _ = sklearn.roc_curve(labels, scores, drop_intermediate=False)
        np.testing.assert_allclose(trace(made, model).x, fpr)
        np.testing.assert_allclose(trace(made, model).y, tpr)
        np.testing.assert_allclose(trace(made, model).path_x, fpr)
        assert np.trapezoid(tpr, fpr) == pytest.approx(sklearn.roc_auc_score(labels, scores))
    assert made.title.number.text().startswith("AUC 0.")
    assert float(made.title.number.text().removeprefix("AUC ")) == pytest.approx(
        sklearn.roc_auc_score(*labels_and_scores(made)), abs=6e-4
    )


@pytest.mark.parametrize("rows", [400, 10_000])
def test_precision_and_recall_are_scikit_learns_and_the_steps_have_the_average_precision(
    panel: MakePanel, rows: int
) -> None:
    made = panel(PrecisionRecallPanel, random_document(rows))
    for model in range(2):
        labels, scores = labels_and_scores(made, model)
        precision, recall, _ = sklearn.precision_recall_curve(labels, scores)
        np.testing.assert_allclose(trace(made, model).x, recall[::-1])
        np.testing.assert_allclose(trace(made, model).y[1:], precision[::-1][1:])
        assert np.isnan(trace(made, model).y[0])
        x, y = trace(made, model).path_x, trace(made, model).path_y
        area = float(np.sum(np.diff(x) * y[1:]))
        assert area == pytest.approx(sklearn.average_precision_score(labels, scores))
    assert float(made.title.number.text().removeprefix("AP ")) == pytest.approx(
        sklearn.average_precision_score(*labels_and_scores(made)), abs=6e-4
    )


def test_the_metrics_at_every_threshold_are_scikit_learns(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(MetricsPanel, random_document())
    assert isinstance(made, MetricsPanel)
    for metric in METRICS:
        made.choose(metric.key, True)
    made.session.decide(goal=Goal(costs=Costs(false_negative=5.0)))
    settle(qtbot, made)
    labels, scores = labels_and_scores(made)
    along = {metric.key: trace(made, number) for number, metric in enumerate(METRICS)}
    for point, threshold in enumerate(along["f1"].x):
        said = scores >= threshold if point else np.zeros(len(scores), dtype=bool)
        _tn, fp, fn, _tp = sklearn.confusion_matrix(labels, said).ravel()
        expected = {
            "recall": sklearn.recall_score(labels, said),
            "f1": sklearn.f1_score(labels, said),
            "accuracy": sklearn.accuracy_score(labels, said),
            "predicted": said.mean(),
        }
        if said.any() and not said.all():
            expected["precision"] = sklearn.precision_score(labels, said)
            expected["mcc"] = sklearn.matthews_corrcoef(labels, said)
        for name, value in expected.items():
            assert along[name].y[point] == pytest.approx(value), name
        _low, high = made._cost_range
        assert along["cost"].y[point] * high == pytest.approx((fp + 5 * fn) / len(labels))
    assert np.isnan(along["precision"].y[0])
    assert np.isnan(along["mcc"].y[0])


@pytest.mark.parametrize("threshold", [0.0, 0.29, 0.57, 0.58, 0.3333, 1.0])
@pytest.mark.parametrize("score_kind", [np.float64, np.float32])
@pytest.mark.parametrize("kind", KINDS)
def test_handles_stand_at_the_exact_counts(
    panel: MakePanel, qtbot: QtBot, kind: type[OperatingPanel], threshold: float, score_kind: type[np.floating]
) -> None:
    made = panel(kind, random_document(10_000, kind=score_kind))
    made.session.edit(lambda document: document.with_threshold(threshold), "T")
    settle(qtbot, made)
    for model in range(1 if kind is MetricsPanel else 2):
        tn, fp, fn, tp = confusion(made, model, threshold)
        if kind is RocPanel:
            found = handle(made, model)
            assert (found.x, found.y) == pytest.approx((fp / (fp + tn), tp / (tp + fn)))
        elif kind is PrecisionRecallPanel:
            found = handle(made, model)
            assert found.x == pytest.approx(tp / (tp + fn))
            assert found.hollow == (tp + fp == 0)
            if tp + fp:
                assert found.y == pytest.approx(tp / (tp + fp))
        else:
            assert made.plot.shown[1].line == threshold
            assert handle(made, 1).y == pytest.approx(tp / (tp + fn))


@pytest.mark.parametrize("kind", [PrecisionRecallPanel, MetricsPanel])
def test_another_share_of_yes_weighs_the_counts(panel: MakePanel, qtbot: QtBot, kind: type[OperatingPanel]) -> None:
    made = panel(kind, random_document())
    made.session.decide(prevalence=0.001)
    settle(qtbot, made)
    tn, fp, fn, tp = confusion(made, 0, 0.5)
    hits, alarms = 0.001 * tp / (tp + fn), 0.999 * fp / (fp + tn)
    assert handle(made).y == pytest.approx(hits / (hits + alarms))
    assert "as if 1 in 1\u2009000 were yes" in made.note.text()
    labels, scores = labels_and_scores(made)
    if kind is PrecisionRecallPanel:
        weights = np.where(labels == 1, 0.001 / labels.mean(), 0.999 / (1 - labels.mean()))
        expected = sklearn.average_precision_score(labels, scores, sample_weight=weights)
        assert float(made.title.number.text().removeprefix("AP ")) == pytest.approx(expected, rel=0.02)


def test_another_share_of_yes_leaves_roc(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(RocPanel, random_document())
    before = standing(made)
    made.session.decide(prevalence=0.001)
    settle(qtbot, made)
    assert standing(made) is before
    assert "whatever share is supposed" in made.title.explanation


# The hand


@pytest.mark.parametrize("kind", [RocPanel, PrecisionRecallPanel])
@pytest.mark.parametrize("point", [5, 20, 40])
def test_a_handle_is_dragged_along_its_curve(
    panel: MakePanel, qtbot: QtBot, kind: type[OperatingPanel], point: int
) -> None:
    made = panel(kind, random_document())
    start, goal = handle(made), (trace(made).x[point], trace(made).y[point])
    drag(of(made), at(made, start.x, start.y), at(made, 0.5, 0.5), at(made, *goal))
    settle(qtbot, made)
    assert (handle(made).x, handle(made).y) == pytest.approx(goal, abs=0.006)
    (threshold,) = made.session.document.thresholds
    _tn, fp, fn, tp = confusion(made, 0, threshold)
    assert handle(made).x == pytest.approx(tp / (tp + fn) if kind is PrecisionRecallPanel else fp / (fp + _tn))
    assert made.session.undo_stack.count() == 1
    assert made.session.undo_stack.undoText() == "Move threshold"
    made.session.undo_stack.undo()
    assert made.session.document.thresholds == (0.5,)


@pytest.mark.parametrize("kind", KINDS)
def test_escape_puts_the_threshold_back(panel: MakePanel, qtbot: QtBot, kind: type[OperatingPanel]) -> None:
    made = panel(kind, random_document())
    start = at(made, 0.5, 0.2) if kind is MetricsPanel else at(made, handle(made).x, handle(made).y)
    made.plot.setFocus()
    press(of(made), start)
    pull(of(made), start, at(made, 0.8, 0.4))
    assert made.session.document.thresholds != (0.5,)
    key(Qt.Key.Key_Escape)
    pull(of(made), at(made, 0.8, 0.4), at(made, 0.2, 0.4))
    let_go(of(made), at(made, 0.2, 0.4))
    assert made.session.document.thresholds == (0.5,)


def test_models_share_the_threshold_and_the_one_dragged_is_chosen(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(RocPanel, random_document())
    other = handle(made, 1)
    drag(of(made), at(made, other.x, other.y), at(made, 0.5, 1.0))
    settle(qtbot, made)
    assert made.session.view.model == 1
    assert trace(made, 1).strong
    (threshold,) = made.session.document.thresholds
    for model in range(2):
        tn, fp, fn, tp = confusion(made, model, threshold)
        assert (handle(made, model).x, handle(made, model).y) == pytest.approx((fp / (fp + tn), tp / (tp + fn)))


def test_the_read_out_is_away_while_a_handle_is_dragged(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(RocPanel, random_document())
    start = at(made, handle(made).x, handle(made).y)
    press(of(made), start)
    pull(of(made), start, at(made, 0.3, 0.9))
    settle(qtbot, made)
    assert made.plot.read_out == ""
    let_go(of(made), at(made, 0.3, 0.9))


@pytest.mark.parametrize("x", [0.1, 0.25, 0.9, -0.5, 1.5])
def test_the_line_of_the_metrics_is_dragged(panel: MakePanel, qtbot: QtBot, x: float) -> None:
    made = panel(MetricsPanel, random_document())
    drag(of(made), at(made, 0.5, 0.2), at(made, 0.7, 0.4), at(made, x, 0.3))
    settle(qtbot, made)
    assert made.session.document.thresholds[0] == pytest.approx(min(max(x, 0.0), 1.0), abs=0.006)
    assert made.session.undo_stack.count() == 1


def test_the_line_snaps_to_scores_if_that_is_chosen(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(MetricsPanel, two_models())
    made.session.decide(snapping=True)
    drag(of(made), at(made, 0.5, 0.2), at(made, 0.68, 0.3))
    settle(qtbot, made)
    assert made.session.document.thresholds == (0.6,)


def test_on_a_logit_axis_the_line_is_dragged_to_small_thresholds(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(MetricsPanel, EXTREMES["ten thousand logits"]())
    assert isinstance(made, MetricsPanel)
    click(made.logit)
    settle(qtbot, made)
    assert made.plot.shown[1].line == pytest.approx(0.0)
    drag(of(made), at(made, 0.0, 0.2), at(made, np.log(0.02 / 0.98), 0.3))
    settle(qtbot, made)
    assert made.session.document.thresholds[0] == pytest.approx(0.02, rel=0.05)


@pytest.mark.parametrize(
    ("kind", "pressed", "held", "points"),
    [
        (RocPanel, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (RocPanel, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, -1),
        (RocPanel, Qt.Key.Key_Right, SHIFT, 10),
        (PrecisionRecallPanel, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (PrecisionRecallPanel, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, -1),
        (MetricsPanel, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, -1),
        (MetricsPanel, Qt.Key.Key_Left, SHIFT, 10),
    ],
)
@pytest.mark.parametrize("score_kind", [np.float64, np.float32])
def test_arrow_keys_walk_from_point_to_point(
    panel: MakePanel,
    qtbot: QtBot,
    kind: type[OperatingPanel],
    pressed: Qt.Key,
    held: Qt.KeyboardModifier,
    points: int,
    score_kind: type[np.floating],
) -> None:
    made = panel(kind, random_document(kind=score_kind))
    sweep = made.session.operating.sweep(0)
    said = sum(confusion(made, 0, 0.5)[i] for i in (1, 3))
    here = (sweep.true_positives + sweep.false_positives).tolist().index(said)
    made.plot.setFocus()
    key(pressed, held=held)
    settle(qtbot, made)
    assert made.session.document.thresholds == (sweep.threshold(here + points),)
    assert made.session.undo_stack.count() == 1


@pytest.mark.parametrize(("pressed", "last"), [(Qt.Key.Key_Right, True), (Qt.Key.Key_Left, False)])
def test_arrow_keys_stop_at_the_ends(panel: MakePanel, qtbot: QtBot, pressed: Qt.Key, last: bool) -> None:
    made = panel(RocPanel, two_models())
    made.plot.setFocus()
    for _press in range(3):
        key(pressed, held=SHIFT)
    settle(qtbot, made)
    assert (handle(made).x, handle(made).y) == ((1.0, 1.0) if last else (0.0, 0.0))


@pytest.mark.parametrize("kind", KINDS)
def test_the_read_out_tells_the_nearest_point(panel: MakePanel, qtbot: QtBot, kind: type[OperatingPanel]) -> None:
    made = panel(kind, random_document())
    number = 0 if kind is MetricsPanel else 1
    point = 30
    found = trace(made, number)
    hover(of(made), at(made, float(found.x[point]), float(found.y[point])))
    words = made.plot.read_out
    sweep = made.session.operating.sweep(made.sources[number].model)
    told = next(p for p in range(len(sweep)) if f"T {sweep.threshold(p):.2f}" in words)
    tn, fp, fn, tp = confusion(made, made.sources[number].model, sweep.threshold(told))
    assert f"TP {tp} · FP {fp} · FN {fn} · TN {tn}" in words
    assert abs(told - point) <= 1
    hover(of(made), at(made, 0.5, 0.05 if kind is RocPanel else 0.02))
    QApplication.sendEvent(made.plot, QEvent(QEvent.Type.Leave))
    assert made.plot.read_out == ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_box_or_the_wheel_zooms_and_a_double_click_goes_back(
    panel: MakePanel, qtbot: QtBot, kind: type[OperatingPanel]
) -> None:
    made = panel(kind, random_document())
    view, before = made.plot.getViewBox(), made.plot.getViewBox().viewRange()
    threshold = made.session.document.thresholds
    drag(of(made), at(made, 0.15, 0.3), at(made, 0.4, 0.7))
    (x0, x1), (y0, y1) = view.viewRange()
    assert (x0, x1, y0, y1) == pytest.approx((0.15, 0.4, 0.3, 0.7), abs=0.03)  # pyqtgraph leaves a margin
    assert made.session.document.thresholds == threshold
    assert np.isfinite(made.grab().toImage().width())
    double_click(of(made), at(made, 0.3, 0.5))
    np.testing.assert_allclose(view.viewRange(), before)
    turn_wheel(of(made), 2, at(made, 0.2, 0.4))
    assert view.viewRange()[0][1] - view.viewRange()[0][0] < 1.0
    double_click(of(made), at(made, 0.2, 0.4))
    np.testing.assert_allclose(view.viewRange(), before)


def test_a_zoomed_view_stays_while_the_threshold_moves(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(RocPanel, random_document())
    drag(of(made), at(made, 0.15, 0.3), at(made, 0.4, 0.7))
    zoomed = made.plot.getViewBox().viewRange()
    made.session.edit(lambda document: document.with_threshold(0.3), "T")
    settle(qtbot, made)
    np.testing.assert_allclose(made.plot.getViewBox().viewRange(), zoomed)


def test_a_drag_moves_only_what_follows_the_threshold(panel: MakePanel, qtbot: QtBot) -> None:
    for kind in KINDS:
        made = panel(kind, random_document())
        before = standing(made)
        made.session.edit(lambda document: document.with_threshold(0.3), "T")
        settle(qtbot, made)
        assert standing(made) is before


def test_a_logarithmic_axis_begins_at_one_false_alarm(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(RocPanel, random_document())
    assert isinstance(made, RocPanel)
    click(made.log)
    settle(qtbot, made)
    negatives = made.session.operating.sweep(0).negatives
    assert standing(made).x_range == (pytest.approx(np.log10(0.5 / negatives)), 0.0)
    tn, fp, _fn, _tp = confusion(made, 0, 0.5)
    assert handle(made).x == pytest.approx(np.log10(fp / (fp + tn)))
    assert trace(made).x[0] == standing(made).zero_at
    assert np.isfinite(trace(made).x).all()


def test_metrics_are_chosen_from_a_menu(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(MetricsPanel, random_document())
    assert isinstance(made, MetricsPanel)
    assert [one.name for one in standing(made).traces] == ["precision", "recall", "F1"]
    menu = made.choice.menu()
    menu.aboutToShow.emit()
    ticked = {action.text(): action for action in menu.actions()}
    assert [name for name, action in ticked.items() if action.isChecked()] == ["precision", "recall", "F1"]
    ticked["MCC"].trigger()
    ticked["recall"].trigger()
    settle(qtbot, made)
    assert [one.name for one in standing(made).traces] == ["precision", "F1", "MCC"]
    for name in ("precision", "F1", "MCC"):
        ticked[name].trigger()
    settle(qtbot, made)
    assert standing(made).traces == ()
    drag(of(made), at(made, 0.5, 0.2), at(made, 0.25, 0.3))
    assert made.session.document.thresholds[0] == pytest.approx(0.25, abs=0.01)


# Rows with one answer in many


def test_roc_of_all_categories_asks_for_one(panel: MakePanel) -> None:
    made = panel(RocPanel, animals())
    assert made.empty.isVisible()
    assert made.empty.text() == "Choose a category: a ROC curve sets one against the rest."


def test_of_all_categories_the_share_of_right_decisions_is_drawn(panel: MakePanel) -> None:
    made = panel(PrecisionRecallPanel, answers(300, 4, thresholds=[0.4]))
    document = made.session.document
    p = document.scores_of(0, np.arange(document.elements)).reshape(-1, 4)
    truth = document.truths_of(np.arange(300))
    known = truth >= 0
    decided = known & (p.max(axis=1) >= 0.4)
    right = decided & (p.argmax(axis=1) == truth)
    assert (handle(made).x, handle(made).y) == pytest.approx((right.sum() / known.sum(), right.sum() / decided.sum()))
    assert standing(made).y_title == "right of decided"
    assert made.title.number.text().startswith("macro AP ")


@pytest.mark.parametrize("kind", [RocPanel, PrecisionRecallPanel])
def test_a_category_is_ranked_against_the_rest_and_the_handle_stands_at_the_decisions(
    panel: MakePanel, qtbot: QtBot, kind: type[OperatingPanel]
) -> None:
    made = panel(kind, answers(300, 4, thresholds=[0.4]), category=2)
    document = made.session.document
    p = document.scores_of(0, np.arange(document.elements)).reshape(-1, 4)
    truth = document.truths_of(np.arange(300))
    p, truth = p[truth >= 0], truth[truth >= 0]
    said, yes = (p.argmax(axis=1) == 2) & (p.max(axis=1) >= 0.4), truth == 2
    recall = (said & yes).sum() / yes.sum()
    if kind is RocPanel:
        fpr, tpr, _ = sklearn.roc_curve(yes, p[:, 2], drop_intermediate=False)
        np.testing.assert_allclose(trace(made).x, fpr)
        np.testing.assert_allclose(trace(made).y, tpr)
        area = sklearn.roc_auc_score(yes, p[:, 2])
        expected = ((said & ~yes).sum() / (~yes).sum(), recall)
    else:
        _, found, _ = sklearn.precision_recall_curve(yes, p[:, 2])
        np.testing.assert_allclose(trace(made).x, found[::-1])
        area = sklearn.average_precision_score(yes, p[:, 2])
        expected = (recall, (said & yes).sum() / said.sum())
    assert float(made.title.number.text().split()[1]) == pytest.approx(area, abs=6e-4)
    assert (handle(made).x, handle(made).y) == pytest.approx(expected)
    assert "dotted: what T decides" in made.note.text()
    assert trace(made, 1).faint
    goal = float(trace(made, 1).x[-1]), float(trace(made, 1).y[-1])
    drag(of(made), at(made, handle(made).x, handle(made).y), at(made, *goal))
    settle(qtbot, made)
    assert (handle(made).x, handle(made).y) == pytest.approx(goal, abs=0.01)


def test_thresholds_of_each_category_move_apart(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(RocPanel, EXTREMES["three thresholds"](), category=1)
    made.plot.setFocus()
    key(Qt.Key.Key_Right)
    settle(qtbot, made)
    assert [t == 0.5 for t in made.session.document.thresholds] == [True, False, True]


def test_categories_together_have_their_mean_area(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(RocPanel, questions())
    assert made.title.number.text() == "macro AUC 1"
    assert "2 of 2 categories" in made.title.number.toolTip()


# Whatever there is


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", EXTREMES)
def test_every_document_is_drawn_or_said_why_not(
    panel: MakePanel, qtbot: QtBot, kind: type[OperatingPanel], name: str
) -> None:
    made = panel(kind, EXTREMES[name](), size=(420, 260))
    assert made.plot.isVisible() != made.empty.isVisible()
    assert made.plot.isVisible() or made.empty.text()
    for switch in ("log", "logit"):
        if hasattr(made, switch):
            getattr(made, switch).setChecked(True)
    if isinstance(made, MetricsPanel):
        for metric in METRICS:
            made.choose(metric.key, True)
    for prevalence in (0.0, 0.01, 1.0):
        made.session.decide(prevalence=prevalence)
        settle(qtbot, made)
    for category in (None, len(made.session.document.categories) - 1):
        made.session.look(category=category)
        settle(qtbot, made)
        assert not made.grab().isNull()
        if made.plot.isVisible():
            hover(of(made), made.plot.rect().center())
            made.plot.setFocus()
            for pressed in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
                key(pressed, held=SHIFT)
            drag(of(made), made.plot.rect().center(), QPoint(90, 40))
            settle(qtbot, made)


@pytest.mark.parametrize(
    ("kind", "labels", "words"),
    [
        (RocPanel, [1, 1], "rows that are yes and rows that are no"),
        (RocPanel, [0, 0], "rows that are yes and rows that are no"),
        (PrecisionRecallPanel, [0, 0], "at least one row that is yes"),
        (RocPanel, [np.nan, np.nan], "No row has both a label and a score"),
        (MetricsPanel, [np.nan, np.nan], "No row has both a label and a score"),
    ],
)
def test_what_is_missing_is_said(panel: MakePanel, kind: type[OperatingPanel], labels: list[float], words: str) -> None:
    made = panel(kind, Document.create(labels, {"A": [0.2, 0.7]}))
    assert words in made.empty.text()


@pytest.mark.parametrize("kind", [RocPanel, PrecisionRecallPanel])
def test_an_area_that_is_not_defined_is_a_dash_with_its_reason(panel: MakePanel, kind: type[OperatingPanel]) -> None:
    made = panel(kind, EXTREMES["all labels one"]())
    assert made.title.number.text().endswith("—")
    assert made.title.number.toolTip().startswith("Not defined")


def test_a_curve_comes_when_a_label_does(panel: MakePanel, qtbot: QtBot) -> None:
    made = panel(RocPanel, Document.create([1, 1], {"A": [0.2, 0.7]}))
    assert made.empty.isVisible()
    made.session.edit(lambda document: document.with_labels(np.array([0]), 0.0), "label")
    settle(qtbot, made)
    assert made.plot.isVisible()
    assert trace(made).x.tolist() == [0.0, 0.0, 1.0]


def test_curves_that_are_counted_in_the_background_come(
    panel: MakePanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operating, "FEW", 1)
    made = panel(RocPanel, answers(300, 4), category=1)
    assert made.plot.isVisible()
    assert len(standing(made).traces) == 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", ["dark", "projector"])
def test_a_panel_is_dressed_anew(panel: MakePanel, qtbot: QtBot, kind: type[OperatingPanel], theme: str) -> None:
    made = panel(kind, random_document())
    made.look.wear(theme)
    settle(qtbot, made)
    assert trace(made).colour == made.look.theme.models[0]
    assert made.plot.grab().toImage().pixelColor(2, 2).name() == made.look.theme.surface
    made.look.wear("light")


@pytest.mark.parametrize("kind", KINDS)
def test_panels_have_names_and_say_where_they_stand(panel: MakePanel, kind: type[OperatingPanel]) -> None:
    made = panel(kind, random_document())
    assert made.plot.accessibleName() == made.title.text
    assert made.plot.accessibleDescription().startswith("T 0.50")
    assert len(made.title.explanation) > 300


@pytest.mark.parametrize("kind", KINDS)
def test_a_panel_can_be_small(panel: MakePanel, qtbot: QtBot, kind: type[OperatingPanel]) -> None:
    made = panel(kind, EXTREMES["eight models"](), size=(200, 190), theme="projector")
    assert made.plot.canvas.frame.height() > 20
    for size in ((900, 600), (200, 190)):
        made.window().resize(*size)
        settle(qtbot, made)
        assert made.plot.getAxis("bottom").label.isVisible() == (size == (900, 600))
        hover(of(made), made.plot.rect().center())


def test_what_is_painted_has_few_points(panel: MakePanel) -> None:
    rng = np.random.default_rng(0)
    made = panel(PrecisionRecallPanel, Document.create(rng.integers(0, 2, 20_000), {"A": rng.random(20_000)}))
    assert len(trace(made).x) > 1_500
    assert max(len(x) for x, _ in made.plot.canvas.paths) <= 610


def test_an_export_is_drawn_with_lines(panel: MakePanel) -> None:
    made = panel(RocPanel, random_document())
    picture = QPicture()
    painter = QPainter(picture)
    made.plot.scene().render(painter)
    painter.end()
    image = QImage(made.plot.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    made.plot.scene().render(painter, QRectF(image.rect()), QRectF(image.rect()))
    painter.end()
    here = at(made, handle(made).x, handle(made).y)
    assert image.pixelColor(here).name() == trace(made).colour
    pixels_of_a_picture = made.plot.width() * made.plot.height() * 4
    assert picture.size() < pixels_of_a_picture / 10


def test_the_line_is_found_by_its_own_key(panel: MakePanel) -> None:
    made = panel(MetricsPanel, two_models())
    x, y = made.plot.canvas.pixels(0.5, 0.1)
    assert made.plot.key_at(QPointF(float(x), float(y))) == LINE
    assert made.plot.key_at(QPointF(float(x) + 40, float(y))) is None
