"""How a cell of the table is painted, and edited: a number with a bar below it, a line to type in."""

import math

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from xentviz.ui.panels.line import Line
from xentviz.ui.panels.table_model import TableModel
from xentviz.ui.theme import Look, Theme
from xentviz.ui.widgets.labels import plain_tip, set_tone

Index = QModelIndex | QPersistentModelIndex
SELECTED, FOCUSED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_HasFocus.value
"""As whole numbers: Python's flags are combined so slowly that it is felt in every cell."""


class CellDelegate(QStyledItemDelegate):
    """Paints every cell of the table."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self.largest_loss = 0.0
        self.model_shown = 0
        self._fonts: tuple[Theme, QFont, QFont] | None = None

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, TableModel)
        line, key, worn = model.line(index.row()), model.columns[index.column()], self._look.theme
        painter.save()
        self._paint_background(painter, option, line)
        inner = option.rect.adjusted(worn.px(6), 0, -worn.px(6), 0)
        bar = self._bar(line, key)
        if bar is not None:
            below = QRectF(inner.left(), inner.bottom() - worn.px(6), inner.width(), worn.px(3))
            self._paint_bar(painter, below, *bar)
            inner.setBottom(inner.bottom() - worn.px(4))
        painter.setPen(QColor(self._colour(line, key)))
        painter.setFont(self._font(bold=key == "label"))
        names_category = line.answer is not None and key in ("label", "decision")
        mode = Qt.TextElideMode.ElideMiddle if names_category else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(model.text(line, key), mode, inner.width())
        painter.drawText(inner, int(model.alignment(key)), text)
        painter.restore()

    def _font(self, *, bold: bool) -> QFont:
        """Return the font of a cell; asking the theme for each of them would cost a fifth of their painting."""
        if self._fonts is None or self._fonts[0] is not self._look.theme:
            worn = self._look.theme
            self._fonts = (worn, worn.font(14), worn.font(14, bold=True))
        return self._fonts[2] if bold else self._fonts[1]

    def _paint_background(self, painter: QPainter, option: QStyleOptionViewItem, line: Line) -> None:
        worn, state = self._look.theme, option.state.value
        if state & SELECTED:
            painter.fillRect(option.rect, QColor(worn.selection))
        elif line.wrong:
            painter.fillRect(option.rect, QColor(worn.wrong))
        if state & FOCUSED:
            painter.setPen(QColor(worn.accent))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))

    def _bar(self, line: Line, key: str) -> tuple[float, str] | None:
        """Return the filled share and the colour of a cell's bar, None if it has none."""
        worn = self._look.theme
        if key.startswith("score:"):
            share = line.shares[int(key[6:])]
            return None if math.isnan(share) else (share, worn.label(line.label))
        if key == "loss" and not math.isnan(line.loss):
            if math.isinf(line.loss):
                return 1.0, worn.alert
            return (line.loss / self.largest_loss if self.largest_loss else 0.0), worn.label_0
        return None

    def _paint_bar(self, painter: QPainter, rect: QRectF, share: float, colour: str) -> None:
        painter.fillRect(rect, QColor(self._look.theme.track))
        rect.setWidth(rect.width() * min(1.0, share))
        painter.fillRect(rect, QColor(colour))

    def _colour(self, line: Line, key: str) -> str:
        worn = self._look.theme
        if key == "label" and not math.isnan(line.label):
            return worn.label(line.label)
        if key == "loss" and math.isinf(line.loss):
            return worn.alert
        if key.startswith("score:") and int(key[6:]) != self.model_shown:
            return worn.muted
        return worn.text

    # Editing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFont(self._look.theme.font())
        editor.setAlignment(Qt.AlignmentFlag(int(index.data(Qt.ItemDataRole.TextAlignmentRole))))
        place = QPersistentModelIndex(index)
        editor.textEdited.connect(lambda text: self._judge(editor, place, text))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Keep the editor open on Enter or Tab while something is wrong with what it holds."""
        closing = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in closing
        if pressed and isinstance(editor, QLineEdit) and editor.property("wrong"):
            self._say(editor, str(editor.toolTip()))
            return True
        return super().eventFilter(editor, event)

    def _judge(self, editor: QLineEdit, place: QPersistentModelIndex, text: str) -> None:
        model = place.model()
        if not isinstance(model, TableModel):
            return
        objection = plain_tip(model.objection(place, text))
        set_tone(editor, "wrong", bool(objection))
        editor.setToolTip(objection)
        if objection:
            self._say(editor, objection)
        else:
            QToolTip.hideText()

    def _say(self, editor: QLineEdit, words: str) -> None:
        QToolTip.showText(editor.mapToGlobal(QPoint(0, editor.height())), words, editor)
