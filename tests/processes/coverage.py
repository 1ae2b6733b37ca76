"""How many mechanisms of the source documents the process library carries: read from its files."""

from __future__ import annotations

from collections.abc import Iterator
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
