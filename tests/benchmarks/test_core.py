"""The loss core at ten million elements: ratios to PyTorch, scikit-learn and NumPy, taken alternately on one run."""

import math
import statistics
import time
import tracemalloc

import numpy as np
import pytest

from xentviz import core
from xentviz.core.calibration import reliability
from xentviz.core.document import Document
from xentviz.core.evaluation import evaluate
from xentviz.core.passes import areas_of

ROWS = 10_000_000
PAIRS = 7


@pytest.fixture(scope="module")
def arrays():
    rng = np.random.default_rng(0)
    return {
        "hard": rng.integers(0, 2, ROWS).astype(np.float64),
        "soft": rng.random(ROWS),
        "p": rng.random(ROWS),
        "z": rng.normal(0, 4, ROWS),
        "rows": rng.normal(0, 3, (ROWS // 10, 10)),
        "numbers": rng.integers(0, 10, ROWS // 10),
    }


@pytest.fixture
def compared(benchmark, capsys):
    """Return a function that prints how many times as long another function takes as ours, and its bar."""

    def compare(name, ours, other, peer, bar, pairs=PAIRS):
        peer()
        peers = []

        def time_the_peer():
            begun = time.perf_counter()
            peer()
            peers.append(time.perf_counter() - begun)

        benchmark.pedantic(ours, setup=time_the_peer, rounds=pairs, warmup_rounds=1)
        own = benchmark.stats.stats.data
        ratio = statistics.median(b / a for a, b in zip(own, peers[-len(own) :], strict=True))
        figures = f"{1000 * statistics.median(own):8.1f} ms, {other} {1000 * statistics.median(peers):8.1f} ms"
        with capsys.disabled():
            print(f"\n{name:<34} {figures}: ratio {ratio:6.2f} (bar: {bar})", end="")

    return compare


@pytest.fixture
def torch(arrays):
    torch = pytest.importorskip("torch")
    torch.arrays = {name: torch.from_numpy(array) for name, array in arrays.items()}
    return torch


def naive(labels, p):
    return -np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p))


class TestMeanBinaryCrossEntropy:
    def test_of_hard_labels_against_pytorch(self, arrays, compared, torch):
        y, p = torch.arrays["hard"], torch.arrays["p"]
        compared(
            "mean, hard labels",
            lambda: core.mean_binary_cross_entropy(arrays["hard"], arrays["p"]),
            "PyTorch",
            lambda: torch.nn.functional.binary_cross_entropy(p, y),
            5,
        )

    def test_of_hard_labels_against_scikit_learn(self, arrays, compared):
        log_loss = pytest.importorskip("sklearn.metrics").log_loss
        compared(
            "mean, hard labels",
            lambda: core.mean_binary_cross_entropy(arrays["hard"], arrays["p"]),
            "scikit-learn",
            lambda: log_loss(arrays["hard"], arrays["p"]),
            30,
            pairs=3,
        )

    def test_of_hard_labels_against_the_naive_form(self, arrays, compared):
        compared(
            "mean, hard labels",
            lambda: core.mean_binary_cross_entropy(arrays["hard"], arrays["p"]),
            "naive NumPy",
            lambda: naive(arrays["hard"], arrays["p"]),
            "none",
        )

    @pytest.mark.parametrize("labels", ["hard", "soft"])
    def test_is_within_a_1e_13th_of_the_exact_sum(self, arrays, labels):
        exact = math.fsum(core.binary_cross_entropy(arrays[labels], arrays["p"]).tolist()) / ROWS
        assert core.mean_binary_cross_entropy(arrays[labels], arrays["p"]) == pytest.approx(exact, rel=1e-13)

    def test_of_soft_labels_against_pytorch(self, arrays, compared, torch):
        y, p = torch.arrays["soft"], torch.arrays["p"]
        compared(
            "mean, soft labels",
            lambda: core.mean_binary_cross_entropy(arrays["soft"], arrays["p"]),
            "PyTorch",
            lambda: torch.nn.functional.binary_cross_entropy(p, y),
            1,
        )


@pytest.mark.parametrize("labels", ["hard", "soft"])
class TestElements:
    def test_from_probabilities_against_pytorch(self, arrays, compared, torch, labels):
        y, p = torch.arrays[labels], torch.arrays["p"]
        compared(
            f"mean of each loss, {labels} labels",
            lambda: core.reduce(core.binary_cross_entropy(arrays[labels], arrays["p"])),
            "PyTorch",
            lambda: torch.nn.functional.binary_cross_entropy(p, y),
            1,
        )

    def test_from_logits_against_pytorch(self, arrays, compared, torch, labels):
        y, z = torch.arrays[labels], torch.arrays["z"]
        compared(
            f"from logits, {labels} labels",
            lambda: core.reduce(core.binary_cross_entropy_with_logits(arrays[labels], arrays["z"])),
            "PyTorch",
            lambda: torch.nn.functional.binary_cross_entropy_with_logits(z, y),
            1,
        )


def test_categorical_from_logits_against_pytorch(arrays, compared, torch):
    y, z = torch.arrays["numbers"], torch.arrays["rows"]
    compared(
        "categorical, 1 million × 10, logits",
        lambda: core.reduce(core.categorical_cross_entropy_with_logits(arrays["numbers"], arrays["rows"])),
        "PyTorch",
        lambda: torch.nn.functional.cross_entropy(z, y),
        1,
    )


def test_softmax_against_pytorch(arrays, compared, torch):
    z = torch.arrays["rows"]
    compared(
        "softmax, 1 million × 10",
        lambda: core.softmax(arrays["rows"]),
        "PyTorch",
        lambda: torch.nn.functional.softmax(z, dim=-1),
        "none",
    )


@pytest.fixture(scope="module")
def document(arrays):
    return Document.create(arrays["hard"], {"A": arrays["p"]})


class TestWholeEvaluation:
    EDGES = np.linspace(0, 1, 51)

    def everything(self, document):
        model = evaluate(document).models[0]
        model.histogram(self.EDGES, range(1))
        reliability(model.positives(0), model.negatives(0))
        return model.mean_loss, [model.counts(0, t) for t in np.linspace(0, 1, 101)]

    def test_takes_a_fraction_of_a_second(self, document, benchmark, capsys):
        benchmark.pedantic(self.everything, args=(document,), rounds=PAIRS, warmup_rounds=1)
        with capsys.disabled():
            seconds = benchmark.stats.stats.median
            print(f"\n{'evaluation with 101 thresholds':<34} {seconds:8.3f} s (bar: 0.6)", end="")

    def test_needs_little_memory_beside_the_scores(self, document, capsys):
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        evaluate(document)
        peak = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()
        with capsys.disabled():
            print(f"\n{'peak memory of an evaluation':<34} {peak / (8 * ROWS):.2f} times the scores (bar: 1.2)", end="")

    def test_areas_against_one_sort_of_the_scores_and_one_pass(self, arrays, document, compared):
        results = evaluate(document)
        found = areas_of(results, 0)[0]

        def sort_and_pass():
            np.sort(arrays["p"])
            arrays["p"].sum()

        compared(
            "AUC and average precision, exact",
            lambda: areas_of(results, 0)[0],
            "sort and sum",
            sort_and_pass,
            "1 / 1.5 = 0.67",
        )
        assert 0.49 < found.roc_auc < 0.51
