"""How much of a round is done: of all that was planned for a repeated step, what has been visited, by whom and when.

Counted from the case's own fields, which its facts give: the list the step repeats over, and what it has collected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from engine.notation.diagram import Element
from engine.notation.expressions import ExpressionFailed, evaluate
from engine.reads.case_page import Head
from engine.reads.names import Mentioned, Names, names_for
from engine.reads.tongues import named
from engine.words.terms import Term
from engine.words.values import from_json


@dataclass(frozen=True, slots=True)
class Target:
    """`at` and `by` are None as long as it is not done."""

    name: Term
    at: datetime | None
    by: Term | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one repeated step. `planned` is never less than what is done: a list may have been cut since."""

    name: Term
    targets: tuple[Target, ...]

    @property
    def planned(self) -> int:
        return len(self.targets)

    @property
    def done(self) -> int:
        return sum(target.at is not None for target in self.targets)

    @property
    def percent(self) -> int:
        """Rounded down: 100 means all."""
        return self.done * 100 // self.planned if self.targets else 0


def of(session: Session, head: Head, *, at: datetime) -> tuple[Coverage, ...]:
    """One for each step with the property `coverage` whose list is known by now."""
    steps = [e for e in head.diagram.elements.values() if e.property("coverage") and e.repeat is not None]
    if not steps:
        return ()
    values = {name: from_json(value) for name, value in head.variables.items()}
    found = [(step, _planned(step, values, at), values.get(step.property("collect")) or []) for step in steps]
    mentioned = Mentioned()
    mentioned.read([[_plain(planned), _plain(done)] for _step, planned, done in found])
    names = names_for(session, head.diagram, mentioned)
    return tuple(_coverage(step, planned, done, names) for step, planned, done in found if planned or done)


def _planned(step: Element, values: Mapping[str, Any], at: datetime) -> list[Any]:
    assert step.repeat is not None
    try:
        listed = evaluate(step.repeat.collection or "null", values, at=at)
    except ExpressionFailed:
        return []
    return listed if isinstance(listed, list) else []


def _coverage(step: Element, planned: list[Any], done: list[Any], names: Names) -> Coverage:
    visits: dict[bytes, list[Mapping[str, Any]]] = {}
    variable = (step.repeat.variable if step.repeat else None) or "item"
    for visit in done:
        if isinstance(visit, Mapping):
            visits.setdefault(_key(visit.get(variable, visit.get("item"))), []).append(visit)
    targets = []
    for target in planned:
        visit = (visits.get(_key(target)) or [{}]).pop(0)
        when, who = visit.get("at"), visit.get("by")
        targets.append(
            Target(
                _name(target, names),
                when if isinstance(when, datetime) else None,
                names.officer(str(who)) if who else None,
            )
        )
    return Coverage(named(step.property("coverage"), step.property("coverage.en")), tuple(targets))


def _name(target: Any, names: Names) -> Term:
    """A unit by its name; a context by its values, each in the words of the field of that name."""
    if isinstance(target, Mapping):
        parts = [names.value(key, value) for key, value in target.items() if value is not None]
        return Term(" ".join(part.zh for part in parts), " ".join(part.en for part in parts))
    return names.value("item", target)


def _key(value: Any) -> bytes:
    return orjson.dumps(_plain(value), option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:
    return orjson.loads(orjson.dumps(value, default=str))
