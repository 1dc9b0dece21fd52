"""A button with a short text, which its tool tip and accessible name say in full."""

from PySide6.QtWidgets import QToolButton


def tool_button(text: str, tip: str, *, checkable: bool = False) -> QToolButton:
    """Return such a button."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setCheckable(checkable)
    return button
