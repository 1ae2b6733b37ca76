"""Nothing is drawn over something else: shapes of one level and labels leave each other room.

图上没有东西互相遮挡：同一层的图形、各处的文字都留出位置。

Why: Leaders approve what they can read. What lies under something else is approved unseen.

为什么：领导批的是看得清的图；被遮住的部分等于没看就批了。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.naming import short
from engine.notation.diagram import SCOPES
from engine.notation.xml import BPMNDI
from engine.words.errors import Finding

LAW = "labels_can_be_read"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
# What overlaps by less (in the units of the drawing) still reads well.
SLACK = 4.0
MOST = 2_000


@dataclass(frozen=True, slots=True)
class _Box:
    id: str
    label: bool
    left: float
    top: float
    right: float
    bottom: float

    def over(self, other: _Box) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > SLACK and min(self.bottom, other.bottom) - max(self.top, other.top) > SLACK


def check(drawing: Drawing) -> Iterator[Finding]:
    boxes = sorted(_boxes(drawing), key=lambda box: box.left)[:MOST]
    inside = {thing.id: thing.inside for thing in drawing.things}
    told: set[frozenset[str]] = set()
    open_boxes: list[_Box] = []
    for box in boxes:
        open_boxes = [other for other in open_boxes if other.right > box.left]
        for other in open_boxes:
            pair = frozenset({box.id, other.id})
            if len(pair) == 2 and pair not in told and box.over(other) and not _belong(drawing, inside, box, other):
                told.add(pair)
                yield _said(drawing, box, other)
        open_boxes.append(box)


def _said(drawing: Drawing, box: _Box, other: _Box) -> Finding:
    if other.label and not box.label:
        box, other = other, box
    zh, en = short(drawing.diagram, other.id)
    what_zh, what_en = ("的文字", "The label of ") if box.label else ("", "")
    thing = drawing.diagram.elements.get(box.id) or next(f for f in drawing.diagram.flows if f.id == box.id)
    return drawing.warning(
        LAW,
        thing,
        f"{{it}}{what_zh}与{zh}{'的文字' if other.label else ''}重叠，看不清。请挪开一些。",
        f"{what_en}{{it}} lies over {'the label of ' if other.label else ''}{en}. Move them apart.",
    )


def _boxes(drawing: Drawing) -> Iterator[_Box]:
    known = {thing.id for thing in drawing.things}
    for drawn in drawing.root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        id = drawn.get("bpmnElement", "")
        if id not in known:
            continue
        shape, label = drawn.find(f"{_DC}Bounds"), drawn.find(f"{{{BPMNDI}}}BPMNLabel/{_DC}Bounds")
        if shape is not None and (box := _box(id, shape, label=False)):
            yield box
        element = drawing.diagram.elements.get(id)
        # A label inside its own shape, as tasks have it, is part of that shape.
        if label is not None and (element is None or element.name) and (box := _box(id, label, label=True)):
            yield box


def _box(id: str, bounds: etree._Element, *, label: bool) -> _Box | None:
    try:
        x, y, width, height = (float(bounds.get(name, "")) for name in ("x", "y", "width", "height"))
    except ValueError:
        return None
    return _Box(id, label, x, y, x + width, y + height) if width > 0 and height > 0 else None


def _belong(drawing: Drawing, inside: Mapping[str, str], box: _Box, other: _Box) -> bool:
    """Sub-processes hold what lies in them, and events cling to their task."""
    elements = drawing.diagram.elements
    for one, two in ((box, other), (other, box)):
        if two.id in elements and elements[two.id].attached_to == one.id:
            return True
        if one.id in elements and elements[one.id].kind in SCOPES and _within(inside, two.id, one.id):
            return True
    # What lies in a collapsed sub-process is drawn on a sheet of its own, and only seems to overlap.
    return inside[box.id] != inside[other.id] and not (box.label and other.label)


def _within(inside: Mapping[str, str], id: str, scope: str) -> bool:
    while id in inside:
        id = inside[id]
        if id == scope:
            return True
    return False
