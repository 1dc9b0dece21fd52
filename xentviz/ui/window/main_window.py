"""The window: menus and bars around the panels, and nothing of its own to know."""

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QProgressBar,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from xentviz import __version__
from xentviz.choices import THEMES, WORKSPACES
from xentviz.core.document import Task
from xentviz.files.opened import Doubtful, Opened
from xentviz.files.pasted import read_pasted
from xentviz.files.scenes import read_scene
from xentviz.paths import resource
from xentviz.session.recovery import Recovery
from xentviz.session.saving import Saving, data_folder
from xentviz.session.session import Session
from xentviz.ui.numbers import count_text
from xentviz.ui.panels.explore import ExplorePanel
from xentviz.ui.panels.panel import Panel
from xentviz.ui.panels.scoreboard import Scoreboard
from xentviz.ui.panels.table_panel import TablePanel
from xentviz.ui.panels.threshold_bar import ThresholdBar
from xentviz.ui.panels.working import WorkingPanel
from xentviz.ui.theme import Look
from xentviz.ui.widgets.labels import label
from xentviz.ui.widgets.message_bar import MessageBar
from xentviz.ui.widgets.tool_button import tool_button
from xentviz.ui.window.actions import add_commands
from xentviz.ui.window.commands import commands, menus
from xentviz.ui.window.editing import Editing
from xentviz.ui.window.exports import Exports
from xentviz.ui.window.opening import Opening
from xentviz.ui.window.reports import Reports
from xentviz.ui.window.saving import Keeping
from xentviz.ui.window.top_bar import TopBar
from xentviz.ui.words import counted_models, counted_rows, told

if TYPE_CHECKING:
    from xentviz.ui.window.compare_pages import ComparePages
    from xentviz.ui.window.compare_workspace import CompareWorkspace
    from xentviz.ui.window.threshold_workspace import ThresholdWorkspace

EXPLORE, THRESHOLD, COMPARE = map(WORKSPACES.index, ("explore", "threshold", "compare"))

WIDTHS = ([660, 730], [404, 986], [404, 986])
"""Of the table and of each workspace: beside two large panels, and beside many small ones."""

UNLIMITED = (1 << 24) - 1
"""The greatest height that Qt gives a widget."""


class MainWindow(QMainWindow):
    """Shows one session."""

    def __init__(self, session: Session, look: Look) -> None:
        super().__init__()
        self.session, self.look = session, look
        session.setParent(self)
        self.scoreboard = Scoreboard(session, look)
        self.table = TablePanel(session, look)
        self.working = WorkingPanel(session, look)
        self.explore = ExplorePanel(session, look)
        self.threshold_bar = ThresholdBar(session, look)
        self.editing = Editing(session, self)
        self.exports = Exports(session)
        self.opening = Opening(session, look, self)
        self.reports = Reports(session, self.opening.files, self.opening.is_edited)
        self.message = MessageBar()
        self.saving = Saving(session, self)
        self.recovery = Recovery(self.saving, data_folder() / "recovery", self)
        self.workspaces = QTabWidget()
        self._sizes, self._shown_workspace = list(WIDTHS), 0
        self.setAcceptDrops(True)
        self.setMinimumSize(720, 480)
        made = menus(self)
        self.actions_by_name = add_commands(self, made, commands(self))
        for name in ("samples", "scenes", "export"):
            made["file"].insertMenu(self.actions_by_name["report"], made[name])
        made["file"].insertSeparator(self.actions_by_name["quit"])
        made["file"].insertMenu(self.actions_by_name["save"], made["recent"])
        made["file"].insertSeparator(self.actions_by_name["save"])
        self.top_bar = TopBar(session, look, self.actions_by_name)
        self._set_up_status()
        self._connect()
        self.keeping = Keeping(self)
        made["recent"].aboutToShow.connect(partial(self.keeping.list_recent, made["recent"]))
        self._lay_out()
        self._show_title()
        self.explore.loss_plot.setFocus()
        self._show_workspace()

    def _lay_out(self) -> None:
        self.workspaces.addTab(self.explore, self.tr("Explore"))
        self.workspaces.addTab(QWidget(), self.tr("Threshold"))
        self.workspaces.addTab(QWidget(), self.tr("Compare"))
        self.workspaces.setDocumentMode(True)
        self.workspaces.currentChanged.connect(self._on_workspace)
        self.table.below.addWidget(self.working)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self._framed(self.workspaces))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(10)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes(WIDTHS[0])
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(16, 4, 16, 0)
        layout.setSpacing(10)
        for widget in (self.top_bar, self.keeping.offer, self.keeping.question, self.message, self.scoreboard):
            layout.addWidget(widget)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.threshold_bar)
        self.setCentralWidget(centre)

    def _framed(self, inside: QWidget) -> QWidget:
        frame = QWidget()
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inside)
        return frame

    @cached_property
    def threshold(self) -> "ThresholdWorkspace":
        """The Threshold workspace, made when it is first asked for: the window opens without it."""
        from xentviz.ui.window.threshold_workspace import ThresholdWorkspace

        page = ThresholdWorkspace(self.session, self.look, self.workspaces.widget(THRESHOLD))
        page.said.connect(self.say)
        self._put_on(THRESHOLD, page)
        return page

    @cached_property
    def _compare_pages(self) -> "ComparePages":
        from xentviz.ui.window.compare_pages import ComparePages

        pages = ComparePages(self.session, self.look, self.workspaces.widget(COMPARE))
        pages.said.connect(self.say)
        self._put_on(COMPARE, pages)
        return pages

    @property
    def compare(self) -> "CompareWorkspace":
        """The Compare workspace, made when it is first asked for: of all rows, or of the slice that is looked at."""
        return self._compare_pages.front

    def _put_on(self, place: int, page: QWidget) -> None:
        frame = self.workspaces.widget(place)
        assert frame is not None
        box = QHBoxLayout(frame)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(page)

    def _set_up_status(self) -> None:
        self._status, self._selection = label(), label()
        self._progress = QProgressBar(maximum=1000)
        self._progress.setFixedWidth(200)
        self._cancel = tool_button(self.tr("Cancel"), self.tr("Stop reading; what is open stays"))
        self._cancel.clicked.connect(self._cancel_reading)
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(14, 0, 14, 0)
        bar.addWidget(self._status, 1)
        for widget in (self._selection, self._progress, self._cancel):
            bar.addPermanentWidget(widget)
            widget.hide()
        bar.addPermanentWidget(self.exports)
        bar.addPermanentWidget(self.reports)
        self._say_usual()

    def _connect(self) -> None:
        session = self.session
        session.opened.connect(self.tell_opened)
        session.failed.connect(self._on_failed)
        session.progressed.connect(self._on_progress)
        session.results_changed.connect(self._on_done)
        session.listing_changed.connect(self._on_done)
        session.document_changed.connect(self._on_document)
        session.view_changed.connect(self._check_actions)
        session.view_changed.connect(self._show_selection)
        session.view_changed.connect(self._show_workspace)
        session.undo_stack.indexChanged.connect(self._on_history)
        self.saving.changed.connect(self._show_title)
        self.saving.progressed.connect(self._on_progress)
        self.saving.saved.connect(self._on_done)
        self.saving.failed.connect(self._on_failed)
        self.recovery.failed.connect(self._on_failed)
        self.look.changed.connect(self._check_actions)
        session.operating.changed.connect(self._on_done)
        session.decisions.changed.connect(self._on_done)
        session.worked_out.connect(self._on_done)
        for speaker in (self.table, self.opening):
            speaker.said.connect(self.say)
        self.threshold_bar.said.connect(self.say)
        for writer in (self.exports, self.reports):
            writer.said.connect(self.say)
            writer.failed.connect(self._on_failed)
        self.table.document_pasted.connect(self.open_pasted)
        self.scoreboard.menu_wanted.connect(self._model_menu)
        self.scoreboard.name_left.connect(self._show_cards)
        self._check_actions()

    # Words

    def say(self, words: str) -> None:
        """Say something in passing, in the status bar; nothing, where what was refused has become good."""
        if words:
            self._status.setText(words)
        else:
            self._say_usual()

    def _say_usual(self) -> None:
        self._status.setText(
            self.tr("Drag a dot or the threshold, or type into a cell: everything follows. Ctrl+Z takes it back.")
        )

    def _on_failed(self, error: Exception) -> None:
        self._on_done()
        self._say_usual()
        if isinstance(error, Doubtful) and error.is_question:
            return  # and is asked
        self.message.say(told(error), self._way_on(error))

    def _way_on(self, error: Exception) -> tuple[str, str, Callable[[], None]] | None:
        """Return what to offer where another choice of columns can make a file readable."""
        if not isinstance(error, Doubtful):
            return None
        return self.tr("Columns…"), self.tr("Choose what the columns of this file mean"), self.opening.ask_columns

    def tell_opened(self, opened: Opened) -> None:
        """Say what has been opened, and how it was taken."""
        self.message.hide()
        document = opened.document
        words = self.tr("Opened {title}: {rows}, {models}.").format(
            title=document.title,
            rows=counted_rows(document.rows),
            models=counted_models(len(document.models)),
        )
        if opened.unused:
            words += " " + self.tr("Not used: {columns}.").format(columns=", ".join(opened.unused))
        for note in opened.notes:
            words += " " + told(note)
        self.say(words)

    def _on_progress(self, share: float) -> None:
        bar = self.statusBar()
        bar.setMaximumHeight(bar.height())  # the button must not move, and so draw anew, the whole window
        self._progress.setValue(round(1000 * share))
        self._progress.show()
        self._cancel.setVisible(self.session.reading or self.session.is_listing)

    def _on_done(self) -> None:
        if not (self.session.busy or self.saving.busy):
            self._progress.hide()
            self._cancel.hide()
            self.statusBar().setMaximumHeight(UNLIMITED)

    def _cancel_reading(self) -> None:
        words = (
            self.tr("Cancelled. What was open is still open.")
            if self.session.reading
            else self.tr("Cancelled. The rows are listed as before.")
        )
        self.session.cancel()
        self._on_done()
        self.say(words)

    def _on_history(self, _index: int) -> None:
        # A method, not a lambda: one held by the session would hold the window, which holds the session.
        self._check_actions()

    def _on_document(self, _change: object) -> None:
        self._show_title()
        self._check_actions()
        self._say_usual()
        self.message.hide()

    def _on_workspace(self, place: int) -> None:
        """Give the panels of a workspace the room they need; one of them is a larger threshold bar."""
        if self.isVisible():
            self._sizes[self._shown_workspace] = self.splitter.sizes()
        self._shown_workspace = place
        self.session.look(workspace=WORKSPACES[place])
        exploring = place == EXPLORE
        self.table.make_spare(not exploring)
        for panel in (self.threshold_bar, self.working):
            panel.setVisible(exploring)
        self._show_cards()
        self.splitter.refresh()
        self.splitter.setSizes(self._sizes[place])
        first = self._first_in(place)
        if not self.workspaces.tabBar().hasFocus():
            first.setFocus()
        self._check_actions()

    def _show_cards(self) -> None:
        """Show them but in Compare, which has a scoreboard of its own, with more numbers."""
        wanted = self._shown_workspace != COMPARE
        if not wanted and self.scoreboard.isAncestorOf(self.focusWidget()):
            self._first_in(COMPARE).setFocus()
        self.scoreboard.setVisible(wanted)

    def _first_in(self, place: int) -> QWidget:
        """Return what of a workspace keys are for at first; the workspace is made if it has not been yet."""
        if place == THRESHOLD:
            return self.threshold.distribution.plot
        return self.compare.scores.grid if place == COMPARE else self.explore.loss_plot

    def _show_selection(self) -> None:
        chosen = len(self.session.view.selected)
        self._selection.setText(self.tr("{count} selected").format(count=count_text(chosen)))
        self._selection.setVisible(chosen > 1)

    def _show_title(self) -> None:
        file = self.saving.work.file
        title = self.session.document.title if file is None else file.path.stem
        self.setWindowTitle(self.tr("{title}[*] – xentviz").format(title=title.replace("[*]", "[*][*]")))
        self.setWindowModified(self.saving.modified)  # which Qt marks at [*]

    @property
    def will_redraw(self) -> bool:
        """Whether any panel shows for a moment yet what has been."""
        turning = "_compare_pages" in vars(self) and self._compare_pages.will_turn
        return turning or any(panel.will_redraw for panel in self.findChildren(Panel))

    # Commands

    def open(self, *paths: Path) -> None:
        """Open a file, or several as one; what is open stays until they have been read."""
        self.opening.open(paths)

    def open_pasted(self, text: str) -> None:
        """Open copied or dropped cells; what is open stays until they have been read."""
        title = self.tr("Clipboard")
        self.session.open(lambda stopped, report: read_pasted(text, title, stopped, report))

    def paste_as_document(self) -> None:
        """Open the cells on the clipboard."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.open_pasted(text)
        else:
            self.say(self.tr("There is nothing on the clipboard to paste."))

    def open_scene(self, name: str) -> None:
        """Open one of the program's own scenes."""
        self.session.open(lambda _stopped, _report: read_scene(resource("scenes"), name))

    def choose_file(self) -> None:
        """Ask for a file and open it."""
        chosen, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("Open labels and predictions"),
            "",
            self.tr(
                "Tables (*.csv *.tsv *.txt *.parquet *.feather *.arrow *.json *.jsonl *.ndjson *.npy *.npz *.xlsx "
                "*.xls *.ods *.gz *.zst *.bz2);;All files (*)"
            ),
        )
        if chosen:
            self.open(*map(Path, chosen))

    def add_model(self) -> None:
        """Add a model and let its name be typed."""
        self.editing.add_model()
        self.rename_model()

    def duplicate_model(self) -> None:
        """Copy the chosen model and let the copy's name be typed."""
        self.editing.duplicate_model()
        self.rename_model()

    def rename_model(self) -> None:
        """Let the name of the chosen model be typed."""
        if self.session.document.models:
            self.scoreboard.show()  # wherever it is hidden: names are typed there
            self.scoreboard.refresh_now()
            self.scoreboard.rename(self.session.view.model)

    def next_model(self) -> None:
        """Choose the model after the chosen one."""
        models = len(self.session.document.models)
        if models:
            self.session.look(model=(self.session.view.model + 1) % models)

    def about(self) -> None:
        """Say what this program is, in the status bar."""
        self.say(
            self.tr(
                "xentviz {version} puts labels beside predictions and shows what cross-entropy makes of them. "
                "Drag a dot along its curve, type into a cell, or move the threshold."
            ).format(version=__version__)
        )

    def show_workspace(self, name: str) -> None:
        """Show another workspace."""
        self.session.look(workspace=name)

    def _show_workspace(self) -> None:
        self.workspaces.setCurrentIndex(WORKSPACES.index(self.session.view.workspace))

    def next_theme(self) -> None:
        """Change to the next theme."""
        self.look.wear(THEMES[(THEMES.index(self.look.theme.name) + 1) % len(THEMES)])

    def toggle_squared_error(self) -> None:
        """Draw squared error beside cross-entropy, or no longer."""
        self.session.look(squared_error=not self.session.view.squared_error)

    def _model_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        for name in ("rename_model", "duplicate_model", "delete_model"):
            menu.addAction(self.actions_by_name[name])
        menu.popup(at)

    def _check_actions(self) -> None:
        """Show in the menus what is chosen, and grey what cannot be done."""
        document, view, actions = self.session.document, self.session.view, self.actions_by_name
        stack = self.session.undo_stack
        actions[f"unit_{document.settings.unit}"].setChecked(True)
        actions[f"reduction_{document.settings.reduction}"].setChecked(True)
        actions[f"workspace_{WORKSPACES[self._shown_workspace]}"].setChecked(True)
        actions[f"axis_{view.axis}"].setChecked(True)
        actions[f"theme_{self.look.theme.name}"].setChecked(True)
        actions[f"list_{view.shown}"].setChecked(True)
        actions["squared_error"].setChecked(view.squared_error)
        actions["squared_error"].setEnabled(document.task is not Task.MULTICLASS)
        self._show_undo("undo", self.tr("&Undo {step}"), stack.canUndo(), stack.undoText())
        self._show_undo("redo", self.tr("&Redo {step}"), stack.canRedo(), stack.redoText())
        for name in ("rename_model", "duplicate_model", "delete_model"):
            actions[name].setEnabled(bool(document.models))
        for what in ("scoreboard", "losses", "curves"):
            actions[f"export_{what}"].setEnabled(bool(document.models))
        for name in ("duplicate_rows", "delete_rows", "copy"):
            actions[name].setEnabled(bool(len(view.selected)))

    def _show_undo(self, name: str, pattern: str, possible: bool, step: str) -> None:
        action = self.actions_by_name[name]
        action.setEnabled(possible)
        action.setText(pattern.format(step=step.replace("&", "&&")).strip())

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for panel in self.findChildren(Panel):
            panel.mark_stale()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if any(url.isLocalFile() for url in data.urls()) or (not data.hasUrls() and "\n" in data.text().strip()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            self.open(*map(Path, local))
        else:
            self.open_pasted(event.mimeData().text())

    def closeEvent(self, event: QCloseEvent) -> None:
        editor = self.focusWidget()
        if editor is not None:
            editor.clearFocus()  # what is being typed is taken while there is still a session to take it
        if not self.keeping.may_close():
            event.ignore()
            return
        self.opening.close()
        self.keeping.close()
        self.session.close()
        self.exports.close_down()
        self.reports.close_down()
        super().closeEvent(event)
