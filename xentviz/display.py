"""Whether a window can be opened here, found out before Qt would abort; without Qt, and in milliseconds."""

import ctypes
import ctypes.util
import importlib.util
import os
import sys
from pathlib import Path

OFFSCREEN = ("offscreen", "minimal", "vnc")
PACKAGES = "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0"
SCREEN_PACKAGES = "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0"
"""What Debian's bare system lacks, found by leaving one out at a time; the second for a window on X besides."""


def missing_library(*, screen: bool) -> str | None:
    """Return what a system library that Qt needs is called, if it is missing; ``screen``: for a real window too."""
    found = importlib.util.find_spec("PySide6")
    if sys.platform != "linux" or found is None or found.origin is None:
        return None
    package = Path(found.origin).parent
    files = ["Qt/lib/libQt6Widgets.so.6", "Qt/plugins/platforms/libqoffscreen.so"]
    if screen and not os.environ.get("WAYLAND_DISPLAY") and "QT_QPA_PLATFORM" not in os.environ:
        files.append("Qt/plugins/platforms/libqxcb.so")
    for file in files:
        try:
            ctypes.CDLL(str(package / file))
        except OSError as error:
            return str(error).split(":")[0]
    return None


def has_display() -> bool:
    """Return whether there is a screen to open a window on."""
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if sys.platform != "linux" or platform in OFFSCREEN:
        return True
    if os.environ.get("WAYLAND_DISPLAY") and platform != "xcb":
        return _wayland_answers(os.environ["WAYLAND_DISPLAY"])
    return bool(os.environ.get("DISPLAY")) and _x_answers()


def _wayland_answers(name: str) -> bool:
    return Path(os.environ.get("XDG_RUNTIME_DIR", ""), name).is_socket()


def _x_answers() -> bool:
    """Return whether the X server named by DISPLAY takes a connection: Qt aborts if it does not."""
    name = ctypes.util.find_library("xcb") or "libxcb.so.1"
    try:
        xcb = ctypes.CDLL(name)
    except OSError:
        return True  # then missing_library() speaks
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed
