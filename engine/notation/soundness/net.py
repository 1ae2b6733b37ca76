"""One level of a diagram as places where a token may stand and the moves it can make from there."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from engine.notation.diagram import SCOPES, Diagram, Element

# Here a token stands until somebody or something moves it on; everything else happens at once.
WAITING = frozenset(
    {"userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "callActivity", "eventBasedGateway"} | SCOPES
)
ENDING = frozenset({"terminate", "error", "cancel"})
# More ways out of an inclusive gateway than this are tried one by one and all together, not in every combination.
MOST_WAYS = 10
# Tokens that can come to no join any more: their own way is known, so only what they may do to others is kept.
MUST_CLEAR, MAY_CLEAR, ENDLESS = -1, -2, -3
_CYCLE = re.compile(r"\s*R")


@dataclass(frozen=True, slots=True)
class Move:
    """One thing a token may do: the ids it passes, the places it leads to. `keeps`: it stays as well."""

    ids: tuple[str, ...]
    to: tuple[int, ...]
    keeps: bool = False
    clears: bool = False
    spends: int | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """A gateway where tokens wait for each other."""

    id: str
    inputs: tuple[int, ...]
    inclusive: bool
    moves: tuple[Move, ...]


class Net:
    """`targets[place]`: the element a token at the place has come to; `flows[place]`: the flow it came by, or ""."""

    def __init__(self, diagram: Diagram, scope: str) -> None:
        self.diagram = diagram
        self.nodes = {e.id: e for e in diagram.elements.values() if e.inside == scope and not _undoing(e)}
        self.attached: dict[str, list[Element]] = {}
        for element in self.nodes.values():
            if element.kind == "boundaryEvent" and element.attached_to in self.nodes:
                self.attached.setdefault(element.attached_to, []).append(element)
        self.flows: list[str] = []
        self.targets: list[str] = []
        self.approximate = False
        self.touched: set[str] = set()
        self.comings: dict[tuple[int, str], frozenset[int]] = {}
        self._reached_from: dict[str, frozenset[str]] = {}
        self._place_of: dict[str, int] = {}
        for flow in diagram.flows:
            if flow.source in self.nodes and flow.target in self.nodes and flow.id not in self._place_of:
                self._place_of[flow.id] = self._place(flow.id, flow.target)
        self.leap = self._links()
        self.begins = [[self._place("", id) for id in ids] for ids in self._starts(scope)]
        self.once = self._armed()
        self.joins = self._joins()
        self.join_at = {place: join for join in self.joins.values() for place in join.inputs}
        self.joined = self._leading_to(self.joins)
        self.waiting_for_some = any(join.inclusive for join in self.joins.values())
        moves = {id: self._moves(self.nodes[id]) for id in dict.fromkeys(self.targets) if id}
        self.moves = [moves.get(target, ()) for target in self.targets]
        self._fates()

    def _place(self, flow: str, target: str) -> int:
        self.flows.append(flow)
        self.targets.append(target)
        return len(self.flows) - 1

    # --- where it begins ------------------------------------------------------------------------------------------

    def _starts(self, scope: str) -> list[list[str]]:
        """Each start event by itself; without any, everything that nothing leads to at once."""
        events = [[e.id] for e in self.nodes.values() if e.kind == "startEvent"]
        if events:
            return events
        led_to = {self.diagram.outgoing(id)[at].target for id in self.nodes for at in range(len(self._out(id)))}
        alone = [
            e.id
            for e in self.nodes.values()
            if e.id not in led_to and e.kind != "boundaryEvent" and not e.by_event and not self._caught_link(e)
        ]
        return [alone] if alone else []

    def _out(self, id: str) -> list[int]:
        return [self._place_of[f.id] for f in self.diagram.outgoing(id) if f.id in self._place_of]

    def _caught_link(self, element: Element) -> bool:
        return element.kind == "intermediateCatchEvent" and element.trigger.kind == "link"

    def _links(self) -> dict[str, int]:
        """A thrown link leads to the event of its name, like a flow that is not drawn."""
        caught = {e.trigger.name: e.id for e in self.nodes.values() if self._caught_link(e)}
        return {
            e.id: self._place("", caught[e.trigger.name])
            for e in self.nodes.values()
            if e.kind == "intermediateThrowEvent" and e.trigger.kind == "link" and e.trigger.name in caught
        }

    def _armed(self) -> dict[str, int]:
        """Events beside their task that happen once and let it go on: whether they still may is kept as a token."""
        return {
            e.id: self._place("", "")
            for events in self.attached.values()
            for e in events
            if not _interrupts(e) and e.trigger.kind == "timer" and not _CYCLE.match(e.trigger.text)
        }

    # --- moving -------------------------------------------------------------------------------------------------

    def _joins(self) -> dict[str, Join]:
        found = {}
        led: dict[str, list[int]] = {}
        for place, id in enumerate(self.targets):
            led.setdefault(id, []).append(place)
        for element in self.nodes.values():
            inputs = tuple(led.get(element.id, ()))
            if element.kind in {"parallelGateway", "inclusiveGateway"} and len(inputs) > 1:
                moves = tuple(Move((element.id, *self._names(ways)), ways) for ways in self._ways(element))
                found[element.id] = Join(element.id, inputs, element.kind == "inclusiveGateway", moves)
        return found

    def _moves(self, element: Element) -> tuple[Move, ...]:
        if element.id in self.joins:
            return ()
        clears = element.kind == "endEvent" and element.trigger.kind in ENDING
        moves = [Move((element.id, *self._names(ways)), ways, clears=clears) for ways in self._ways(element)]
        for event in self.attached.get(element.id, ()):
            spends = self.once.get(event.id)
            moves += [
                Move((element.id, event.id, *self._names(ways)), ways, keeps=not _interrupts(event), spends=spends)
                for ways in self._ways(event)
            ]
        return tuple(moves)

    def _names(self, places: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.flows[place] for place in places if self.flows[place])

    def _ways(self, element: Element) -> list[tuple[int, ...]]:
        """The sets of places a token leaves an element for: one of them at a time."""
        if element.id in self.leap:
            return [(self.leap[element.id],)]
        out = self._out(element.id)
        if element.kind == "endEvent" or not out:
            return [()]
        if element.kind in {"exclusiveGateway", "eventBasedGateway"}:
            return [(place,) for place in out]
        if element.kind == "parallelGateway" or len(out) == 1:
            return [tuple(out)]
        drawn = {self._place_of[f.id]: f for f in self.diagram.outgoing(element.id) if f.id in self._place_of}
        deciding = element.kind in {"inclusiveGateway", "complexGateway"}
        always = tuple(p for p in out if not deciding and not drawn[p].condition and not drawn[p].default)
        default = tuple(p for p in out if drawn[p].default)
        sure = {*always, *default}
        asked = [p for p in out if p not in sure]
        chosen = [(*always, *some) for some in self._some(asked)]
        if default or always:
            chosen.append((*always, *default))
        return chosen

    def _some(self, asked: list[int]) -> list[tuple[int, ...]]:
        if len(asked) > MOST_WAYS:
            self.approximate = True
            return [*((place,) for place in asked), tuple(asked)]
        return [some for size in range(1, len(asked) + 1) for some in combinations(asked, size)]

    def arriving(self, places: Iterable[int]) -> list[int]:
        """The places, with the events that begin to wait beside a task there."""
        came: list[int] = []
        for place in places:
            came.append(place)
            came += [self.once[e.id] for e in self.attached.get(self.targets[place], ()) if e.id in self.once]
        return came

    # --- what lies ahead ------------------------------------------------------------------------------------------

    def ahead(self, id: str) -> list[str]:
        """Where a token at an element may come next."""
        after = [self.targets[place] for place in self._out(id)]
        if id in self.leap:
            after.append(self.targets[self.leap[id]])
        return after + [event.id for event in self.attached.get(id, ())]

    def leaving(self, id: str) -> list[int]:
        """The places behind an element."""
        return [*self._out(id), *([self.leap[id]] if id in self.leap else [])]

    def reached_from(self, id: str) -> frozenset[str]:
        if id not in self._reached_from:
            self._reached_from[id] = frozenset(self.reached([id]))
        return self._reached_from[id]

    def reached(self, ids: Iterable[str]) -> set[str]:
        return _closure(ids, {id: self.ahead(id) for id in self.nodes})

    def way(self, first: str, last: str) -> tuple[str, ...]:
        """A shortest way from one element to another, or round to itself, flows included."""
        came: dict[str, str] = {}
        waiting = deque([first])
        while waiting and last not in came:
            id = waiting.popleft()
            for after in self.ahead(id):
                if after not in came:
                    came[after] = id
                    waiting.append(after)
        if last not in came:
            return (first,)
        ids = [last]
        while True:
            before = came[ids[0]]
            drawn = (flow.id for flow in self.diagram.outgoing(before) if flow.target == ids[0])
            ids[:0] = [before, *([flow] if (flow := next(drawn, "")) else [])]
            if before == first:
                return tuple(ids)

    @cached_property
    def behind(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id in self.nodes:
            for after in self.ahead(id):
                found.setdefault(after, []).append(id)
        return found

    def _leading_to(self, ids: Iterable[str]) -> set[str]:
        return _closure(ids, self.behind)

    def _fates(self) -> None:
        """Of tokens that can come to no join: whether they can end quietly, and whether they can end all others."""
        clearing = self._leading_to(
            [e.id for e in self.nodes.values() if e.kind == "endEvent" and e.trigger.kind in ENDING]
        )
        leaving = {
            id: [move for move in self._moves(element) if not move.keeps and not move.clears]
            for id, element in self.nodes.items()
            if id not in self.joined
        }
        quiet: set[str] = set()
        asked = list(leaving)
        while asked:
            id = asked.pop()
            if id in quiet or id not in leaving:
                continue
            if any(all(self.targets[place] in quiet for place in move.to) for move in leaving[id]):
                quiet.add(id)
                asked.extend(self.behind.get(id, ()))
        self.fate: dict[str, int | None] = {}
        for id in self.nodes.keys() - self.joined:
            if id in quiet:
                self.fate[id] = MAY_CLEAR if id in clearing else None
            else:
                self.fate[id] = MUST_CLEAR if id in clearing else ENDLESS


def _closure(ids: Iterable[str], after: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting.extend(after.get(id, ()))
    return found


def _interrupts(event: Element) -> bool:
    return event.interrupting or event.trigger.kind in {"error", "cancel"}


def _undoing(element: Element) -> bool:
    """Has a part only when something is undone: no token comes to it by a flow."""
    beside = element.kind == "boundaryEvent" and element.trigger.kind == "compensate"
    return beside or element.attributes.get("isForCompensation", "false") in {"true", "1"}
