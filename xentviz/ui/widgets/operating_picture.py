"""What a plot of curves along thresholds shows: what stands still, and what follows the threshold."""

from dataclasses import dataclass

from PySide6.QtCore import Qt

from xentviz.core.arguments import Floats
from xentviz.ui.widgets.line_pen import Line
from xentviz.ui.widgets.scaled_axis import Scale


@dataclass(frozen=True, eq=False)
class Trace:
    """A curve: the places of its points, one a threshold, nan where they are not defined; and the line through them.

    ``key`` tells curves apart; of those that share one, only ``pointable`` ones are found by the pointer.
    """

    key: int
    name: str
    colour: str
    style: Line
    x: Floats
    y: Floats
    path_x: Floats
    path_y: Floats
    strong: bool = True
    faint: bool = False
    pointable: bool = True


@dataclass(frozen=True, eq=False)
class Guide:
    """A thin line that curves are read against, from left to right; its text stands where it leaves the frame."""

    x: Floats
    y: Floats
    style: Qt.PenStyle
    text: str = ""


@dataclass(frozen=True, eq=False)
class Standing:
    """All that stays while the threshold moves; ranges are places along the axes.

    ``zero_at`` is where nothing at all lies on a logarithmic axis. With ``endings`` the names stand where the curves
    end, beside ``values``, else in a legend.
    """

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_title: str
    y_title: str
    traces: tuple[Trace, ...]
    guides: tuple[Guide, ...] = ()
    x_scale: Scale = Scale.EVEN
    y_scale: Scale = Scale.EVEN
    zero_at: float | None = None
    endings: bool = False
    corners: tuple[str, ...] = ("bottom right", "bottom left", "top left", "top right")


@dataclass(frozen=True)
class Handle:
    """A mark where the threshold stands on a curve; ``hollow`` if its height is not defined there."""

    key: int
    x: float
    y: float
    colour: str
    strong: bool = True
    hollow: bool = False


@dataclass(frozen=True)
class Moving:
    """All that follows the threshold: ``caption`` stands beside the strong handle, ``values`` behind the endings."""

    handles: tuple[Handle, ...] = ()
    line: float | None = None
    caption: str = ""
    values: tuple[str, ...] = ()
