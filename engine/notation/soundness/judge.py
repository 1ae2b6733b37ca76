"""The verdict on a whole diagram: every level looked at, every flaw with the way that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.notation.diagram import SCOPES, Diagram
from engine.notation.soundness.explore import Explored, State, explore
from engine.notation.soundness.meetings import meetings
from engine.notation.soundness.net import ENDLESS, Net

# So many moves are tried over all levels of a diagram, about half a second's worth.
BUDGET = 60_000
# A level with more flows than this is not gone through: nobody can have drawn it.
MOST_PLACES = 3_000


@dataclass(frozen=True, slots=True)
class Flaw:
    """`kind`: stuck (a join waits for ever), endless (no way to the end), dead (can never happen), unreached (no flow
    leads to it), twice (two tokens meet where no join is), undecided. `path`: ids of elements and flows from the
    start to the bad place, in order; `there`: where tokens then are; `missing`: flows no token will come by, or the
    elements the flaw is also about."""

    kind: str
    element: str
    path: tuple[str, ...] = ()
    there: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    flaws: tuple[Flaw, ...]

    @property
    def sound(self) -> bool:
        """Every case can always end, and every step can happen. Meetings without a join are legal, and no flaw here."""
        return all(flaw.kind == "twice" for flaw in self.flaws)

    @property
    def decided(self) -> bool:
        return not any(flaw.kind == "undecided" for flaw in self.flaws)


def judge(diagram: Diagram, budget: int = BUDGET) -> Verdict:
    """Never raises, whatever is drawn; what is no flow of the level it lies in is left out."""
    flaws: list[Flaw] = []
    # What may be done in any order or left out cannot be stuck: an ad-hoc sub-process is not looked into.
    free = {e.id for e in diagram.elements.values() if e.kind == "adHocSubProcess"}
    scopes = [diagram.process, *(e.id for e in diagram.elements.values() if e.kind in SCOPES)]
    for scope in scopes:
        if scope in free:
            continue
        net = Net(diagram, scope)
        if len(net.targets) > MOST_PLACES:
            flaws.append(Flaw("undecided", scope))
        else:
            found = explore(net, budget)
            budget = max(0, budget - found.spent)
            flaws += _flaws(net, found, scope)
            flaws += [Flaw("twice", m.element, m.path, m.there) for m in meetings(net)]
    return Verdict(tuple(flaws))


def _flaws(net: Net, found: Explored, scope: str) -> Iterator[Flaw]:
    lost = found.lost()
    told: set[str] = set()
    for state in lost:
        if not found.after.get(state):
            for flaw in _stuck(net, found, state):
                if flaw.element not in told:
                    told.add(flaw.element)
                    yield flaw
    if lost and not told:
        yield _endless(net, found, lost)
    elif not lost and not found.complete:
        yield Flaw("undecided", scope)
    if found.complete:
        yield from _dead(net, found)


def _there(net: Net, state: State) -> tuple[str, ...]:
    return tuple(net.flows[place] or net.targets[place] for place in state if place >= 0 and net.targets[place])


def _stuck(net: Net, found: Explored, state: State) -> Iterator[Flaw]:
    for join in net.joins.values():
        full = [place for place in join.inputs if place in state]
        if full:
            missing = tuple(net.flows[place] for place in join.inputs if place not in full and net.flows[place])
            yield Flaw("stuck", join.id, (*found.path(state), join.id), _there(net, state), missing)


def _endless(net: Net, found: Explored, lost: list[State]) -> Flaw:
    """Where tokens begin to go round, and the elements they go round by."""
    state = next((state for state in lost if ENDLESS in state), lost[0])
    path = found.path(state)
    came_by = {flow.id: flow.target for flow in net.diagram.flows}
    begun = [net.targets[place] for begin in net.begins for place in begin]
    visited = [*begun, *(came_by.get(id, id) for id in path)]
    there = [net.targets[place] for place in state if place >= 0 and net.targets[place]]
    turning = [id for id in visited if net.fate.get(id) == ENDLESS]
    first = (turning or there or visited)[0]
    turns = [id for id in net.nodes if id in net.reached_from(first) and id in net.reached(net.ahead(id))]
    way = min((net.way(first, id) for id in turns), key=len, default=(first,))
    round = net.way(way[-1], way[-1])
    return Flaw("endless", way[-1], (*path, *way, *round[1:]), _there(net, state), round)


def _dead(net: Net, found: Explored) -> Iterator[Flaw]:
    """What flows lead to, and yet can never happen."""
    handlers = {id for id, element in net.nodes.items() if element.by_event}
    by_flow = handlers | net.reached(net.targets[place] for begin in net.begins for place in begin)
    yield from (Flaw("unreached", id) for id in net.nodes if id not in by_flow)
    alive = found.happened | net.reached(net.touched)
    dead = [id for id in net.nodes if id in by_flow and id not in alive]
    for id in dead:
        # The others follow from the first of a row.
        if any(before in alive for before in net.behind.get(id, ())):
            rest = net.reached([id]) - alive - {id}
            yield Flaw("dead", id, (), (), tuple(other for other in net.nodes if other in rest))
