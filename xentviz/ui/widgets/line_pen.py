"""The pens of lines that are told apart without colours: solid, or of dashes."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

Line = Qt.PenStyle | tuple[float, ...]
"""A kind of line that Qt has a name for, or how long dashes and gaps are by turns, in widths of the line."""


def line_pen(colour: QColor, width: float, line: Line) -> QPen:
    """Return the pen of a line.

    >>> line_pen(QColor("black"), 2.0, (12.0, 3.0)).dashPattern()
    [12.0, 3.0]
    """
    if isinstance(line, Qt.PenStyle):
        return QPen(colour, width, line)
    pen = QPen(colour, width)
    pen.setDashPattern(line)
    return pen
