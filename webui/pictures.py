"""A part of a diagram as a still picture: the way of a case to where it goes wrong, its steps numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from lxml import etree
from markupsafe import Markup

from engine.notation.diagram import EVENTS, GATEWAYS, SCOPES, Diagram
from engine.notation.xml import BPMNDI, open_xml

_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_DI = "{http://www.omg.org/spec/DD/20100524/DI}"
_DRAWN = f"{{{BPMNDI}}}"
ROOM = 40.0
SIGNS = {"exclusiveGateway": "×", "parallelGateway": "+", "inclusiveGateway": "○", "eventBasedGateway": "◇"}
_CHARS_A_LINE = 7


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float


class Sheet:
    """Where everything of a diagram is drawn. Read once for all pictures of a page."""

    def __init__(self, diagram: Diagram, content: bytes) -> None:
        self.diagram = diagram
        self.boxes: dict[str, _Box] = {}
        self.lines: dict[str, list[tuple[float, float]]] = {}
        root = open_xml(content)
        for shape in root.iter(f"{_DRAWN}BPMNShape"):
            bounds = shape.find(f"{_DC}Bounds")
            if bounds is not None:
                numbers = [_number(bounds, name) for name in ("x", "y", "width", "height")]
                self.boxes[shape.get("bpmnElement", "")] = _Box(*numbers)
        for edge in root.iter(f"{_DRAWN}BPMNEdge"):
            points = [(_number(point, "x"), _number(point, "y")) for point in edge.iter(f"{_DI}waypoint")]
            if len(points) > 1:
                self.lines[edge.get("bpmnElement", "")] = points

    def way(self, path: Sequence[str], there: Sequence[str], bad: str, *, label: str, english: bool = False) -> Markup:
        """An SVG of the elements of the path and what lies between; empty where nothing of it is drawn."""
        # Where a token is missing, the way it does not come by is shown as well.
        near = [*path, *(flow.source for flow in self.diagram.incoming(bad))]
        corners = [(box.x, box.y) for id in near if (box := self.boxes.get(id))]
        corners += [(box.x + box.width, box.y + box.height) for id in near if (box := self.boxes.get(id))]
        corners += [point for id in path for point in self.lines.get(id, ())]
        if not corners:
            return Markup("")
        left, top = min(x for x, _ in corners) - ROOM, min(y for _, y in corners) - ROOM
        right, bottom = max(x for x, _ in corners) + ROOM, max(y for _, y in corners) + ROOM
        passed = set(path)
        drawn = [
            self._line(flow.id, flow.id in passed, flow.id in there)
            for flow in sorted(self.diagram.flows, key=lambda flow: flow.id in passed)
        ]
        scopes = [id for id, element in self.diagram.elements.items() if element.kind in SCOPES]
        others = [id for id in self.diagram.elements if id not in scopes]
        drawn += [self._shape(id, id in passed, id == bad, english) for id in (*scopes, *others)]
        drawn += self._numbers(path, bad)
        drawn += [self._token(id) for id in there]
        view = f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"
        return Markup(
            f'<svg class="way-picture" role="img" aria-label="{escape(label)}" viewBox="{view}" '
            f'width="{right - left:.0f}" height="{bottom - top:.0f}">{"".join(drawn)}</svg>'
        )

    def _line(self, id: str, passed: bool, token: bool, *, dotted: bool = False) -> str:
        points = self.lines.get(id)
        if points is None:
            return ""
        kind = "way-line" + (" way-passed" if passed else "") + (" way-waits" if token else "")
        drawn = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        if dotted:
            return f'<polyline class="{kind} way-dotted" points="{drawn}"/>'
        (ax, ay), (bx, by) = points[-2], points[-1]
        length = max(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, 1)
        ux, uy = (bx - ax) / length, (by - ay) / length
        back_x, back_y = bx - 10 * ux, by - 10 * uy
        corners = [(bx, by), (back_x - 4 * uy, back_y + 4 * ux), (back_x + 4 * uy, back_y - 4 * ux)]
        tip = " ".join(f"{x:.0f},{y:.0f}" for x, y in corners)
        return f'<polyline class="{kind}" points="{drawn}"/><polygon class="{kind} way-tip" points="{tip}"/>'

    def _shape(self, id: str, passed: bool, bad: bool, english: bool) -> str:
        box, element = self.boxes.get(id), self.diagram.elements[id]
        if box is None:
            return ""
        kind = "way-shape" + (" way-passed" if passed else "") + (" way-bad" if bad else "")
        mid_x, mid_y = box.x + box.width / 2, box.y + box.height / 2
        name = (element.name_en if english else "") or element.name
        if element.kind in GATEWAYS:
            points = f"{mid_x},{box.y} {box.x + box.width},{mid_y} {mid_x},{box.y + box.height} {box.x},{mid_y}"
            drawn = f'<polygon class="{kind}" points="{points}"/>'
            drawn += f'<text class="way-sign" x="{mid_x}" y="{mid_y + 8}">{SIGNS.get(element.kind, "")}</text>'
        elif element.kind in EVENTS:
            thick = " way-end" if element.kind == "endEvent" else ""
            drawn = f'<circle class="{kind}{thick}" cx="{mid_x}" cy="{mid_y}" r="{box.width / 2}"/>'
        else:
            frame = " way-frame" if element.kind in SCOPES and box.width > 150 else ""
            size = f'x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"'
            drawn = f'<rect class="{kind}{frame}" {size} rx="8"/>'
            if frame:
                return drawn + f'<text class="way-name" x="{mid_x}" y="{box.y + 16}">{escape(name)}</text>'
            return drawn + name_lines(name, mid_x, mid_y, english)
        return drawn + name_lines(name, mid_x, box.y + box.height + 14, english, most=2)

    def _numbers(self, path: Sequence[str], bad: str) -> list[str]:
        steps: dict[str, list[int]] = {}
        for number, id in enumerate((id for id in path if id in self.diagram.elements), 1):
            steps.setdefault(id, []).append(number)
        drawn = []
        for id, numbers in steps.items():
            if box := self.boxes.get(id):
                text = "·".join(str(number) for number in numbers)
                width = 12 + 8 * len(text)
                kind = "way-number" + (" way-bad" if id == bad else "")
                drawn.append(
                    f'<rect class="{kind}" x="{box.x - 8}" y="{box.y - 12}" width="{width}" height="20" rx="10"/>'
                    f'<text class="way-digit" x="{box.x - 8 + width / 2}" y="{box.y + 3}">{text}</text>'
                )
        return drawn

    def _token(self, id: str) -> str:
        if points := self.lines.get(id):
            (ax, ay), (bx, by) = points[-2], points[-1]
            x, y = bx + (ax - bx) * 0.35, by + (ay - by) * 0.35
        elif box := self.boxes.get(id):
            x, y = box.x + box.width, box.y
        else:
            return ""
        return f'<circle class="way-token-dot" cx="{x:.0f}" cy="{y:.0f}" r="8"/>'


def name_lines(text: str, x: float, y: float, english: bool, *, most: int = 4) -> str:
    """A name in as many lines as it needs, around y (or from it on, for what stands below)."""
    length = _CHARS_A_LINE * (2 if english else 1)
    lines: list[str] = []
    for word in text.split(" ") if english else [text[at : at + length] for at in range(0, len(text), length)]:
        if english and lines and len(lines[-1]) + len(word) < length:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    lines = lines[:most]
    first = y - (len(lines) - 1) * 7.5 + 4 if most > 2 else y
    drawn = ((f"{first + 15 * at:.0f}", line) for at, line in enumerate(lines))
    return "".join(f'<text class="way-name" x="{x}" y="{height}">{escape(line)}</text>' for height, line in drawn)


def _number(node: etree._Element, name: str) -> float:
    try:
        return float(node.get(name, "0"))
    except ValueError:
        return 0.0
