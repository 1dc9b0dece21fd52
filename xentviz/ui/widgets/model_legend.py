"""Which colour is whose: a dot and a name for each model, in two lines where one is too short."""

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from xentviz.ui.theme import Theme

Entries = tuple[tuple[str, str], ...]
"""Names and colours."""
EDGE, DOT, BESIDE, APART = 6, 8, 5, 13
"""Pixels before the first dot, across a dot, between a dot and its name, and behind a name."""
MOST_OF_A_NAME = 100
"""Letters that are measured."""


def legend_lines(models: Sequence[tuple[str, str]], worn: Theme, width: int) -> int:
    """Return how many lines a legend has within so many pixels."""
    return len(_lines(tuple(models), worn, width))


def paint_legend(painter: QPainter, models: Sequence[tuple[str, str]], worn: Theme, width: int, height: int) -> None:
    """Paint a legend from the upper left corner on; ``height`` is that of a line."""
    painter.setFont(worn.font(12))
    letters, dot = painter.fontMetrics(), worn.px(DOT)
    for number, line in enumerate(_lines(tuple(models), worn, width)):
        x, top = worn.px(EDGE), number * height
        for name, colour in line:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(QRectF(x, top + (height - dot) / 2, dot, dot))
            painter.setPen(QColor(worn.text))
            x += dot + worn.px(BESIDE)
            wide = letters.horizontalAdvance(name)
            painter.drawText(QRect(x, top, wide + 1, height), Qt.AlignmentFlag.AlignVCenter, name)
            x += wide + worn.px(APART)


@lru_cache(maxsize=8)
def _lines(models: Entries, worn: Theme, width: int) -> tuple[Entries, ...]:
    """Return the entries of each line, with names cut to the room that each has: asked for by every cell below."""
    letters, around = QFontMetrics(worn.font(12)), worn.px(DOT + BESIDE + APART)
    names, free = [name[:MOST_OF_A_NAME] for name, _ in models], width - worn.px(EDGE)
    across = max(1, len(models))
    if sum(letters.horizontalAdvance(name) + around for name in names) > free:
        across = -(-across // 2)
        # In the middle: what tells models apart is often at the end.
        room = free // across - around
        names = [letters.elidedText(name, Qt.TextElideMode.ElideMiddle, room) for name in names]
    entries = tuple((name, colour) for name, (_, colour) in zip(names, models, strict=True))
    return tuple(entries[at : at + across] for at in range(0, len(entries), across)) or ((),)
