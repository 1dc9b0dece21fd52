"""What one line of the table shows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """Of a line about a row with one answer in many: its categories, by name.

    Attributes
    ----------
    truth : str
        The true category, of a soft label the largest; empty where there is no label.
    parts : tuple of (str, float)
        What a label that is spread over several categories gives to each of them; else empty.
    decided : str
        The category decided for; empty where there is none.
    largest : float
        The largest probability, nan without scores.
    """

    truth: str
    parts: tuple[tuple[str, float], ...]
    decided: str
    largest: float


@dataclass(frozen=True)
class Line:
    """One line of the table: an element and its numbers; losses in nats.

    Of a row with one answer in many the element is its first, and the numbers are those of its true category or of
    the one looked at. ``shares`` say how full the bars of the scores are: nan, of logits, has none.
    """

    element: int
    name: str
    category: str
    label: float
    scores: tuple[float, ...]
    shares: tuple[float, ...]
    score_texts: tuple[str, ...]
    probability: float
    decision: bool | None
    wrong: bool
    loss: float
    gradient: float
    answer: Answer | None = None
