"""Which steps and which connections of a diagram were taken, as far as the facts of a case can tell.

Facts name the elements a token came to, not the connections between them. Most connections follow from that without
doubt (a task has one way out); where two ways could have led to the same place, that is said, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.notation.diagram import SCOPES, Diagram, Element, Flow
from engine.words import facts as f

_AT_THE_END = 1_000_000


@dataclass
class Stride:
    """What moved at one moment: `trigger`, the element that was done or fired ("" at the opening); the elements that
    tokens came to, in order; the events that began to wait."""

    trigger: str
    done: bool = False
    passed: list[str] = field(default_factory=list)
    armed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Ways:
    """Ids. `reached`: tasks that were open but nobody completed; `unsure`: connections that may have been taken."""

    elements: frozenset[str] = frozenset()
    reached: frozenset[str] = frozenset()
    flows: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()

    def __or__(self, other: Ways) -> Ways:
        elements, flows = self.elements | other.elements, self.flows | other.flows
        reached, unsure = self.reached | other.reached, self.unsure | other.unsure
        return Ways(elements, reached - elements, flows, unsure - flows)


def strides(facts: Iterable[f.Fact]) -> Iterator[Stride]:
    """The facts of one case, in order, cut where somebody or something moved it on."""
    stride = Stride("")
    for fact in facts:
        match fact:
            case f.TaskCompleted() | f.TimerFired() | f.MessageReceived():
                yield stride
                stride = Stride(fact.element, isinstance(fact, f.TaskCompleted))
            case f.JobAnswered():
                yield stride
                stride = Stride(fact.element, True) if fact.kind in {"done", "skipped"} else Stride("")
            case f.StepChosen():
                yield stride
                stride = Stride("")
            case f.TokensMoved():
                stride.passed += fact.passed
            case f.TimerSet() | f.WaitOpened():
                stride.armed.append(fact.element)
    yield stride


def taken(diagram: Diagram, facts: Iterable[f.Fact]) -> Ways:
    """What one case passed through."""
    ways = Ways()
    for stride in strides(facts):
        ways |= _Walk(diagram, stride).ways()
    return ways


@dataclass
class _Place:
    """A token at an element, at a position in the order of the stride."""

    at: int
    element: Element
    used: bool = False
    left: bool = False  # for certain, by one way at least


class _Walk:
    def __init__(self, diagram: Diagram, stride: Stride) -> None:
        self.diagram = diagram
        self.stride = stride
        known = diagram.elements
        self.came = [_Place(at, known[id]) for at, id in enumerate(stride.passed) if id in known]
        self.trigger = known.get(stride.trigger)
        self.certain: set[str] = set()
        self.arrivals = [place for place in self._arrivals() if diagram.incoming(place.element.id)]

    def ways(self) -> Ways:
        left, choices, possible = self._departures()
        for place in left:
            for flow in self.diagram.outgoing(place.element.id):
                self._take(flow, place.at)
        for place in self.came:
            incoming = self.diagram.incoming(place.element.id)
            if place.element.kind == "parallelGateway" and len(incoming) > 1:
                self.certain.update(flow.id for flow in incoming)
            self.certain.update(flow.id for flow in incoming if self._kind(flow.source) == "eventBasedGateway")
        while self._settled_arrival(choices, possible) or self._settled_choice(choices):
            pass
        maybe = {flow.id for choice in choices if not choice.used for flow in self._options(choice)}
        maybe |= {flow.id for a in self.arrivals if not a.used for _, flow in self._causes(a, choices, possible)}
        done = {self.stride.trigger} if self.stride.trigger else set()
        opened = {place.element.id for place in self.came if _is_work(place.element)}
        elements = {place.element.id for place in self.came} - opened | done
        return Ways(
            frozenset(elements),
            frozenset(opened - done),
            frozenset(self.certain),
            frozenset(maybe - self.certain),
        )

    def _kind(self, id: str) -> str:
        return self.diagram.elements[id].kind

    def _is_silent(self, element: Element) -> bool:
        """Where tokens wait for each other: no fact tells of the first that comes."""
        return element.kind in {"parallelGateway", "inclusiveGateway"} and len(self.diagram.incoming(element.id)) > 1

    def _arrivals(self) -> Iterator[_Place]:
        """Where a token came to. A repeated step tells of each of its instances, and counts once; an event tells when
        it begins to wait, a join not before all have come."""
        repeated: set[str] = set()
        for place in self.came:
            element = place.element
            if element.repeat is not None:
                if element.id in repeated:
                    continue
                repeated.add(element.id)
            if not self._is_silent(element) and not _waits_for_event(element):
                yield _Place(place.at, element)
        gateways: dict[str, int] = {}
        for id in self.stride.armed:
            element = self.diagram.elements[id]
            sources = [f.source for f in self.diagram.incoming(id) if self._kind(f.source) == "eventBasedGateway"]
            if sources:
                gateways[sources[0]] = max(gateways.get(sources[0], 0), self.stride.armed.count(id))
            elif _waits_for_event(element):
                yield _Place(_AT_THE_END, element)
        for id, count in gateways.items():
            for _ in range(count):
                yield _Place(_AT_THE_END, self.diagram.elements[id])

    def _departures(self) -> tuple[list[_Place], list[_Place], list[_Place]]:
        """Who left for certain by all ways out; gateways that chose; scopes and repeated steps that may have ended."""
        left: list[_Place] = []
        choices: list[_Place] = []
        possible: list[_Place] = []
        if self.trigger is not None:
            if self.stride.done:
                (
                    possible if self.trigger.repeat is not None else choices if self._decides(self.trigger) else left
                ).append(_Place(-1, self.trigger))
            possible += [_Place(-1, scope) for scope in self.diagram.scopes_of(self.trigger.id)]
        for place in self.came:
            if self._decides(place.element) and not _is_work(place.element):
                choices.append(place)
            elif place.element.repeat is not None or place.element.kind in SCOPES:
                possible.append(place)
            elif not _is_work(place.element) and place.element.kind != "eventBasedGateway":
                left.append(place)
        return left, choices, possible

    def _decides(self, element: Element) -> bool:
        """Whether conditions say which ways a token takes from here."""
        conditions = any(flow.condition for flow in self.diagram.outgoing(element.id))
        return conditions or element.kind in {"exclusiveGateway", "inclusiveGateway"}

    def _take(self, flow: Flow, after: int) -> None:
        self.certain.add(flow.id)
        for arrival in self.arrivals:
            if not arrival.used and arrival.at > after and arrival.element.id == flow.target:
                arrival.used = True
                return

    def _causes(self, arrival: _Place, choices: list[_Place], possible: list[_Place]) -> list[tuple[_Place, Flow]]:
        return [
            (place, flow)
            for place in (*(choice for choice in choices if not choice.used), *possible)
            if place.at < arrival.at
            for flow in self.diagram.outgoing(place.element.id)
            if flow.target == arrival.element.id
        ]

    def _options(self, choice: _Place) -> list[Flow]:
        """The ways out of a gateway to where a token came that nothing else explains, or to where it comes silently."""
        return [
            flow
            for flow in self.diagram.outgoing(choice.element.id)
            if self._is_silent(self.diagram.elements[flow.target])
            or any(not a.used and a.at > choice.at and a.element.id == flow.target for a in self.arrivals)
        ]

    def _settled_arrival(self, choices: list[_Place], possible: list[_Place]) -> bool:
        for arrival in self.arrivals:
            causes = self._causes(arrival, choices, possible) if not arrival.used else []
            if len({flow.id for _, flow in causes}) == 1:
                place, flow = causes[0]
                place.used = place.used or place.element.kind == "exclusiveGateway"
                place.left = arrival.used = True
                self.certain.add(flow.id)
                return True
        return False

    def _settled_choice(self, choices: list[_Place]) -> bool:
        for choice in choices:
            options = self._options(choice) if not choice.used else []
            # A token leaves a gateway by one way at least: where only one is left to think of, it was that.
            if len(options) == 1 and _is_gateway(choice.element) and not choice.left:
                choice.used = choice.left = True
                self._take(options[0], choice.at)
                return True
        return False


def _is_work(element: Element) -> bool:
    """Somebody does it: its token leaves when that is told, not when it came."""
    return element.kind in {"userTask", "manualTask"} or element.outside


def _is_gateway(element: Element) -> bool:
    return element.kind in {"exclusiveGateway", "inclusiveGateway"}


def _waits_for_event(element: Element) -> bool:
    return element.kind in {"intermediateCatchEvent", "receiveTask", "eventBasedGateway"}


def parts(diagram: Diagram, ways: Ways) -> Mapping[str, tuple[list[str], list[str]]]:
    """Of elements and of flows: the ids that were passed and those that were not, in the order of the file."""
    elements, flows = list(diagram.elements), [flow.id for flow in diagram.flows]
    return {
        "elements": ([i for i in elements if i in ways.elements], [i for i in elements if i not in ways.elements]),
        "flows": ([i for i in flows if i in ways.flows], [i for i in flows if i not in ways.flows]),
    }
