"""What must be true in a story: what it expects of its case, and the laws that hold for every case."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.notation.choices import Made, made
from engine.notation.diagram import Diagram
from engine.notation.story_book import amount
from engine.notation.ways import Ways, taken
from engine.reads.kept import whole
from engine.record import chain, replay
from engine.words import written
from engine.words.values import from_json, to_json
from engine.words.worktime import HOME
from models import (
    Bar,
    Candidate,
    Case,
    Document,
    Entry,
    Notice,
    OutgoingMessage,
    ServiceJob,
    Subscription,
    Task,
    Timer,
)

Sentence = tuple[str, str]  # Chinese, English


def disappointed(session: Session, case_id: int, expect: Mapping[str, Any], *, at: datetime) -> Iterator[Sentence]:
    """A sentence for everything that is not as expected of this case now."""
    case = session.get_one(Case, case_id, populate_existing=True)
    for name in ("stage", "round", "level", "outcome"):
        if name in expect and expect[name] != getattr(case, name):
            yield _differs(name, expect[name], getattr(case, name))
    if "over" in expect and expect["over"] != (case.ended_at is not None):
        yield _differs("over", expect["over"], case.ended_at is not None)
    if "tasks" in expect:
        open_now = session.scalars(select(Task.element).where(Task.case_id == case_id, Task.done_at.is_(None)))
        found = sorted(open_now)
        if found != sorted(expect["tasks"]):
            yield _differs("tasks", sorted(expect["tasks"]), found)
    for name, column, owner in (
        ("documents", Document.kind, Document.case_id),
        ("messages", OutgoingMessage.name, OutgoingMessage.case_id),
    ):
        if name in expect:
            have = sorted(set(session.scalars(select(column).where(owner == case_id))))
            if not set(expect[name]) <= set(have):
                yield _differs(name, expect[name], have)
    if "counts" in expect:
        counted = _counts(session, case_id)
        for name, count in expect["counts"].items():
            if counted[name] != count:
                yield _differs(f"counts.{name}", count, counted[name])
    if "children" in expect:
        begun = sorted(session.scalars(select(Case.process_id).where(Case.parent_id == case_id)))
        if begun != sorted(expect["children"]):
            yield _differs("children", sorted(expect["children"]), begun)
    for name, value in expect.get("variables", {}).items():
        kept = from_json(whole(session, case_id, case.variables.get(name)))
        if not _same(value, kept, at):
            yield _differs(f"variables.{name}", value, kept)


def broken_laws(session: Session) -> Iterator[Sentence]:
    """The chain is intact, the facts give the very rows there are, an ended case leaves nothing waiting."""
    for broken in chain.verify(session).breaks:
        yield (f"事实链断在 {broken.book} 第 {broken.seq} 条：{broken.zh}",
               f"The chain of {broken.book} breaks at entry {broken.seq}: {broken.en}")  # fmt: skip
    for difference in replay.differences(session):
        which = f"{difference.table} {'/'.join(str(part) for part in difference.key)}"
        kept, told = _unlike(difference.kept, difference.told)
        yield (f"重放后不一致：{which}，现有 {kept}，重放得 {told}",
               f"Replay differs: {which} is {kept}, the facts say {told}")  # fmt: skip
    ended = select(Case.id).where(Case.ended_at.is_not(None))
    over = [f"{id}-" for id in session.scalars(ended)]
    left = {
        "tasks": session.scalar(
            select(func.count()).where(Task.case_id.in_(ended), Task.done_at.is_(None)).select_from(Task)
        ),
        "timers": session.scalar(select(func.count()).where(Timer.case_id.in_(ended)).select_from(Timer)),
        "waits": session.scalar(select(func.count()).where(Subscription.case_id.in_(ended)).select_from(Subscription)),
        "jobs": session.scalar(select(func.count()).where(ServiceJob.case_id.in_(ended)).select_from(ServiceJob)),
        "bars": sum(owner.startswith(tuple(over)) for owner in session.scalars(select(Bar.task_id))),
        "candidates": sum(
            owner.startswith(tuple(over))
            for owner in session.scalars(select(Candidate.owner).where(Candidate.owner.not_in(select(Notice.id))))
        ),
    }
    for what, count in left.items():
        if count:
            yield f"事项已结束，却留下 {count} 个 {what}", f"The case has ended and leaves {count} {what} behind"


def told_of(session: Session, diagram: Diagram) -> tuple[Ways, frozenset[Made]]:
    """Where all cases of this process have passed, and what was chosen in their forms."""
    found, chosen = Ways(), set[Made]()
    query = select(Entry.book, Entry.kind, Entry.body).join(Case, Case.id == Entry.book)
    query = query.where(Case.process_id == diagram.process).order_by(Entry.book, Entry.seq)
    facts: dict[int, list[Any]] = {}
    for book, kind, body in session.execute(query):
        if body is not None:
            facts.setdefault(book, []).append(written.fact_of(kind, body))
    for told in facts.values():
        found |= taken(diagram, told)
        chosen.update(made(diagram, told))
    return found, frozenset(chosen)


def _counts(session: Session, case_id: int) -> Counter[str]:
    bodies = session.scalars(select(Entry.body).where(Entry.book == case_id, Entry.kind == "Counted"))
    return Counter(json.loads(body)["name"] for body in bodies if body is not None)


def _same(expected: Any, found: Any, at: datetime) -> bool:
    """Yes is not 1. A day or moment may be written as in an answer: "+4d" from now, or as text."""
    length = amount(expected)
    if isinstance(found, datetime):
        wanted = at + length if length is not None else expected
        return wanted == found or str(wanted) == found.astimezone(HOME).isoformat()
    if isinstance(found, date):
        wanted = (at + length).astimezone(HOME).date() if length is not None else expected
        return wanted == found or str(wanted) == found.isoformat()
    return isinstance(expected, bool) == isinstance(found, bool) and bool(expected == found)


def _differs(name: str, expected: Any, found: Any) -> Sentence:
    wanted, have = _shown(expected), _shown(found)
    return f"{name} 应为 {wanted}，实为 {have}", f"{name} should be {wanted}, but is {have}"


def _shown(value: Any) -> str:
    try:
        kept = to_json(value)
    except TypeError:
        return str(value)
    return json.dumps(kept, ensure_ascii=False)


def _unlike(kept: Mapping[str, Any] | None, told: Mapping[str, Any] | None) -> tuple[Any, Any]:
    """Of two rows only the columns in which they differ."""
    if kept is None or told is None:
        return kept, told
    columns = [name for name in kept if kept[name] != told.get(name)]
    return {name: kept[name] for name in columns}, {name: told.get(name) for name in columns}
