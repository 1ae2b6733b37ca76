"""All of a small diagram as a still picture, with a cross or a tick at what a law speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from lxml import etree
from markupsafe import Markup

from engine.notation.diagram import EVENTS, SCOPES, Diagram
from engine.notation.xml import local, open_xml
from webui.pictures import ROOM, Sheet, name_lines

TRIGGERS = {
    "timer": "◷", "message": "✉", "signal": "△", "error": "↯", "escalation": "⇑", "link": "➔", "conditional": "☰",
    "compensate": "«", "compensation": "«", "cancel": "✕", "terminate": "●",
}  # fmt: skip
# What is drawn beside elements and flows: around them, or between them without a token ever passing.
AROUND = frozenset({"participant", "lane"})
PAPERS = frozenset({"dataObjectReference", "dataStoreReference", "textAnnotation"})
DOTTED = frozenset({"association", "dataInputAssociation", "dataOutputAssociation", "messageFlow"})
_LONGEST = 26  # signs of a condition written on its line


class Drawn(Sheet):
    """A sheet that knows lanes, papers and associations as well."""

    def __init__(self, diagram: Diagram, content: bytes) -> None:
        super().__init__(diagram, content)
        kinds = AROUND | PAPERS | DOTTED
        nodes = open_xml(content).iter(etree.Element)
        self.beside = {node.get("id", ""): node for node in nodes if local(node) in kinds}
        for flow in diagram.flows:  # a flow without an id has no line of its own in the file
            if not flow.id and flow.source in self.boxes and flow.target in self.boxes:
                a, b = self.boxes[flow.source], self.boxes[flow.target]
                self.lines[""] = [(a.x + a.width, a.y + a.height / 2), (b.x, b.y + b.height / 2)]
            # One that leads back goes below what lies between, not through it.
            points = self.lines.get(flow.id, [])
            if len(points) == 2 and points[1][0] < points[0][0] and {flow.source, flow.target} <= self.boxes.keys():
                a, b = self.boxes[flow.source], self.boxes[flow.target]
                x, far, low = a.x + a.width / 2, b.x + b.width / 2, max(a.y + a.height, b.y + b.height) + ROOM
                self.lines[flow.id] = [(x, a.y + a.height), (x, low), (far, low), (far, b.y + b.height)]

    def whole(self, marked: Sequence[str], *, label: str, english: bool = False, good: bool = False) -> Markup:
        """An SVG of everything. `marked`: what is wrong (`good`: right, where it was wrong before)."""
        corners = [point for line in self.lines.values() for point in line]
        corners += [(box.x, box.y) for box in self.boxes.values()]
        corners += [(box.x + box.width, box.y + box.height) for box in self.boxes.values()]
        if not corners:
            return Markup("")
        left, top = min(x for x, _ in corners) - ROOM / 2, min(y for _, y in corners) - ROOM
        right, bottom = max(x for x, _ in corners) + ROOM / 2, max(y for _, y in corners) + ROOM
        kinds = {id: element.kind for id, element in self.diagram.elements.items()}
        around = [id for id, node in self.beside.items() if local(node) in AROUND and id in self.boxes]
        drawn = [self._around(id) for id in around]
        drawn += [self._line(id, False, id in marked and not good, dotted=id in self.beside) for id in self.lines]
        drawn += [self._words(flow.id, flow.condition or "", (flow.name_en if english else "") or flow.name)
                  for flow in self.diagram.flows]  # fmt: skip
        scopes = sorted((id for id in kinds if kinds[id] in SCOPES and id in self.boxes), key=self._size, reverse=True)
        others = [id for id in kinds if id not in scopes]
        drawn += [self._shape(id, False, id in marked and not good, english) + self._signs(id)
                  for id in (*scopes, *others)]  # fmt: skip
        drawn += [self._paper(id) for id, node in self.beside.items() if local(node) in PAPERS]
        for id in dict.fromkeys(marked):
            drawn.append(self._mark(id, good))
        view = f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"
        return Markup(
            f'<svg class="law-picture" role="img" aria-label="{escape(label)}" viewBox="{view}" '
            f'width="{right - left:.0f}" height="{bottom - top:.0f}">{"".join(drawn)}</svg>'
        )

    def _size(self, id: str) -> float:
        return self.boxes[id].width * self.boxes[id].height

    def _around(self, id: str) -> str:
        box, name = self.boxes[id], self.beside[id].get("name", "")
        size = f'x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"'
        x, y = box.x + 16, box.y + box.height / 2
        turned = f'<text class="way-name" x="{x}" y="{y}" transform="rotate(-90 {x} {y})">{escape(name)}</text>'
        return f'<rect class="way-shape way-frame" {size}/>{turned}'

    def _paper(self, id: str) -> str:
        box, node = self.boxes.get(id), self.beside[id]
        if box is None:
            return ""
        x, y, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
        points = f"{x},{y} {right - 10},{y} {right},{y + 10} {right},{bottom} {x},{bottom}"
        name = node.get("name") or "".join(str(part) for part in node.itertext()).strip()
        return f'<polygon class="way-shape" points="{points}"/>' + name_lines(
            name, x + box.width / 2, bottom + 14, False, most=2
        )

    def _words(self, id: str, condition: str, name: str) -> str:
        """What stands on a flow: its name, and the condition as it is written."""
        points = self.lines.get(id)
        if not points or not (condition or name):
            return ""
        ends = list(pairwise(points))
        (ax, ay), (bx, by) = max(ends, key=lambda part: abs(part[0][0] - part[1][0]) + abs(part[0][1] - part[1][1]))
        text = condition if len(condition) <= _LONGEST else condition[:_LONGEST] + "…"
        x, y = (ax + bx) / 2, (ay + by) / 2 - (6 if abs(ax - bx) > 8 * len(text) else 34)
        told = f'<text class="way-condition" x="{x}" y="{y}">{escape(text)}</text>' if text else ""
        return told + (f'<text class="way-name" x="{x}" y="{y - (15 if text else 0)}">{escape(name)}</text>')

    def _signs(self, id: str) -> str:
        """What an event waits for; whether a step is repeated, chosen from, or undoes another."""
        element, box = self.diagram.elements[id], self.boxes.get(id)
        if box is None:
            return ""
        x = box.x + box.width / 2
        if element.kind in EVENTS:
            sign = TRIGGERS.get(element.trigger.kind, "")
            return f'<text class="way-trigger" x="{x}" y="{box.y + box.height / 2 + 5}">{sign}</text>' if sign else ""
        repeat = element.repeat
        signs = "" if repeat is None else "↻" if repeat.loop else "≡" if repeat.sequential else "|||"
        signs += "~" if element.kind == "adHocSubProcess" else ""
        signs += "«" if element.undoes else ""
        return f'<text class="way-trigger" x="{x}" y="{box.y + box.height - 6}">{signs}</text>' if signs else ""

    def _mark(self, id: str, good: bool) -> str:
        """A cross (or a tick) at what is spoken of; where a shape is missing, its empty place."""
        kind, sign, missing = ("law-good", "✓", "") if good else ("law-bad", "✕", "")
        if box := self.boxes.get(id):
            x, y = box.x + box.width, box.y
        elif points := self.lines.get(id):
            (ax, ay), (bx, by) = points[len(points) // 2 - 1], points[len(points) // 2]
            x, y = (ax + bx) / 2, (ay + by) / 2
        elif id in self.diagram.elements:
            ends = [self.lines[flow.id][-1] for flow in self.diagram.incoming(id) if flow.id in self.lines]
            if not ends:
                return ""
            x, y = ends[0]
            missing = f'<rect class="law-missing" x="{x}" y="{y - 40}" width="100" height="80" rx="8"/>'
        elif id == self.diagram.process and self.boxes:
            x, y = min(box.x for box in self.boxes.values()), min(box.y for box in self.boxes.values())
        else:
            return ""
        dot = f'<circle class="{kind}" cx="{x}" cy="{y}" r="11"/>'
        return f'{missing}{dot}<text class="way-digit" x="{x}" y="{y + 5}">{sign}</text>'
