"""Which variables certainly have been set when a token comes to an element, on whatever way it came."""

from __future__ import annotations

from collections.abc import Mapping

from engine.notation.diagram import SCOPES, Diagram, Element
from engine.notation.variables.sources import Variables

Set = frozenset[str]


class Settled:
    """`before(id)`: the names set whenever a token comes to an element; `after(id)`: when it leaves it. Of
    what is not drawn, everything is believed."""

    def __init__(self, diagram: Diagram, variables: Variables) -> None:
        self.diagram = diagram
        self.all = frozenset(variables.names)
        self.gives: Mapping[str, Set] = {
            id: frozenset(each.name for each in variables.given if each.element == id and not each.local)
            for id in diagram.elements
        }
        self.inside: dict[str, list[Element]] = {}
        for element in diagram.elements.values():
            self.inside.setdefault(element.inside, []).append(element)
        self._before = dict.fromkeys(diagram.elements, self.all)
        self._after = dict.fromkeys(diagram.elements, self.all)
        changed = True
        while changed:  # sets only shrink, so this ends
            changed = False
            for element in diagram.elements.values():
                before = self._entering(element)
                after = self._leaving(element, before)
                if before != self._before[element.id] or after != self._after[element.id]:
                    self._before[element.id], self._after[element.id] = before, after
                    changed = True

    def before(self, id: str) -> Set:
        return self._before.get(id, self.all)

    def after(self, id: str) -> Set:
        return self._after.get(id, self.all)

    def _entering(self, element: Element) -> Set:
        elements = self.diagram.elements
        around = self._before[element.inside] if element.inside in elements else frozenset()
        if element.kind == "boundaryEvent" and element.attached_to in elements:
            return self._before[element.attached_to]
        if element.kind == "startEvent" or element.by_event:
            return around
        came = [self._after[f.source] for f in self.diagram.incoming(element.id) if f.source in elements]
        if element.trigger.kind == "link" and element.kind == "intermediateCatchEvent":
            came += [
                self._after[e.id]
                for e in self.inside.get(element.inside, ())
                if e.kind == "intermediateThrowEvent" and e.trigger == element.trigger
            ]
        if not came:
            return around
        if element.kind == "parallelGateway":
            return frozenset().union(*came)
        return frozenset.intersection(*came)

    def _leaving(self, element: Element, before: Set) -> Set:
        after = before | self.gives[element.id]
        if element.kind in SCOPES and element.repeat is None and element.kind != "adHocSubProcess":
            ends = [
                self._after[e.id]
                for e in self.inside.get(element.id, ())
                if not self.diagram.outgoing(e.id) and not e.by_event and e.trigger.kind not in {"error", "cancel"}
            ]
            if ends:
                after |= frozenset.intersection(*ends)
        return after
