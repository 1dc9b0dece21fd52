"""A number under its name, that can be chosen."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from xentviz.ui.theme import Look

LONGEST = "−0.000"
"""Of the usual numbers; a read-out has room for it."""


class ReadOut(QAbstractButton):
    """Painted by itself: a label would have the window laid out anew at every number."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.name = self.value = ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing below it need be painted

    def show_number(self, name: str, value: str, tip: str) -> None:
        """Show a number and its name; ``tip`` tells what it is."""
        if name != self.name:
            self.name = name
            self.updateGeometry()
            self.update()
        if value != self.value:
            self.value = value
            self.setAccessibleName(f"{name}: {value}")
            self.update()
        self.setToolTip(tip)

    def sizeHint(self) -> QSize:
        worn = self._look.theme
        name, value = QFontMetrics(worn.font(12)), QFontMetrics(worn.font(14, bold=True))
        widths = (name.horizontalAdvance(self.name), value.horizontalAdvance(LONGEST))
        return QSize(max(widths) + worn.px(8), worn.px(40))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn = self._look.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(worn.surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(worn.selection if self.isChecked() else worn.chosen))
            painter.drawRoundedRect(box, worn.px(6), worn.px(6))
        if self.hasFocus():
            painter.setPen(QPen(QColor(worn.text), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, worn.px(6), worn.px(6))
        half = box.height() / 2
        painter.setFont(worn.font(12))
        painter.setPen(QColor(worn.text if self.isChecked() else worn.muted))
        centre = Qt.AlignmentFlag.AlignCenter
        painter.drawText(box.adjusted(0, worn.px(2), 0, -half), centre, self.name)
        painter.setFont(worn.font(14, bold=True))
        painter.setPen(QColor(worn.text))
        painter.drawText(box.adjusted(0, half - worn.px(2), 0, -worn.px(2)), centre, self.value)
