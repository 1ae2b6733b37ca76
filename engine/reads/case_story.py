"""A recorded case told as a story: who did what, when, and what was then true, with nobody's name and no free text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from engine.notation.answers import FILES, SHOWN_ONLY
from engine.notation.checks.places import places
from engine.notation.diagram import Diagram, Element
from engine.notation.diagram import read as read_diagram
from engine.notation.elements import Field
from engine.notation.expressions import names_of_many
from engine.reads.kept import wholes
from engine.reads.sentences.course import case_number
from engine.words import facts as f
from engine.words import written
from engine.words.errors import Fault, NotValid
from engine.words.values import from_json
from engine.words.worktime import HOME
from models import Case, Entry, Officer, Unit, Version

_WORD = re.compile(r"[A-Za-z_]\w*")
_TAG = re.compile(r"<[^>]*>")
# What decides about the way of a case: a text read there is kept, because another would lead elsewhere.
_DECIDING = {
    "condition", "due date", "assignee", "candidate groups", "script", "timer", "priority",
    "multi-instance collection", "multi-instance completion condition", "completion condition",
}  # fmt: skip
_CHECKING = ("show of field", "required_if of field", "check of field")
# As long as the number of an identity card: what stands for a person passes for any of his fields.
_OF_A_PERSON = 18
# What an officer did that a story has no words for.
_UNTOLD = (f.CaseMoved, f.FieldsCorrected, f.CaseFreed, f.CaseCancelled, f.ElementSkipped, f.CaseMerged)


@dataclass
class _Now:
    """What the page of the case would show, as the facts go by."""

    stage: str = ""
    tasks: dict[str, str] = field(default_factory=dict)
    items: dict[str, Any] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)

    def see(self, fact: Any) -> None:
        match fact:
            case f.StageChanged():
                self.stage = fact.after
            case f.TaskOpened():
                self.tasks[fact.task], self.items[fact.task] = fact.element, fact.item
            case f.TaskCompleted() | f.TaskCancelled():
                self.tasks.pop(fact.task, None)
            case f.DocumentIssued():
                self.documents.add(fact.kind)
            case f.MessageSent():
                self.messages.add(fact.name)

    @property
    def expected(self) -> dict[str, Any]:
        return {**({"stage": self.stage} if self.stage else {}), "tasks": sorted(self.tasks.values())}


def of_case(session: Session, case_id: int) -> str:
    """The text of a book with one story, which goes well on the version of the case. Raises `NotValid` for a case that
    no story can tell: repaired, moved to another version, merged, or begun by no officer."""
    case = session.get_one(Case, case_id)
    version = session.get_one(Version, case.version_id)
    return _Writer(session, case, read_diagram(version.diagram), version.tables).text()


class _Writer:
    def __init__(self, session: Session, case: Case, diagram: Diagram, tables: Mapping[str, str]) -> None:
        self.session = session
        self.case = case
        self.diagram = diagram
        self.kept = _decides(diagram, tables)
        self.units = {unit.id: unit for unit in session.scalars(select(Unit))}
        self.codes = {unit.code: unit for unit in self.units.values()}
        query = select(Officer).options(selectinload(Officer.grants))
        self.officers = {officer.id: officer for officer in session.scalars(query)}
        self.logins = {officer.login: officer for officer in self.officers.values()}
        self.people = sorted({o.name for o in self.officers.values() if len(o.name) > 1}, key=len, reverse=True)
        self.cast: dict[int, str] = {}
        self.homes: dict[int, Unit] = {}
        self.used: set[str] = set()
        self.files: Counter[str] = Counter()
        self.steps: list[dict[str, Any]] = []

    def text(self) -> str:
        rows = self.session.execute(
            select(Entry.at, Entry.officer_id, Entry.unit_id, Entry.kind, Entry.body)
            .where(Entry.book == self.case.id)
            .order_by(Entry.seq)
        ).all()
        if any(row.body is None for row in rows):
            raise _cannot("它的事实有一部分已经封存", "some of its facts have been sealed away")
        bodies = wholes(self.session, [(self.case.id, orjson.loads(row.body)) for row in rows])
        now, acts = _Now(), _acts(rows, bodies)
        begins = acts[0][0].replace(microsecond=0)
        clock = begins
        for at, officer, unit, facts in acts:
            for fact in facts:
                if isinstance(fact, _UNTOLD):
                    name = type(fact).__name__
                    raise _cannot(f"其中有故事说不了的操作（{name}）", f"it holds an act no story can tell ({name})")
            before = dict(now.items)
            step = self._step(at, officer, unit, facts, before)
            for fact in facts:
                now.see(fact)
                self._mention(fact)
            if step is None:
                continue
            moment = at.replace(microsecond=0)
            if moment > clock:
                step = {"at": _length(moment - clock), **step}
                clock = moment
            self.steps += [step, {"expect": now.expected}]
        last = acts[-1][0] + timedelta(seconds=1)
        if last > clock:
            self.steps.append({"clock": _length(last.replace(microsecond=0) - clock)})
        self.steps.append({"expect": self._ending(now)})
        return self._written(begins)

    def _step(
        self, at: datetime, officer: int | None, unit: int | None, facts: Sequence[Any], items: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """What the officer did; None for what the clock brought, or what no story needs to tell."""
        if officer is None:
            if any(isinstance(fact, f.CaseOpened) for fact in facts):
                raise _cannot("它不是由人员提出的", "no officer raised it")
            if any(isinstance(fact, f.MessageReceived) for fact in facts):
                raise _cannot("有别的事项给它发过消息", "another case has sent it a message")
            return None
        for fact in facts:
            match fact:
                case f.CaseOpened():
                    changed = next((one.after for one in facts if isinstance(one, f.VariablesChanged)), {})
                    who = self._who(officer, fact.raiser_unit or unit)
                    start = self.diagram.start
                    return {"raise": self._answers(start, changed, at) if start else {}, "by": who}
                case f.TaskCompleted():
                    element = self.diagram.elements.get(fact.element)
                    told = {"does": fact.element, "by": self._who(officer, unit)}
                    item = items.get(fact.task)
                    told |= {"for": item} if isinstance(item, str) and item in self.codes else {}
                    answers = self._answers(element, fact.answers, at) if element else {}
                    return {**told, **({"answers": answers} if answers else {})}
                case f.MessageReceived(sender=None) | f.StepChosen():
                    element = self.diagram.elements.get(fact.element)
                    given = fact.payload if isinstance(fact, f.MessageReceived) else {}
                    answers = self._answers(element, given, at) if element else {}
                    told = {"button": fact.element, "by": self._who(officer, unit)}
                    return {**told, **({"answers": answers} if answers else {})}
        return None

    # --- who -------------------------------------------------------------------------------------------------------

    def _who(self, officer_id: int, unit_id: int | None = None) -> str:
        """An invented name, after what the officer is there for."""
        if officer_id in self.cast:
            return self.cast[officer_id]
        officer = self.officers[officer_id]
        home = self.units[unit_id if unit_id is not None else officer.unit_id]
        roles = [grant.role for grant in officer.grants]
        name = roles[0] if roles else "officer"
        count = sum(each == name or each.startswith(f"{name}_no") for each in self.cast.values())
        self.cast[officer_id], self.homes[officer_id] = (name if not count else f"{name}_no{count + 1}"), home
        self.used |= {home.code, *(self.units[grant.unit_id].code for grant in officer.grants)}
        return self.cast[officer_id]

    def _mention(self, fact: Any) -> None:
        """Every unit that a fact names must be there in the story, too."""
        for value in _leaves(written.body_of(fact)):
            if value in self.codes:
                self.used.add(value)
        for name in ("lead", "before", "after", "unit", "to_unit"):
            unit = getattr(fact, name, None)
            if isinstance(unit, int) and not isinstance(fact, f.LevelRaised) and unit in self.units:
                self.used.add(self.units[unit].code)

    # --- answers ---------------------------------------------------------------------------------------------------

    def _answers(self, element: Element | None, given: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for one in element.form if element is not None else ():
            if one.id not in given or one.readonly or one.type in SHOWN_ONLY:
                continue
            value = from_json(given[one.id])
            if value in (None, [], "") and not one.default:
                continue
            answers[one.id] = self._answer(one, value, at)
        return answers

    def _answer(self, one: Field, value: Any, at: datetime) -> Any:
        if one.personal:
            return {"date": "+0d", "datetime": "+0m", "long": 1, "number": 1}.get(one.type, _filler(one, _OF_A_PERSON))
        if one.type == "issue" and value:
            raise _cannot("它引用了另一件", "it refers to another case")
        if one.type in FILES:
            return [self._file(ref) for ref in value or ()]
        if one.type == "officer" and isinstance(value, str) and value in self.logins:
            return self._who(self.logins[value].id)
        if isinstance(value, datetime):
            return _length(value.replace(microsecond=0) - at.replace(microsecond=0))
        if isinstance(value, date):
            days = (value - at.astimezone(HOME).date()).days
            return f"{'-' if days < 0 else '+'}{abs(days)}d"
        if one.type in {"string", "text"} and isinstance(value, str):
            return self._plain(value) if one.id in self.kept else _filler(one, len(value))
        return value

    def _file(self, ref: Any) -> str:
        name = str(ref.get("name", "")) if isinstance(ref, Mapping) else ""
        kind, end = ("photo", "png") if name.lower().endswith((".png", ".jpg", ".jpeg")) else ("paper", "pdf")
        self.files[kind] += 1
        return f"{kind}{self.files[kind]}.{end}"

    def _plain(self, text: str) -> str:
        """A text that decides something: as it is, without names of officers and long numbers."""
        for name in self.people:
            text = text.replace(name, "某人")
        return re.sub(r"\d[\d -]{5,}\d", "……", text)

    # --- the book --------------------------------------------------------------------------------------------------

    def _ending(self, now: _Now) -> dict[str, Any]:
        told: dict[str, Any] = dict(now.expected)
        told |= {"round": self.case.round, "level": self.case.level, "outcome": self.case.outcome}
        told |= {"documents": sorted(now.documents)} if now.documents else {}
        told |= {"messages": sorted(now.messages)} if now.messages else {}
        return {**told, "over": self.case.ended_at is not None}

    def _written(self, begins: datetime) -> str:
        units: dict[str, Any] = {}
        for code in sorted(self.used):
            self._put(units, self.codes[code])
        cast = {}
        for id, name in self.cast.items():
            home = self.homes[id]
            held = [(g.role, self.units[g.unit_id].code) for g in self.officers[id].grants]
            roles = [role if code == home.code else f"{role}@{code}" for role, code in sorted(held)]
            cast[name] = {"unit": home.code, "roles": roles}
        number = case_number(self.case.id)
        story = {
            "id": f"case_{number.replace('-', '_')}",
            "zh": f"由事项 {number} 转成（人名、文字已替换）",
            "en": f"Made from case {number} (names and texts replaced)",
            "begins": begins.astimezone(HOME),
            "steps": self.steps,
        }
        book = {"units": units, "cast": cast, "stories": [story]}
        text: str = yaml.safe_dump(book, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)
        return text

    def _put(self, units: dict[str, Any], unit: Unit) -> None:
        if unit.code in units:
            return
        above = self.units.get(unit.parent_id) if unit.parent_id is not None else None
        if above is not None:
            self._put(units, above)
        entry = {"name": unit.name, "en": unit.name_en, "kind": unit.kind, "above": above.code if above else ""}
        units[unit.code] = {name: value for name, value in entry.items() if value}


def _decides(diagram: Diagram, tables: Mapping[str, str]) -> set[str]:
    """Fields whose text leads a case one way or another."""
    asked = [p.text for p in places(diagram) if p.en in _DECIDING or p.en.startswith(_CHECKING)]
    scripts = [element.script for element in diagram.elements.values()]
    written = (*(_TAG.sub(" ", text) for text in tables.values()), *scripts)
    words = {word for text in written for word in _WORD.findall(text)}
    return words.union(*names_of_many([(text, False) for text in asked], in_filters=False))


def _acts(rows: Iterable[Any], bodies: Iterable[Any]) -> list[tuple[datetime, int | None, int | None, list[Any]]]:
    """Facts that one officer (or the clock) left at one moment, in order."""
    acts: list[tuple[datetime, int | None, int | None, list[Any]]] = []
    for row, body in zip(rows, bodies, strict=True):
        at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
        fact = written.fact_from(row.kind, body)
        if acts and acts[-1][:2] == (at, row.officer_id):
            acts[-1][3].append(fact)
        else:
            acts.append((at, row.officer_id, row.unit_id, [fact]))
    return acts


def _leaves(body: Any) -> set[str]:
    return set(re.findall(r'"([^"\\]{1,64})"', body))


def _filler(one: Field, length: int) -> str:
    """As long as what was written, up to a sentence: a form may ask for so many signs."""
    label = f"（{one.label or one.id}）"
    return (label * (length // len(label) + 1))[: max(length, len(label))] if length < 400 else label * 50


def _length(time: timedelta) -> str:
    sign, seconds = ("-", -time) if time < timedelta(0) else ("+", time)
    whole = int(seconds.total_seconds())
    days, rest = divmod(whole, 86400)
    parts = [(days, "d"), (rest // 3600, "h"), (rest % 3600 // 60, "m"), (rest % 60, "s")]
    return sign + ("".join(f"{count}{unit}" for count, unit in parts if count) or "0m")


def _cannot(zh: str, en: str) -> NotValid:
    return NotValid([Fault("", f"这件事项转不成故事：{zh}。", f"This case cannot be told as a story: {en}.")])
