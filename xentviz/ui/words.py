"""Counted things in words: one row, two rows."""

from PySide6.QtCore import QCoreApplication

from xentviz.ui.numbers import count_text

translate = QCoreApplication.translate


def counted_rows(count: int) -> str:
    """Return "1 row", "2 rows" …"""
    return _counted(count, translate("words", "1 row"), translate("words", "{count} rows"))


def counted_models(count: int) -> str:
    """Return "1 model", "2 models" …"""
    return _counted(count, translate("words", "1 model"), translate("words", "{count} models"))


def told(error: Exception) -> str:
    """Return the sentence for an error, or for a note, in the reader's language."""
    from xentviz.ui.messages import sentence  # seldom needed, and not for the first picture

    return sentence(error, lambda text: translate("messages", text))


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count=count_text(count))
