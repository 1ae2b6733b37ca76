"""What people call things: units, officers, steps and fields, in both languages, as the case's diagram says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import cache, cached_property, partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram, Field
from engine.notation.elements import Choice
from engine.reads import phrases, spoken, values
from engine.reads.codes import COLUMNS, codes_of
from engine.reads.personal import masks
from engine.reads.tongues import joined, named, say
from engine.words.labels import CLOCKS, VARIABLES
from engine.words.officers import CLOCK
from engine.words.personal import is_ref
from engine.words.terms import ROLES, Term
from models import Officer, Unit

ZONE = ZoneInfo("Asia/Shanghai")
NOBODY = Term("系统时钟", "The clock")
# What sends a message; a boundary or catching event of the same name waits for it.
_SENDS = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})
_CODE = re.compile(r"\S{1,64}")


@dataclass
class Mentioned:
    """Whom a set of facts speaks of, so that all names come in two statements."""

    unit_ids: set[int] = field(default_factory=set)
    officer_ids: set[int] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    personal: set[str] = field(default_factory=set)

    def read(self, value: Any, key: str = "") -> None:
        """Walks a fact's body (or a case's variables)."""
        if is_ref(value):
            self.personal.add(value["personal"])
        elif isinstance(value, Mapping):
            for name, part in value.items():
                self.read(part, str(name))
        elif isinstance(value, list):
            for part in value:
                self.read(part, key)
        elif isinstance(value, bool):
            return
        elif isinstance(value, int):
            if key in {"unit", "to_unit", "raiser_unit", "before", "after", "parent"}:
                self.unit_ids.add(value)
            elif key == "officer":
                self.officer_ids.add(value)
        elif isinstance(value, str) and _CODE.fullmatch(value):
            self.codes.add(value)


@dataclass(frozen=True)
class Names:
    """Names for one page. Whoever is not known by name is called by number."""

    diagram: Diagram | None
    units: Mapping[int, Term]
    unit_codes: Mapping[str, Term]
    officers: Mapping[int, Term]
    logins: Mapping[str, Term]
    # officer id -> own unit id
    homes: Mapping[int, int]
    zone: tzinfo = ZONE
    # What the case ran by before: forms that only an older version has still name what was filled in.
    earlier: tuple[Diagram, ...] = ()
    # Personal values by the name of their reference, as everybody may read them: 张＊.
    masks: Mapping[str, str] = field(default_factory=dict)
    # (field, code) -> what other processes call a code of the ledger: categories, sources, processes.
    codes: Mapping[tuple[str, str], Term] = field(default_factory=dict)
    # The same, looked up (one statement) only when a code turns up which the case's own process does not know.
    find: Callable[[], Mapping[tuple[str, str], Term]] | None = None

    def by(self, diagram: Diagram | None) -> Names:
        """The same people and units, with the steps of another drawing."""
        return self if diagram is self.diagram else replace(self, diagram=diagram)

    def unit(self, wanted: int | str | None) -> Term:
        if wanted is None:
            return Term("", "")
        if isinstance(wanted, int):
            return self.units.get(wanted, Term(f"单位{wanted}", f"unit {wanted}"))
        return self.unit_codes.get(wanted, Term(wanted, wanted))

    def officer(self, wanted: int | str | None) -> Term:
        if wanted is None:
            return NOBODY
        if isinstance(wanted, int):
            return self.officers.get(wanted, Term(f"人员{wanted}", f"officer {wanted}"))
        if wanted == CLOCK.login:
            return NOBODY
        return self.logins.get(wanted, Term(wanted, wanted))

    def has(self, id: str) -> bool:
        """Whether this is a step with a name, not a sequence flow or a nameless gateway."""
        known = self.diagram.elements.get(id) if self.diagram else None
        return bool(known and known.name)

    def element(self, id: str) -> Term:
        known = self.diagram.elements.get(id) if self.diagram else None
        return named(known.name or id, known.name_en) if known else Term(id, id)

    def button(self, id: str) -> Term:
        """What an officer presses to start this step, or else its name."""
        known = self.diagram.elements.get(id) if self.diagram else None
        if known and known.property("button"):
            return named(known.property("button"), known.property("button.en"))
        return self.element(id)

    def message(self, name: str) -> Term:
        """A message is called after the step that sends it; several that send the same are all named."""
        elements = self.diagram.elements.values() if self.diagram else ()
        senders = [e for e in elements if e.trigger.kind == "message" and e.trigger.name == name and e.kind in _SENDS]
        return joined(self.element(e.id) for e in senders) if senders else Term(name, name)

    def counter(self, name: str) -> Term:
        """What is counted is called after the step that counts it."""
        elements = self.diagram.elements.values() if self.diagram else ()
        steps = [e for e in elements if e.topic == "counter.add" and e.property("name") == name]
        return self.element(steps[0].id) if steps else Term(name, name)

    @cached_property
    def stages(self) -> frozenset[str]:
        """The stages its case can come to."""
        elements = self.diagram.elements.values() if self.diagram else ()
        return frozenset(element.property("stage") for element in elements)

    def clock(self, name: str) -> Term:
        """A clock is called after the step that starts it: "整改时限"."""
        return CLOCKS.get(name) or self._clocks.get(name) or Term(name, name)

    @cached_property
    def limits(self) -> frozenset[str]:
        """The words by which clocks are called; a decision that gives limits uses them too."""
        return frozenset(CLOCKS) | frozenset(self._clocks)

    @cached_property
    def _results(self) -> dict[str, Term]:
        """What a decision decides is called after the step that asks it."""
        elements = self.diagram.elements.values() if self.diagram else ()
        return {e.result: self.element(e.id) for e in elements if e.result}

    @cached_property
    def _clocks(self) -> dict[str, Term]:
        elements = self.diagram.elements.values() if self.diagram else ()
        return {
            e.property("clock"): say("{step}时限", "{step} deadline", step=self.element(e.id))
            for e in elements
            if e.property("clock")
        }

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field of every form; the first form that asks for it names it."""
        found: dict[str, Field] = {}
        for diagram in (self.diagram, *self.earlier):
            for element in diagram.elements.values() if diagram else ():
                for asked in element.form:
                    found.setdefault(asked.id, asked)
        return found

    @cached_property
    def choices(self) -> dict[tuple[str, str], Choice]:
        """What is only a text where a message brings it may be a choice where an officer is asked."""
        found: dict[tuple[str, str], Choice] = {}
        for diagram in (self.diagram, *self.earlier):
            for element in diagram.elements.values() if diagram else ():
                for asked in element.form:
                    for choice in asked.choices:
                        found.setdefault((asked.id, choice.id), choice)
        return found

    @cached_property
    def proposed(self) -> dict[str, Field]:
        """By variable the field of choices it fills in beforehand: what a table found is called as the form does."""
        return {asked.default[1:]: asked for asked in self.fields.values() if asked.choices and asked.default}

    @cached_property
    def hidden(self) -> frozenset[str]:
        """What the process keeps for itself."""
        return frozenset(id for id, said in self.called.items() if said.type == "hidden")

    def field(self, id: str, element: str = "") -> Field | None:
        at = self.diagram.elements.get(element) if self.diagram and element else None
        for asked in at.form if at else ():
            if asked.id == id:
                return asked
        return self.fields.get(id)

    @cached_property
    def called(self) -> dict[str, Field]:
        """What no form asks for, as the process calls it."""
        return _merged(diagram.called for diagram in (self.diagram, *self.earlier) if diagram)

    @cached_property
    def handed_on(self) -> dict[str, Field]:
        """Fields that a paper hands on under another name."""
        return _merged(diagram.handed_on for diagram in (self.diagram, *self.earlier) if diagram)

    def label(self, id: str, element: str = "", *, inside: str = "") -> Term:
        """`inside`: the list of records, or the record, that this is an entry of."""
        for asked in (self.called.get(f"{inside}.{id}"), self.field(id, element), self.called.get(id)):
            if asked and asked.label:
                return named(asked.label, asked.label_en)
        if known := VARIABLES.get(id) or self._results.get(id):
            return known
        on = self.handed_on.get(id)
        if on and on.label:
            return named(on.label, on.label_en)
        if id in self.limits:
            return self.clock(id)
        # A table gives each step its limit under the id of that step.
        return self.element(id) if self.has(id) else Term(id, id.replace("_", " "))

    def value(self, id: str, value: Any, element: str = "") -> Term:
        """A value of a variable, as it is kept or as it is worked with, in the words of an officer."""
        return values.told(self, id, value, element)

    def instance(self, item: Any) -> Term:
        """Which instance of a repeated step: a unit by its name, a context by what it is called, in a few words."""
        return values.instance(self, item)

    def code(self, id: str, code: str) -> Term | None:
        """A code of the ledger as other processes call it: a recheck knows the category of its issue by its code."""
        unknown = self.find is not None and id in COLUMNS and code.isascii()
        known = self.codes or (self.find() if self.find is not None and unknown else {})
        return known.get((id, code))

    def made(self, id: str, text: str) -> Term | None:
        """A text that the diagram put together, in both languages."""
        diagrams = (one for one in (self.diagram, *self.earlier) if one)
        return next((term for one in diagrams if (term := phrases.made(one, id, text))), None)

    def title(self, text: str) -> Term:
        """The title of a case; what people wrote stays as they wrote it."""
        return self.value("title", text)

    def wanted(self, wishes: Iterable[Mapping[str, Any]]) -> Term:
        """For whom something is meant: "城关镇 责任单位经办"."""
        return joined(self._wish(wish) for wish in wishes)

    def _wish(self, wish: Mapping[str, Any]) -> Term:
        if wish.get("officer") is not None:
            return self.officer(wish["officer"])
        role = ROLES.get(str(wish.get("role")), Term(str(wish.get("role")), str(wish.get("role"))))
        if wish.get("unit") is None:
            return role
        return say("{unit} {role}", "{role} of {unit}", unit=self.unit(wish["unit"]), role=role)

    def moment(self, value: datetime | str | None, *, year: int | None = None) -> Term:
        return spoken.moment(value, self.zone, year=year)


def _merged(several: Iterable[Mapping[str, Field]]) -> dict[str, Field]:
    """The first to name something names it."""
    found: dict[str, Field] = {}
    for one in several:
        found = {**one, **found}
    return found


def names_for(session: Session, diagram: Diagram | None, mentioned: Mentioned, *, zone: tzinfo = ZONE) -> Names:
    """Two statements, however many facts (three where persons are named): the officers mentioned, and the units
    mentioned with those officers' own."""
    officers = session.execute(
        select(Officer.id, Officer.login, Officer.name, Officer.name_en, Officer.unit_id).where(
            or_(Officer.id.in_(mentioned.officer_ids), Officer.login.in_(mentioned.codes))
        )
    ).all()
    unit_ids = mentioned.unit_ids | {officer.unit_id for officer in officers}
    units = session.execute(
        select(Unit.id, Unit.code, Unit.name, Unit.name_en).where(
            or_(Unit.id.in_(unit_ids), Unit.code.in_(mentioned.codes))
        )
    ).all()
    return Names(
        diagram=diagram,
        units={unit.id: named(unit.name, unit.name_en) for unit in units},
        unit_codes={unit.code: named(unit.name, unit.name_en) for unit in units},
        officers={officer.id: named(officer.name, officer.name_en) for officer in officers},
        logins={officer.login: named(officer.name, officer.name_en) for officer in officers},
        homes={officer.id: officer.unit_id for officer in officers},
        zone=zone,
        masks=masks(session, mentioned.personal),
        find=cache(partial(codes_of, session)),
    )
