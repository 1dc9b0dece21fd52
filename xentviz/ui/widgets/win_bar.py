"""A bar of who has the lower loss how often, and a model's name behind its dot."""

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import plain_tip
from xentviz.ui.words import cut

STYLES = (Qt.BrushStyle.NoBrush, Qt.BrushStyle.NoBrush, Qt.BrushStyle.BDiagPattern)
"""Of the parts of the bar of wins."""


class WinBar(QWidget):
    """One bar: the share of the rows in which the first has the lower loss, of equal losses, and the second's."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._counts: tuple[int, int, int] = (0, 0, 0)
        self._colours = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_wins(self, counts: tuple[int, int, int], colours: tuple[str, str]) -> None:
        """Show rows won by the first, by neither, and by the second."""
        if (counts, colours) != (self._counts, self._colours):
            self._counts, self._colours = counts, colours
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(120), self._look.theme.px(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, total = self._look.theme, max(1, sum(self._counts))
        painter = QPainter(self)
        left = 0.0
        colours = (self._colours[0], worn.track, self._colours[1])
        for count, colour, style in zip(self._counts, colours, STYLES, strict=True):
            box = QRectF(left, 0, self.width() * count / total, self.height())
            painter.fillRect(box, QColor(colour))
            if style is not Qt.BrushStyle.NoBrush:  # so that colour does not tell it alone
                shade = QColor(worn.surface)
                shade.setAlphaF(0.45)
                painter.fillRect(box, QBrush(shade, style))
            left = box.right()
        painter.setPen(QPen(QColor(worn.text), worn.px(1.5)))
        painter.drawLine(QLineF(self.width() / 2, 0, self.width() / 2, self.height()))


class DottedName(QWidget):
    """A model's name behind its dot, or words without one; cut where there is no room."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._name, self._colour = look, "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_name(self, name: str, colour: str) -> None:
        """Show a name; without a colour there is no dot."""
        if (name, colour) != (self._name, self._colour):
            self._name, self._colour = name, colour
            self.setToolTip(plain_tip(name))
            self.setAccessibleName(name)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(90), self._look.theme.px(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._look.theme.px(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, middle = self._look.theme, self.height() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0
        if self._colour:
            left = worn.px(14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._colour))
            painter.drawEllipse(QPointF(worn.px(4), middle), worn.px(4), worn.px(4))
        font = worn.font(12, bold=bool(self._colour))
        painter.setFont(font)
        painter.setPen(QColor(worn.text if self._colour else worn.muted))
        box = QRectF(left, 0, self.width() - left, self.height())
        text = QFontMetricsF(font).elidedText(cut(self._name, 60), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
