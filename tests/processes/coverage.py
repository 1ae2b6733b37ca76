"""How many mechanisms of the source documents the process library carries, and how much of it its stories tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from engine.notation import diagram, mechanisms
from engine.notation.mechanisms import Carried, Place
from engine.reads.mechanisms import listed
from tests.conftest import PROCESSES, files_of

# Of the 101 that support the core.
ENOUGH = 90


@cache
def carried() -> Carried:
    def places() -> Iterator[tuple[str, Place]]:
        for file in sorted(PROCESSES.glob("*/*.bpmn")):
            content, tables = files_of(file.parent.name)
            yield from mechanisms.in_diagram(diagram.read(content))
            yield from mechanisms.in_tables(file.parent.name, tables)

    return mechanisms.gather(listed(), places())


def counted() -> tuple[int, int, list[str]]:
    """Core mechanisms that are carried, others that are, and the ids of those that are not."""
    places = carried().places
    missing = [one.id for one in listed().values() if one.id not in places and not one.also]
    known = listed()
    core = sum(one.core for one in known.values()) - sum(known[id].core for id in missing)
    others = sum(not one.core for one in known.values()) - sum(not known[id].core for id in missing)
    return core, others, missing


def sentence() -> str:
    core, others, missing = counted()
    known = listed()
    whole = sum(one.core for one in known.values())
    rest = f"; not carried: {', '.join(missing)}" if missing else ""
    return f"M {core}/{whole}, Part 2 {others}/{len(known) - whole}{rest}"


def told(properties: Iterable[tuple[str, object]]) -> str:
    """How much of the library its stories tell: of what the tests of that have counted, process by process."""
    sums: dict[str, list[int]] = {"events": [0, 0], "connections": [0, 0], "choices": [0, 0]}
    for name, value in properties:
        if name in sums and isinstance(value, list | tuple):
            sums[name] = [one + int(more) for one, more in zip(sums[name], value, strict=True)]
    return "Stories tell " + ", ".join(f"{some}/{all} {name}" for name, (some, all) in sums.items())
