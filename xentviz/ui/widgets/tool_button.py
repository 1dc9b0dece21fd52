"""A button with a short text, which its tool tip and accessible name say in full."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton


def tool_button(text: str, tip: str, *, checkable: bool = False) -> QToolButton:
    """Return such a button."""
    button = QToolButton()
    make_tool_button(button, text, tip)
    button.setCheckable(checkable)
    return button


def make_tool_button(button: QToolButton, text: str, tip: str) -> None:
    """Let a button look and behave like one."""
    button.setProperty("kind", "button")  # Qt’s own dialogs have tool buttons too, and keep their style
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # a click on it takes what is being typed elsewhere
