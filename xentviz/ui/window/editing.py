"""Commands that change models and loss settings."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject

from xentviz.core.arguments import Floats
from xentviz.core.columns import Column
from xentviz.core.document import Document, LossReduction, ScoreKind, Unit
from xentviz.session.session import Session
from xentviz.ui.panels.answers import doubt


class Editing(QObject):
    """Each method is one step to undo."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session

    def set_unit(self, unit: Unit) -> None:
        """Show losses in another unit."""
        self._session.edit(
            lambda document: document.with_settings(replace(document.settings, unit=unit)),
            self.tr("Change unit"),
        )

    def set_reduction(self, reduction: LossReduction) -> None:
        """Show the mean of the losses, or their sum."""
        self._session.edit(
            lambda document: document.with_settings(replace(document.settings, reduction=reduction)),
            self.tr("Change reduction"),
        )

    def add_model(self) -> None:
        """Add a model that knows nothing, one half of everything or each category alike, and choose it."""
        document = self._session.document
        half = np.full((document.rows, len(document.categories)), doubt(document))
        name = _free_name(document, self.tr("Model {number}"), len(document.models) + 1)
        self._insert(name, ScoreKind.PROBABILITY, half, len(document.models), self.tr("Add model"))

    def duplicate_model(self) -> None:
        """Add a copy of the chosen model after it, and choose the copy."""
        document, at = self._session.document, self._session.view.model
        if document.models:
            source = document.models[at]
            name = _free_name(document, _literally(source.name) + self.tr(", copy {number}"), 1)
            self._insert(name, source.kind, source.scores, at + 1, self.tr("Duplicate model"))

    def delete_model(self) -> None:
        """Delete the chosen model."""
        at = self._session.view.model
        if self._session.document.models:
            self._session.edit(lambda document: document.without_model(at), self.tr("Delete model"))

    def _insert(self, name: str, kind: ScoreKind, scores: Column | Floats, at: int, text: str) -> None:
        self._session.edit(lambda document: document.with_model(name, kind, scores, at), text)
        self._session.look(model=at)


def _free_name(document: Document, pattern: str, number: int) -> str:
    """Return the pattern with the first number from this one on that no model has."""
    taken = {model.name for model in document.models}
    while pattern.format(number=number) in taken:
        number += 1
    return pattern.format(number=number)


def _literally(text: str) -> str:
    """Return a text that ``str.format`` leaves as it is."""
    return text.replace("{", "{{").replace("}", "}}")
