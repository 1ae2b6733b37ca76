"""Every state one level of a diagram can come to, as far as it matters to the joins, and the states it is lost in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.notation.soundness.net import MAY_CLEAR, MUST_CLEAR, WAITING, Net

# Sorted places; one that holds two tokens stands there twice.
State = tuple[int, ...]
OVER: State = ()
# More tokens at one place teach nothing new, and could go on for ever.
MOST_TOKENS = 2


@dataclass
class Explored:
    """`came`: how each state was first come to. `cut`: states with more that could happen than was looked at."""

    net: Net
    came: dict[State, tuple[State | None, tuple[str, ...]]] = field(default_factory=dict)
    after: dict[State, list[State]] = field(default_factory=dict)
    cut: set[State] = field(default_factory=set)
    happened: set[str] = field(default_factory=set)
    spent: int = 0

    @property
    def complete(self) -> bool:
        return not self.cut and not self.net.approximate

    def path(self, state: State) -> tuple[str, ...]:
        steps: list[tuple[str, ...]] = []
        at: State | None = state
        while at is not None:
            at, ids = self.came[at]
            steps.append(ids)
        return tuple(id for ids in reversed(steps) for id in ids)

    def lost(self) -> list[State]:
        """States from which the end cannot be reached, in the order they were found."""
        behind: dict[State, list[State]] = {}
        for state, nexts in self.after.items():
            for following in nexts:
                behind.setdefault(following, []).append(state)
        good: set[State] = set()
        waiting = [OVER, *self.cut]
        while waiting:
            state = waiting.pop()
            if state not in good:
                good.add(state)
                waiting.extend(behind.get(state, ()))
        return [state for state in self.came if state not in good]


def explore(net: Net, budget: int) -> Explored:
    """Breadth first, so that the way to each state is a short one. `budget`: how many moves may be tried."""
    found = Explored(net)
    queue: deque[State] = deque()
    for begin in net.begins:
        _come(found, queue, None, (), _put(net, (), begin))
    while queue:
        state = queue.popleft()
        if found.spent > budget:
            found.cut.add(state)
            continue
        _expand(found, queue, state)
    return found


def _expand(found: Explored, queue: deque[State], state: State) -> None:
    """All that can happen next; of things that do not touch each other only one, unless that leads in a circle."""
    rest: list[tuple[tuple[str, ...], State | None]] = []
    new = False
    for number, group in enumerate(_choices(found.net, state)):
        options = list(group)
        found.spent += (len(options) + 1) * (1 + len(state) // 8)  # a move costs more where many tokens lie
        for ids, _ in options:
            found.happened.update(ids)
        if number == 0:
            new = any(following is not None and following not in found.came for _, following in options)
        rest += options
        if new and number == 0:
            break
    nexts = found.after.setdefault(state, [])
    for ids, following in rest:
        if following is None:
            found.cut.add(state)
            continue
        nexts.append(following)
        _come(found, queue, state, ids, following)


def _come(found: Explored, queue: deque[State], before: State | None, ids: tuple[str, ...], state: State) -> None:
    if state not in found.came:
        found.came[state] = (before, ids)
        queue.append(state)
    elif before is None:
        found.came[state] = (None, ids)


def _choices(net: Net, state: State) -> Iterator[list[tuple[tuple[str, ...], State | None]]]:
    """Groups of things that may happen. Groups do not hinder each other, except where the last one holds them all."""
    waiting: list[int] = []
    for place in dict.fromkeys(state):
        if place < 0 or not net.targets[place] or place in net.join_at:
            continue
        if net.nodes[net.targets[place]].kind in WAITING:
            waiting.append(place)
        else:
            yield _moved(net, state, place)
    yield from _parallel(net, state)
    if net.waiting_for_some:
        yield from _inclusive(net, state)
        together = [option for place in waiting for option in _moved(net, state, place)]
        if together:
            yield together
    else:
        for place in waiting:
            yield _moved(net, state, place)
    for place in dict.fromkeys(state):
        if place in {MUST_CLEAR, MAY_CLEAR}:
            yield [((), OVER)] if place == MUST_CLEAR else [((), OVER), ((), _take(state, place))]


def _moved(net: Net, state: State, place: int) -> list[tuple[tuple[str, ...], State | None]]:
    options: list[tuple[tuple[str, ...], State | None]] = []
    for move in net.moves[place]:
        if move.clears:
            options.append((move.ids, OVER))
        elif move.keeps:
            if move.spends is None or move.spends in state:
                left = state if move.spends is None else _take(state, move.spends)
                options.append((move.ids, _bounded(_put(net, left, move.to))))
        else:
            options.append((move.ids, _bounded(_put(net, _leave(net, state, place), move.to))))
    return options


def _leave(net: Net, state: State, place: int) -> State:
    """Without the token, nor the events that waited beside its task."""
    left = _take(state, place)
    for event in net.attached.get(net.targets[place], ()):
        armed = net.once.get(event.id)
        if armed is not None and armed in left:
            left = _take(left, armed)
    return left


def _parallel(net: Net, state: State) -> Iterator[list[tuple[tuple[str, ...], State | None]]]:
    here = set(state)
    for join in net.joins.values():
        if not join.inclusive and here.issuperset(join.inputs):
            left = _without(state, join.inputs)
            yield [(move.ids, _bounded(_put(net, left, move.to))) for move in join.moves]


def _without(state: State, places: Iterable[int]) -> State:
    """One token less at each of these places."""
    gone = set(places)
    left = []
    for place in state:
        if place in gone:
            gone.remove(place)
        else:
            left.append(place)
    return tuple(left)


def _inclusive(net: Net, state: State) -> Iterator[list[tuple[tuple[str, ...], State | None]]]:
    """An inclusive join goes on when no token elsewhere can come to one of its empty flows (and to no full one)."""
    for join in net.joins.values():
        full = {place for place in join.inputs if place in state} if join.inclusive else set()
        if not full:
            continue
        empty = set(join.inputs) - full
        if any((ahead := _ahead(net, place, join.id)) & empty and not ahead & full for place in set(state)):
            continue
        left = state
        for place in full:
            left = _take(left, place)
        yield [(move.ids, _bounded(_put(net, left, move.to))) for move in join.moves]


def _ahead(net: Net, place: int, join: str) -> frozenset[int]:
    """The flows into a join that a token can come to, not through the join itself."""
    if place < 0 or not net.targets[place] or net.targets[place] == join:
        return frozenset()
    known = net.comings.get((place, join))
    if known is None:
        found: set[int] = set()
        seen = {join}
        nodes = [net.targets[place]]
        inputs = set(net.joins[join].inputs)
        while nodes:
            node = nodes.pop()
            if node in seen:
                continue
            seen.add(node)
            found.update(inputs.intersection(net.leaving(node)))
            nodes.extend(net.ahead(node))
        known = net.comings[(place, join)] = frozenset(found)
    return known


def _put(net: Net, state: State, places: list[int] | tuple[int, ...]) -> State:
    """With tokens at these places. Of those that can come to no join, only what they may do to others is kept."""
    kept = list(state)
    for place in net.arriving(places):
        target = net.targets[place]
        if target and target not in net.joined:
            net.touched.add(target)
            fate = net.fate[target]
            if fate is not None and fate not in kept:
                kept.append(fate)
        else:
            kept.append(place)
    return tuple(sorted(kept))


def _bounded(state: State) -> State | None:
    crowded = any(one == other for one, other in zip(state, state[MOST_TOKENS:], strict=False))  # they are sorted
    return None if crowded else state


def _take(state: State, place: int) -> State:
    at = state.index(place)
    return state[:at] + state[at + 1 :]
