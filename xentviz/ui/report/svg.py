"""A paint device that makes SVG of whatever is painted on it: lines stay lines, and letters letters."""

import base64
import math
from collections.abc import Callable
from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QImage,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QTextItem,
    QTransform,
)

DPI = 96
MM_PER_INCH = 25.4
FONTS = "'Liberation Sans', 'DejaVu Sans', Arial, Helvetica, sans-serif"
CAPS = {Qt.PenCapStyle.FlatCap: "butt", Qt.PenCapStyle.RoundCap: "round", Qt.PenCapStyle.SquareCap: "square"}
JOINS = {Qt.PenJoinStyle.RoundJoin: "round", Qt.PenJoinStyle.BevelJoin: "bevel"}

MARK = "\0"
"""Stands for the beginning of a mark's name until it is known; no text has it."""
MOST_OF_A_MARK = 16

Paint = Callable[[QPainter], None]


def svg_of(paint: Paint, size: QSizeF, name: str, title: str) -> str:
    """Return what is painted as an SVG element; ``name`` sets what it refers to apart from that of others.

    Qt's own generator loses what is painted after a clip has been taken back.
    """
    device = _Device(size)
    painter = QPainter(device)
    try:
        paint(painter)
    finally:
        painter.end()
    width, height = _number(size.width()), _number(size.height())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="{FONTS}" style="font-variant-numeric: tabular-nums"><title>{plain(title)}</title>'
        f"{device.engine.svg(name)}</svg>"
    )


def plain(text: str) -> str:
    """Return text as it stands in HTML and XML, without the characters that XML has no place for."""
    return escape("".join(c if c >= " " or c in "\t\n" else "\ufffd" for c in text if not "\ud800" <= c <= "\udfff"))


class _Device(QPaintDevice):
    """Says how large it is, and hands out its engine."""

    def __init__(self, size: QSizeF) -> None:
        super().__init__()
        self.engine, self._size = _Engine(), size

    def paintEngine(self) -> QPaintEngine:
        return self.engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        of = QPaintDevice.PaintDeviceMetric
        width, height = math.ceil(self._size.width()), math.ceil(self._size.height())
        return {
            of.PdmWidth: width, of.PdmHeight: height,
            of.PdmWidthMM: round(width * MM_PER_INCH / DPI), of.PdmHeightMM: round(height * MM_PER_INCH / DPI),
            of.PdmDpiX: DPI, of.PdmDpiY: DPI, of.PdmPhysicalDpiX: DPI, of.PdmPhysicalDpiY: DPI,
            of.PdmNumColors: 1 << 24, of.PdmDepth: 32, of.PdmDevicePixelRatio: 1, of.PdmDevicePixelRatioScaled: 1 << 16,
        }.get(metric, 0)  # fmt: skip


class _Engine(QPaintEngine):
    """Writes elements, all in pixels of the device: what is transformed is so when it is written."""

    def __init__(self) -> None:
        features = QPaintEngine.PaintEngineFeature
        super().__init__(features.AllFeatures & ~features.PatternTransform)
        self._elements: list[tuple[QPainterPath | None, str]] = []
        self._marks: dict[str, int] = {}
        self._pen, self._brush, self._transform = QPen(), QBrush(), QTransform()
        self._opacity = 1.0
        self._clip: QPainterPath | None = None

    def svg(self, name: str) -> str:
        """Return all elements, those that are clipped in groups."""
        marks = "".join(f'<g id="{name}-m{number}">{mark}</g>' for mark, number in self._marks.items())
        parts, clips, before = [f"<defs>{marks}</defs>"] if marks else [], 0, None
        for clip, element in self._elements:
            if clip is not before:
                parts.append("</g>" if before is not None else "")
                if clip is not None:
                    clips += 1
                    parts.append(f'<clipPath id="{name}-{clips}"><path d="{_data(clip)}"/></clipPath>')
                    parts.append(f'<g clip-path="url(#{name}-{clips})">')
                before = clip
            parts.append(element.replace(MARK, f"#{name}-m"))
        return "".join([*parts, "</g>" if before is not None else ""])

    # What Qt calls, with other types than its signatures have

    def begin(self, _device: QPaintDevice) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        changed, flag = state.state(), QPaintEngine.DirtyFlag
        if changed & flag.DirtyTransform:
            self._transform = state.transform()
        if changed & flag.DirtyPen:
            self._pen = state.pen()
        if changed & flag.DirtyBrush:
            self._brush = state.brush()
        if changed & flag.DirtyOpacity:
            self._opacity = state.opacity()
        if changed & (flag.DirtyClipPath | flag.DirtyClipRegion):
            self._take_clip(state, by_region=not changed & flag.DirtyClipPath)
        if changed & flag.DirtyClipEnabled and not state.isClipEnabled():
            self._clip = None

    def drawPath(self, path: QPainterPath) -> None:
        self._write_path(path, filled=True)

    def drawPolygon(self, points: list[QPointF], mode: QPaintEngine.PolygonDrawMode) -> None:  # type: ignore[override]
        line = mode == QPaintEngine.PolygonDrawMode.PolylineMode
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(point) for point in points]))
        if not line:
            path.closeSubpath()
        self._write_path(path, filled=not line)

    def drawLines(self, lines: list[QLineF]) -> None:  # type: ignore[override]
        path = QPainterPath()
        for line in lines:
            path.moveTo(QPointF(line.p1()))
            path.lineTo(QPointF(line.p2()))
        self._write_path(path, filled=False)

    def drawRects(self, rects: list[QRectF]) -> None:  # type: ignore[override]
        path = QPainterPath()
        for rect in rects:
            path.addRect(QRectF(rect))
        self._write_path(path, filled=True)

    def drawEllipse(self, rect: QRectF) -> None:  # type: ignore[override]
        path = QPainterPath()
        path.addEllipse(QRectF(rect))
        self._write_path(path, filled=True)

    def drawPoints(self, points: list[QPointF]) -> None:  # type: ignore[override]
        self.drawLines([QLineF(QPointF(point), QPointF(point) + QPointF(0.01, 0)) for point in points])

    def drawPixmap(self, target: QRectF, pixmap: QPixmap, source: QRectF) -> None:  # type: ignore[override]
        self._write_image(target, pixmap.copy(source.toAlignedRect()).toImage())

    def drawImage(self, target: QRectF, image: QImage, source: QRectF, _flags: Qt.ImageConversionFlag) -> None:  # type: ignore[override]
        self._write_image(target, image.copy(source.toAlignedRect()))

    def drawTextItem(self, at: QPointF, item: QTextItem) -> None:  # type: ignore[override]
        text, font = item.text(), item.font()
        if not text.strip():
            return
        t = self._transform
        moved = (t.m11(), t.m12(), t.m21(), t.m22()) == (1.0, 0.0, 0.0, 1.0)
        at = self._transform.map(at) if moved else at
        # Whatever letters a reader has, they take up the room that was measured.
        self._write(
            f'<text x="{_number(at.x())}" y="{_number(at.y())}" font-size="{_number(_pixels(font))}"'
            + (' font-weight="bold"' if font.bold() else "")
            + f' textLength="{_number(item.width())}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"'
            + _paint_of("fill", self._pen.color(), self._opacity)
            + ("" if moved else f' transform="{_matrix(self._transform)}"')
            + f">{plain(text)}</text>"
        )

    # What is written

    def _take_clip(self, state: QPaintEngineState, *, by_region: bool) -> None:
        path = QPainterPath()
        if by_region:
            path.addRegion(state.clipRegion())
        else:
            path = state.clipPath()
        path = state.transform().map(path)
        operation = state.clipOperation()
        if operation == Qt.ClipOperation.NoClip:
            self._clip = None
        elif operation == Qt.ClipOperation.IntersectClip and self._clip is not None:
            self._clip = self._clip.intersected(path)
        else:
            self._clip = path

    def _write_path(self, path: QPainterPath, *, filled: bool) -> None:
        seen = self._transform.map(path)
        fill = filled and self._brush.style() != Qt.BrushStyle.NoBrush
        stroke = self._pen.style() != Qt.PenStyle.NoPen
        if not fill and not stroke:
            return
        look = _paint_of("fill", self._brush.color(), self._opacity) if fill else ' fill="none"'
        if fill and path.fillRule() == Qt.FillRule.OddEvenFill:
            look += ' fill-rule="evenodd"'
        look += self._stroke() if stroke else ""
        reach = self._width() if stroke else 0.0
        bounds = seen.boundingRect()
        if fill and seen.elementCount() <= MOST_OF_A_MARK:
            element = self._mark(seen, bounds.center(), look)
        else:
            element = f'<path d="{_data(seen)}"{look}/>'
        self._write(element, bounds.adjusted(-reach, -reach, reach, reach))

    def _mark(self, path: QPainterPath, middle: QPointF, look: str) -> str:
        """Return the place of a shape that is written once, for there may be thousands of it."""
        mark = f'<path d="{_data(path.translated(-middle))}"{look}/>'
        number = self._marks.setdefault(mark, len(self._marks))
        return f'<use href="{MARK}{number}" x="{_number(middle.x())}" y="{_number(middle.y())}"/>'

    def _width(self) -> float:
        width = self._pen.widthF() or 1.0
        return width if self._pen.isCosmetic() else width * math.sqrt(abs(self._transform.determinant()))

    def _stroke(self) -> str:
        pen, width = self._pen, self._width()
        dashes = " ".join(_number(length * width) for length in pen.dashPattern())
        return (
            _paint_of("stroke", pen.color(), self._opacity)
            + f' stroke-width="{_number(width)}" stroke-linecap="{CAPS[pen.capStyle()]}"'
            + f' stroke-linejoin="{JOINS.get(pen.joinStyle(), "miter")}"'
            + (f' stroke-dasharray="{dashes}"' if pen.style() != Qt.PenStyle.SolidLine else "")
        )

    def _write_image(self, target: QRectF, image: QImage) -> None:
        data = QByteArray()
        buffer = QBuffer(data)
        image.save(buffer, b"PNG")
        place = f'x="{target.x()}" y="{target.y()}" width="{target.width()}" height="{target.height()}"'
        code = base64.b64encode(data.data()).decode()
        self._write(f'<image {place} transform="{_matrix(self._transform)}" href="data:image/png;base64,{code}"/>')

    def _write(self, element: str, bounds: QRectF | None = None) -> None:
        clip = self._clip
        if clip is not None and bounds is not None and clip.boundingRect().contains(bounds):
            clip = None  # none of the clips here is anything but a rectangle
        self._elements.append((clip, element))


def _pixels(font: QFont) -> float:
    return font.pixelSize() if font.pixelSize() > 0 else font.pointSizeF() * DPI / 72


def _paint_of(what: str, colour: QColor, opacity: float) -> str:
    alpha = colour.alphaF() * opacity
    return f' {what}="{colour.name()}"' + (f' {what}-opacity="{_number(alpha)}"' if alpha < 1 else "")


def _matrix(transform: QTransform) -> str:
    t = transform
    return "matrix(" + " ".join(_number(v) for v in (t.m11(), t.m12(), t.m21(), t.m22(), t.dx(), t.dy())) + ")"


def _number(value: float) -> str:
    """Return a number with as many decimals as can be seen.

    >>> [_number(v) for v in (1.0, -0.001, 12.3456)]
    ['1', '0', '12.35']
    """
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _data(path: QPainterPath) -> str:
    """Return the data of a path: of moves, lines and curves, whose three points come one by one."""
    letters = {
        QPainterPath.ElementType.MoveToElement: "M",
        QPainterPath.ElementType.LineToElement: "L",
        QPainterPath.ElementType.CurveToElement: "C",
        QPainterPath.ElementType.CurveToDataElement: " ",
    }
    found = (path.elementAt(place) for place in range(path.elementCount()))
    return "".join(f"{letters[e.type]}{_number(e.x)} {_number(e.y)}" for e in found)
