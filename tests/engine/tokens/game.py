"""A second, plain reading of BPMN's rules, to judge the engine by: tokens lie on flows, activities are open.

It shares nothing with the engine but the diagram. Conditions are `=name = number`; the clock and messages are told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.notation.diagram import SCOPES, Diagram, Element

_CONDITION = re.compile(r"=?\s*(\w+) = (\d+)")
_SILENT = {"scriptTask", "task", "intermediateThrowEvent"}


@dataclass(eq=False)
class Activity:
    """Something that is open at an element: a task, a wait, a sub-process, or a repeated step with its instances."""

    element: Element
    since: int
    inner: Scope | None = None
    instances: list[Activity] = field(default_factory=list)
    begun: int = 0
    index: int | None = None
    answers: dict[str, int] = field(default_factory=dict)
    # Boundary events that wait: how often each can still happen (None: for ever), and since when it waits.
    armed: dict[str, tuple[int | None, int]] = field(default_factory=dict)
    lent: dict[str, int] = field(default_factory=dict)  # what the instance knew that it undoes
    gone: bool = False  # a throwing event whose token went on while what it threw is undone
    seen: int = 0  # of a throwing event: how many scopes outwards it has looked into
    done: list[Done] = field(default_factory=list)  # inside it, when it was completed


# What can be undone: the element, what its instance knew, what was done inside it.
Done = tuple[Element, dict[str, int], "list[Done]"]


@dataclass(eq=False)
class Scope:
    of: str
    host: Activity | None
    flows: Counter[str] = field(default_factory=Counter)
    open: list[Activity] = field(default_factory=list)
    # Event sub-processes that wait: how often each can still happen, and since when.
    armed: dict[str, tuple[int | None, int]] = field(default_factory=dict)
    replaced: bool = False  # by an interrupting event sub-process
    done: list[Done] = field(default_factory=list)
    queue: list[Done] | None = None  # in a scope that only undoes: what is left
    # An ad-hoc sub-process: what may be chosen, and since when; what was chosen in this pass; finished, but not over.
    offered: dict[str, int] = field(default_factory=dict)
    chosen: set[str] = field(default_factory=set)
    closing: bool = False

    @property
    def over(self) -> bool:
        return not self.open and not +self.flows and not self.offered


# Kind of what can be done, the element, the indexes of the instances around it, the step since which it is so.
Enabled = tuple[str, str, tuple[int, ...], int]


class Game:
    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.flows = {flow.id: flow for flow in diagram.flows}
        self.answers: dict[str, int] = {}
        self.step = 0
        self.over = False
        self.top = self._begun(diagram.process, None)
        self._settle()

    @property
    def dead(self) -> bool:
        """Tokens are left, and nothing can move them."""
        return not self.over and not self.enabled()

    # --- what is enabled, and doing it --------------------------------------------------------------------------

    def enabled(self) -> list[Enabled]:
        return sorted(key for key, _, _ in self._choices(self.top, ()))

    def do(self, key: Enabled, answers: dict[str, int]) -> None:
        self.step += 1
        _, scope, activity = next(choice for choice in self._choices(self.top, ()) if choice[0] == key)
        element = self.diagram.element(key[1])
        if activity is None and element.id in scope.offered:
            scope.offered.clear()
            scope.chosen.add(element.id)
            self._open(scope, element)
        elif activity is None:
            self._used_up(scope.armed, element)
            self._handle(scope, element)
        elif element.kind == "boundaryEvent":
            self._used_up(activity.armed, element)
            self._border(scope, activity, element)
        elif element.id != activity.element.id:  # an event behind an event-based gateway
            scope.open.remove(activity)
            self._produce(scope, element)
        else:
            next(self._places(scope, activity)).update(answers)
            self._finished(scope, activity)
        self._settle()

    def _choices(self, scope: Scope, path: tuple[int, ...]) -> Iterator[tuple[Enabled, Scope, Activity | None]]:
        for event, (_, since) in scope.armed.items():
            yield (self._kind(event), event, path, since), scope, None
        for step, since in scope.offered.items():
            yield ("wait", step, path, since), scope, None
        for activity in scope.open:
            yield from self._of(scope, activity, path)

    def _kind(self, event: str) -> str:
        return "timer" if self.diagram.element(event).trigger.kind == "timer" else "wait"

    def _of(
        self, scope: Scope, activity: Activity, path: tuple[int, ...]
    ) -> Iterator[tuple[Enabled, Scope, Activity | None]]:
        element = activity.element
        for event, (_, since) in activity.armed.items():
            yield (self._kind(event), event, path, since), scope, activity
        if activity.inner is not None:
            yield from self._choices(activity.inner, path)
        for instance in activity.instances:
            assert instance.index is not None
            yield from self._of(scope, instance, (*path, instance.index))
        if element.kind == "userTask" and (element.repeat is None or activity.index is not None):
            yield ("task", element.id, path, activity.since), scope, activity
        elif element.kind == "eventBasedGateway":
            for flow in self.diagram.outgoing(element.id):
                yield (self._kind(flow.target), flow.target, path, activity.since), scope, activity
        elif element.kind in {"intermediateCatchEvent", "receiveTask"}:
            yield (self._kind(element.id), element.id, path, activity.since), scope, activity

    # --- what happens to others ---------------------------------------------------------------------------------

    def _times(self, event: Element) -> tuple[int | None, int]:
        """How often it can happen, and since when it waits: from now."""
        cycle = re.fullmatch(r"R(\d+)/.*", event.trigger.text)
        return (None if event.trigger.kind == "message" else int(cycle[1]) if cycle else 1), self.step

    def _used_up(self, armed: dict[str, tuple[int | None, int]], event: Element) -> None:
        left, _ = armed.pop(event.id)
        if not event.interrupting and (left is None or left > 1):
            armed[event.id] = (None if left is None else left - 1, self.step)

    def _border(self, scope: Scope, host: Activity, event: Element) -> None:
        if event.interrupting or event.trigger.kind == "error":
            scope.open.remove(host)
        self._produce(scope, event)

    def _handle(self, scope: Scope, event: Element) -> None:
        """An event sub-process begins in its scope."""
        if event.interrupting or event.trigger.kind == "error":
            scope.flows.clear()
            scope.open.clear()
            scope.armed.clear()
            scope.replaced = True
        handler = Activity(self.diagram.element(event.inside), self.step)
        handler.inner = self._begun(event.inside, handler)
        scope.open.append(handler)

    def _throw(self, scope: Scope, kind: str, name: str) -> None:
        """An error or escalation goes outwards to the first that catches it."""
        place: Scope | None = scope
        inside_handler = False
        while place is not None:
            starts = [e for e in self._starts(place.of) if e.trigger.kind == kind] if not inside_handler else []
            starts = starts if place.queue is None else []
            if found := None if place.replaced else self._match(starts, name):
                self._handle(place, found)
                return
            host = place.host
            if host is None:
                return
            home = self._home(host)
            border = [e for e in self.diagram.elements.values() if e.attached_to == host.element.id]
            border = border if home.queue is None else []
            if found := self._match([e for e in border if e.trigger.kind == kind], name):
                whole = next(a for a in home.open if host in (a, *a.instances))
                self._border(home, whole, found)
                return
            place, inside_handler = home, host.element.by_event

    def _match(self, events: list[Element], name: str) -> Element | None:
        return next((e for wanted in (name, "") for e in events if e.trigger.name == wanted), None)

    def _starts(self, of: str) -> list[Element]:
        """The start events of the event sub-processes of a scope."""
        handlers = {e.id for e in self.diagram.elements.values() if e.inside == of and e.by_event}
        return [e for e in self.diagram.elements.values() if e.inside in handlers and e.kind == "startEvent"]

    def _places(
        self, scope: Scope, activity: Activity | None = None, *, reading: bool = False
    ) -> Iterator[dict[str, int]]:
        """Where answers are kept, the nearest first: the instances of repeated steps around, then the case."""
        around: Activity | None = activity if activity is not None and activity.index is not None else scope.host
        while around is not None:
            if around.index is not None:
                yield around.answers
            elif around.lent and reading:
                yield around.lent
            around = self._home(around).host
        yield self.answers

    def _home(self, activity: Activity) -> Scope:
        return next(s for s in self._scopes(self.top) if any(activity in (a, *a.instances) for a in s.open))

    def _scopes(self, scope: Scope) -> Iterator[Scope]:
        yield scope
        for activity in scope.open:
            for one in (activity, *activity.instances):
                if one.inner is not None:
                    yield from self._scopes(one.inner)

    # --- tokens move --------------------------------------------------------------------------------------------

    def _begun(self, of: str, host: Activity | None) -> Scope:
        scope = Scope(of, host)
        waiting = [e for e in self._starts(of) if e.trigger.kind in {"timer", "message"}]
        scope.armed = {event.id: self._times(event) for event in waiting}
        if host is not None and host.element.kind == "adHocSubProcess":
            host.inner = scope
            scope.host = None
            self._offer(scope, host.element)
            scope.host = host
            return scope
        start = next(e for e in self.diagram.elements.values() if e.inside == of and e.kind == "startEvent")
        self._produce(scope, start)
        return scope

    def _offer(self, scope: Scope, element: Element) -> None:
        """The steps of an ad-hoc sub-process that no flow leads to: begun, or in turn offered to be chosen."""
        inside = [e for e in self.diagram.elements.values() if e.inside == element.id]
        free = [e for e in inside if not (self.diagram.incoming(e.id) or e.attached_to or e.by_event or e.undoes)]
        for step in free:
            if not element.in_turn:
                self._open(scope, step)
            elif step.id not in scope.chosen:
                scope.offered[step.id] = self.step

    def _ended_inside(self, scope: Scope) -> bool:
        """A step was done. Whether that finishes, or has finished, the ad-hoc sub-process around it."""
        element = scope.host.element if scope.host is not None else None
        if element is None or element.kind != "adHocSubProcess" or scope.queue is not None:
            return False
        if not scope.closing and element.until and self._holds(scope, element.until):
            scope.closing = True
            scope.offered.clear()
            if element.drops_the_rest:
                scope.open.clear()
                scope.flows.clear()
        return scope.closing

    def _goes_on(self, scope: Scope) -> bool:
        """Whether something begins anew in an ad-hoc sub-process in which nothing is open."""
        element = scope.host.element if scope.host is not None else None
        if element is None or element.kind != "adHocSubProcess" or scope.queue is not None or scope.closing:
            return False
        if element.in_turn:
            self._offer(scope, element)
        if not scope.offered and element.until:
            scope.chosen.clear()
            self._offer(scope, element)
        return not scope.over

    # --- compensation -------------------------------------------------------------------------------------------

    def _remember(self, scope: Scope, activity: Activity) -> None:
        element = activity.element
        itself = any(e.trigger.kind == "compensate" for e in self._starts(element.id))
        if scope.queue is None and (element.id in self.diagram.handlers or itself or activity.done):
            scope.done.append((element, dict(activity.answers) if activity.index is not None else {}, activity.done))

    def _undo(self, scope: Scope, throw: Activity) -> bool:
        """Opens the next scope a throwing event looks back on, if something in it is to be undone."""
        only, places = throw.element.trigger.name, [scope]
        while places[-1].host is not None and places[-1].host.element.by_event:
            places.append(self._home(places[-1].host))
        for place in places[throw.seen :] if throw.element.trigger.kind == "compensate" else places[throw.seen : 1]:
            throw.seen += 1
            chosen = [done for done in place.done if only in {"", done[0].id}]
            if chosen:
                place.done = [done for done in place.done if only not in {"", done[0].id}]
                throw.inner = Scope(place.of, throw, queue=chosen)
                return True
        return False

    def _next(self, scope: Scope) -> None:
        """One more step is undone: by its handler, or by opening it again."""
        assert scope.queue
        element, known, inside = scope.queue.pop()
        if element.id in self.diagram.handlers:
            self._open(scope, self.diagram.element(self.diagram.handlers[element.id]), known)
            return
        again = Activity(element, self.step, lent=known)
        scope.open.append(again)
        handler = next((e for e in self._starts(element.id) if e.trigger.kind == "compensate"), None)
        again.inner = Scope(element.id, again, queue=[] if handler is not None else list(inside))
        if handler is not None:
            again.inner.done = list(inside)
            self._handle(again.inner, handler)

    def _throws_back(self, scope: Scope, element: Element) -> None:
        throw = Activity(element, self.step)
        scope.open.append(throw)
        if not self._undo(scope, throw):
            self._undone(scope, throw)
        elif element.trigger.kind == "compensate" and not element.trigger.waits:
            throw.gone = True
            self._produce(scope, element)

    def _undone(self, scope: Scope, throw: Activity) -> None:
        """All is undone that a throwing event looked back on."""
        scope.open.remove(throw)
        if throw.element.trigger.kind == "cancel":
            host = scope.host
            assert host is not None
            border = [e for e in self.diagram.elements.values() if e.attached_to == host.element.id]
            self._border(self._home(host), host, next(e for e in border if e.trigger.kind == "cancel"))
        elif not throw.gone:
            self._produce(scope, throw.element)

    def _produce(self, scope: Scope, element: Element) -> None:
        """Tokens on the flows out of an element: all, or behind an activity those whose condition holds."""
        flows = self.diagram.outgoing(element.id)
        true = [f.id for f in flows if f.condition and self._holds(scope, f.condition)]
        scope.flows.update([f.id for f in flows if not f.condition and not f.default])
        scope.flows.update(true or [f.id for f in flows if f.default])

    def _finished(self, scope: Scope, activity: Activity) -> None:
        if activity.element.repeat is None or activity.index is not None:
            self._remember(scope, activity)
        if activity.index is None:
            scope.open.remove(activity)
            if scope.queue is None and not self._ended_inside(scope):
                self._produce(scope, activity.element)
            return
        whole = next(a for a in scope.open if activity in a.instances)
        whole.instances.remove(activity)
        repeat = whole.element.repeat
        assert repeat is not None
        if repeat.until and self._true(repeat.until, [activity.answers, *self._places(scope, whole, reading=True)]):
            self._finished(scope, whole)
        else:
            self._repeat(scope, whole)

    def _repeat(self, scope: Scope, whole: Activity) -> None:
        """Begins the instances that are due; without any left the step as a whole is done."""
        repeat = whole.element.repeat
        assert repeat is not None
        times = int(repeat.cardinality or 0)
        while whole.begun < times and not (repeat.sequential and whole.instances):
            instance = Activity(whole.element, self.step, index=whole.begun)
            whole.begun += 1
            if whole.element.kind in SCOPES:
                instance.inner = self._begun(whole.element.id, instance)
            whole.instances.append(instance)
        if not whole.instances:
            self._finished(scope, whole)

    def _settle(self) -> None:
        while self._move() or self._close() or self._join():
            pass
        self.over = self.top.over
        if self.over:
            self.top.armed.clear()

    def _move(self) -> bool:
        for scope in list(self._scopes(self.top)):
            for id in [id for id, count in scope.flows.items() if count > 0]:
                if self._take(scope, id, self.diagram.element(self.flows[id].target)):
                    return True
        return False

    def _close(self) -> bool:
        for scope in list(self._scopes(self.top)):
            if scope.host is None or not scope.over:
                continue
            home, host = self._home(scope.host), scope.host
            if scope.queue:
                self._next(scope)
            elif self._goes_on(scope):
                pass
            elif scope.queue is not None and host.element.kind in {"intermediateThrowEvent", "endEvent"}:
                host.inner = None
                cancels = host.element.trigger.kind == "cancel"
                if cancels or not self._undo(home, host):
                    self._undone(home, host)
            else:
                if scope.queue is None:
                    host.done = scope.done
                self._finished(home, host)
            return True
        return False

    def _take(self, scope: Scope, id: str, element: Element) -> bool:
        """A node takes the token on this flow, if it can."""
        incoming = self.diagram.incoming(element.id)
        outgoing = self.diagram.outgoing(element.id)
        if element.kind == "parallelGateway":
            if any(scope.flows[flow.id] < 1 for flow in incoming):
                return False
            scope.flows.subtract([flow.id for flow in incoming])
            self._produce(scope, element)
            return True
        if element.kind == "inclusiveGateway" and len(incoming) > 1:
            return False
        scope.flows[id] -= 1
        if element.kind in {"exclusiveGateway", "inclusiveGateway"} and len(outgoing) > 1:
            true = [f.id for f in outgoing if f.condition and self._holds(scope, f.condition)]
            true = true or [f.id for f in outgoing if f.default]
            scope.flows.update(true[:1] if element.kind == "exclusiveGateway" else true)
        elif element.kind == "endEvent":
            if element.trigger.kind == "terminate":
                scope.flows.clear()
                scope.open.clear()
                scope.armed.clear()
            elif element.trigger.kind == "cancel":
                scope.flows.clear()
                scope.open.clear()
                scope.armed.clear()
                self._throws_back(scope, element)
            elif element.trigger.kind == "compensate":
                self._throws_back(scope, element)
            elif element.trigger.kind in {"error", "escalation"}:
                self._throw(scope, element.trigger.kind, element.trigger.name)
        elif element.trigger.kind == "compensate":
            self._throws_back(scope, element)
        elif element.kind in _SILENT or (element.kind.endswith("Gateway") and element.kind != "eventBasedGateway"):
            self._produce(scope, element)
            if element.trigger.kind == "escalation":
                self._throw(scope, "escalation", element.trigger.name)
        else:
            self._open(scope, element)
        return True

    def _open(self, scope: Scope, element: Element, lent: dict[str, int] | None = None) -> None:
        activity = Activity(element, self.step, lent=lent or {})
        for event in self.diagram.elements.values():
            if event.attached_to == element.id and event.trigger.kind in {"timer", "message"}:
                activity.armed[event.id] = self._times(event)
        scope.open.append(activity)
        if element.repeat is not None:
            self._repeat(scope, activity)
        elif element.kind in SCOPES:
            activity.inner = self._begun(element.id, activity)

    def _holds(self, scope: Scope, condition: str) -> bool:
        return self._true(condition, list(self._places(scope, reading=True)))

    def _true(self, condition: str, places: list[dict[str, int]]) -> bool:
        found = _CONDITION.fullmatch(condition)
        assert found is not None
        return next((place[found[1]] for place in places if found[1] in place), None) == int(found[2])

    # --- inclusive joins ----------------------------------------------------------------------------------------

    def _join(self) -> bool:
        for scope in self._scopes(self.top):
            for element in self.diagram.elements.values():
                incoming = [flow.id for flow in self.diagram.incoming(element.id)]
                if element.inside != scope.of or element.kind != "inclusiveGateway" or len(incoming) < 2:
                    continue
                full = {id for id in incoming if scope.flows[id] > 0}
                if full and not self._may_come(scope, element.id, set(incoming) - full, full):
                    scope.flows.subtract(full)
                    self._produce(scope, element)
                    return True
        return False

    def _may_come(self, scope: Scope, join: str, empty: set[str], full: set[str]) -> bool:
        """Whether a token elsewhere can reach an empty flow of the join, and cannot reach one that has a token."""
        places = [self.flows[id].target for id, n in scope.flows.items() if n > 0 and self.flows[id].target != join]
        places += [activity.element.id for activity in scope.open if not activity.gone]
        return any((ahead := self._ahead(place, join)) & empty and not ahead & full for place in places)

    def _ahead(self, place: str, join: str) -> set[str]:
        """The flows that a token at a place can come to, not through the join."""
        found: set[str] = set()
        nodes = [place]
        seen: set[str] = set()
        while nodes:
            node = nodes.pop()
            if node in seen or node == join:
                continue
            seen.add(node)
            nodes += [e.id for e in self.diagram.elements.values() if e.attached_to == node]
            for flow in self.diagram.outgoing(node):
                found.add(flow.id)
                nodes.append(flow.target)
        return found
