"""Where two tokens of one case meet without a join, so that what follows is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.notation.soundness.net import Net

# A comparison of all pairs of places; larger levels than this are not compared.
MOST_PLACES = 1_500
# Nobody draws more ways at once; comparing them all would take for ever.
MOST_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Meeting:
    """`path`: from where the ways part to where they meet, the one way and then the other."""

    element: str
    path: tuple[str, ...]
    there: tuple[str, ...]


def meetings(net: Net) -> Iterator[Meeting]:
    if len(net.targets) > MOST_PLACES:
        return
    told: set[str] = set()
    for id, together in _partings(net):
        for meeting in _Pairs(net, id, together).meetings():
            if meeting.element not in told:
                told.add(meeting.element)
                yield meeting


def _partings(net: Net) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Every element that sends tokens more than one way at once, with the pairs of places they come to."""
    for begin in net.begins:
        if len(begin) > 1:
            yield "", _pairs(tuple(begin))
    seen: set[str] = set()
    for place, target in enumerate(net.targets):
        if not target or target in seen:
            continue
        seen.add(target)
        join = net.join_at.get(place)
        for move in join.moves if join is not None else net.moves[place]:
            # What an event beside a task begins goes on beside what the task leads to.
            to = (*move.to, place) if move.keeps else move.to
            if 1 < len(to) <= MOST_AT_ONCE:
                yield target, _pairs(to)


def _pairs(places: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(a, b) for at, a in enumerate(places) for b in places[at + 1 :]]


class _Pairs:
    """Pairs of places that tokens may be at together, behind one parting and without passing it again."""

    def __init__(self, net: Net, parting: str, pairs: list[tuple[int, int]]) -> None:
        self.net = net
        self.parting = parting
        self.beside: dict[int, set[int]] = {}
        self.came: dict[tuple[int, int], tuple[tuple[int, int] | None, tuple[str, ...]]] = {}
        self.fresh: list[tuple[int, int]] = []
        for a, b in pairs:
            self._add((a, b), None, ())
        while self.fresh:
            self._move(self.fresh.pop())

    def _add(self, pair: tuple[int, int], before: tuple[int, int] | None, ids: tuple[str, ...]) -> None:
        if pair not in self.came:
            a, b = pair
            self.came[pair] = (before, ids)
            self.came[(b, a)] = (None if before is None else before[::-1], ids)
            self.beside.setdefault(a, set()).add(b)
            self.beside.setdefault(b, set()).add(a)
            self.fresh += [pair, (b, a)]

    def _move(self, pair: tuple[int, int]) -> None:
        """The first of the two goes on."""
        here, there = pair
        net = self.net
        if net.targets[here] == self.parting and self.came[pair][0] is not None:
            return
        join = net.join_at.get(here)
        moves = net.moves[here]
        if join is not None:
            if there in join.inputs or (join.inclusive and join.id in net.reached_from(net.targets[there])):
                return  # the one waits for the other: just what a join is for
            others = [place for place in join.inputs if place != here]
            beside = self.beside.get(there, set())
            if not join.inclusive and not all(place in beside for place in others):
                return
            moves = join.moves
        for move in moves:
            if move.keeps or move.clears:
                continue
            for place in move.to:
                self._add((place, there), pair, move.ids)
            for a, b in _pairs(move.to):
                self._add((a, b), pair, move.ids)

    def meetings(self) -> Iterator[Meeting]:
        for a, b in self.came:
            net = self.net
            id = net.targets[a]
            if a < b and id and id == net.targets[b] and net.join_at.get(a) is None and a != b:
                path = self._path((a, b))
                start = (self.parting,) if self.parting else ()
                yield Meeting(id, (*start, *path, id), tuple(net.flows[place] for place in (a, b)))

    def _path(self, pair: tuple[int, int]) -> tuple[str, ...]:
        steps: list[tuple[str, ...]] = []
        at: tuple[int, int] | None = pair
        first = pair
        while at is not None:
            first = at
            at, ids = self.came[at]
            steps.append(ids)
        flows = tuple(self.net.flows[place] for place in first if self.net.flows[place])
        return (*flows, *(id for ids in reversed(steps) for id in ids))
