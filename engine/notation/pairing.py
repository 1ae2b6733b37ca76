"""Suggests which step of a new drawing takes the place of each step of the old one; whoever moves cases decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from engine.notation.diagram import Diagram, Element
from engine.notation.moving import STANDING, Refused, misfits

# Below this two steps are too unlike to be suggested for each other.
_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """One step of the old drawing. `new`: id suggested, "" for none. `why`: same (id) · name · place · none · misfit
    (the id is there, but it is something else). `choices`: ids that could take its place, the likeliest first."""

    old: str
    new: str
    why: str
    choices: tuple[str, ...]
    misfits: tuple[Refused, ...] = ()


def pairs(old: Diagram, new: Diagram) -> list[Pair]:
    """Every element at which a case can stand, in the order of the old file."""
    standing = [element for element in old.elements.values() if _stands(old, element)]
    same = {e.id: e.id for e in standing if e.id in new.elements and not misfits(old, e, new, new.elements[e.id])}
    free = [e for e in new.elements.values() if e.id not in same.values()]
    taken: set[str] = set()
    found: list[Pair] = []
    for element in standing:
        choices = tuple(other for _, other in sorted(_likely(old, element, new, new.elements.values(), same)))
        if element.id in same:
            found.append(Pair(element.id, element.id, "same", choices))
            continue
        there = new.elements.get(element.id)
        wrong = tuple(misfits(old, element, new, there)) if there is not None else ()
        named = [e.id for e in free if e.id not in taken and _same_name(element, e) and _fits(old, element, new, e)]
        placed = [id for unlike, id in sorted(_likely(old, element, new, free, same)) if unlike <= 1 - _LEAST]
        placed = [id for id in placed if id not in taken]
        if named:
            chosen, why = named[0], "name"
        elif placed:
            chosen, why = placed[0], "place"
        else:
            chosen, why = "", "misfit" if wrong else "none"
        taken.add(chosen)
        found.append(Pair(element.id, chosen, why, choices, wrong))
    return found


def suggested(old: Diagram, new: Diagram) -> Mapping[str, str]:
    """Only what differs: old id → new id."""
    return {pair.old: pair.new for pair in pairs(old, new) if pair.why in {"name", "place"}}


def _stands(diagram: Diagram, element: Element) -> bool:
    if element.kind in {"parallelGateway", "inclusiveGateway"}:
        return len(diagram.incoming(element.id)) > 1
    if element.kind == "intermediateCatchEvent":
        return element.trigger.kind != "link"
    # A start event waits only where it begins an event sub-process.
    if element.kind == "startEvent":
        around = diagram.elements.get(element.inside)
        return around is not None and around.by_event
    return element.outside or element.kind in STANDING - {"serviceTask", "sendTask"}


def _fits(old: Diagram, here: Element, new: Diagram, there: Element) -> bool:
    return not misfits(old, here, new, there)


def _likely(
    old: Diagram, here: Element, new: Diagram, among: Iterable[Element], same: Mapping[str, str]
) -> Iterator[tuple[float, str]]:
    """How unlike (0: none) each element is that could take the place, with its id."""
    for there in among:
        if _fits(old, here, new, there):
            yield round(1 - _likeness(old, here, new, there, same), 3), there.id


def _likeness(old: Diagram, here: Element, new: Diagram, there: Element, same: Mapping[str, str]) -> float:
    if here.id == there.id:
        return 1.0
    if _same_name(here, there):
        return 0.9
    around_here, around_there = _neighbours(old, here, same), _neighbours(new, there, {})
    shared = len(around_here & around_there) / max(1, len(around_here | around_there))
    worded = SequenceMatcher(None, here.name, there.name).ratio() if here.name and there.name else 0.0
    return 0.6 * shared + 0.3 * worded + (0.1 if here.groups == there.groups else 0.0)


def _neighbours(diagram: Diagram, element: Element, same: Mapping[str, str]) -> set[str]:
    """What leads to a step and what it leads to; of a boundary event also what it sits on."""
    before = {f"<{same.get(flow.source, flow.source)}" for flow in diagram.incoming(element.id)}
    after = {f">{same.get(flow.target, flow.target)}" for flow in diagram.outgoing(element.id)}
    host = {f"@{same.get(element.attached_to, element.attached_to)}"} if element.attached_to else set()
    return before | after | host


def _same_name(here: Element, there: Element) -> bool:
    return bool(here.name) and here.name == there.name
