"""What designers ask about moving running cases: who stands where, which moves there were, how far each is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.notation.checks.naming import kind_of
from engine.notation.diagram import Diagram, Element
from engine.notation.pairing import Pair, pairs
from engine.reads import designs
from engine.reads.diagrams import diagram_of
from engine.reads.tongues import named
from engine.words.errors import NotFound
from engine.words.terms import Term
from models import Case, Move, MovedCase, Officer, Subscription, Task, Timer, Version

OUTCOMES: Mapping[str, Term] = {
    "moves": Term("可以迁移", "can move"),
    "moved": Term("已迁移", "moved"),
    "back": Term("已退回", "went back"),
    "kept": Term("已往下办，留在新版", "had gone on and stay"),
    "refused": Term("不能迁移", "cannot move"),
    "": Term("还在等", "still wait"),
}
HOW: Mapping[str, Term] = {
    "keep": Term("不变", "kept"),
    "restart": Term("重新起算", "begun anew"),
    "recount": Term("按新版从原起点重算", "counted anew by the new rule"),
    "new": Term("新增", "new"),
    "dropped": Term("取消", "dropped"),
}
LISTED = 50


@dataclass(frozen=True, slots=True)
class Place:
    """An element as it is listed. `rule`: of a timer, how it is written."""

    id: str
    name: Term
    kind: Term
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the old version and what may take its place. `open`: cases that stand there now; `chosen`: the id
    that is suggested, "" for none."""

    old: Place
    open: int
    chosen: str
    why: str
    choices: tuple[Place, ...]
    misfits: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """A timer of the new version, and how the old one (of the same id) was written; None when there was none."""

    new: Place
    was: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One move. `counts` by outcome, "" for those that wait their turn; `done` of `total` in what is under way."""

    move: Move
    to: int
    by: Term | None
    taken_back_by: Term | None
    counts: Mapping[str, int]
    done: int
    total: int

    @property
    def under_way(self) -> bool:
        return self.move.finished_at is None

    @property
    def share(self) -> int:
        return 100 if self.total == 0 else round(100 * self.done / self.total)


def running(session: Session, process_id: str) -> dict[int, int]:
    """Version number → cases that have not ended, every version of the process, newest first."""
    counted = (
        select(Version.number, func.count(Case.id))
        .outerjoin(Case, (Case.version_id == Version.id) & Case.ended_at.is_(None))
        .where(Version.process_id == process_id)
        .group_by(Version.number)
        .order_by(Version.number.desc())
    )
    found = {number: int(count) for number, count in session.execute(counted)}
    if not found:
        raise NotFound(
            f"流程“{process_id[:100]}”没有已发布的版本", f'The process "{process_id[:100]}" has no published version'
        )
    return found


def mapping(session: Session, process_id: str, before: int, after: int) -> tuple[list[Row], list[Clock]]:
    """Every step at which a case can stand, with what is suggested to take its place; and the timers of the new
    version. Raises `NotFound`."""
    old_version = designs.version(session, process_id, before)
    new_version = designs.version(session, process_id, after)
    old = diagram_of(session, old_version.id, old_version.digest)
    new = diagram_of(session, new_version.id, new_version.digest)
    stand = _standing(session, old_version.id)
    # What has no counterpart comes first, then what is only suggested, then where most cases stand.
    certain = {"none": 0, "misfit": 0, "place": 1, "name": 1, "same": 2}
    rows = [_row(old, new, pair, stand) for pair in pairs(old, new)]
    rows.sort(key=lambda row: (certain[row.why], -row.open))
    clocks = [
        Clock(place(new, element.id), old.elements[element.id].trigger.text if element.id in old.elements else None)
        for element in new.elements.values()
        if element.trigger.kind == "timer" and (element.kind != "startEvent" or element.inside in new.elements)
    ]
    return rows, clocks


def _row(old: Diagram, new: Diagram, pair: Pair, stand: Mapping[str, int]) -> Row:
    choices = list(pair.choices)
    if pair.old in new.elements and pair.old not in choices:
        choices.append(pair.old)  # chosen nevertheless, every case that stands there is told why it does not fit
    chosen = pair.new or (pair.old if pair.old in new.elements else "")
    if chosen and chosen not in choices:
        choices.insert(0, chosen)
    return Row(
        place(old, pair.old), stand.get(pair.old, 0), chosen, pair.why,
        tuple(place(new, id) for id in choices), tuple(Term(each.zh, each.en) for each in pair.misfits),
    )  # fmt: skip


def place(diagram: Diagram, id: str) -> Place:
    element = diagram.elements.get(id)
    if element is None:
        return Place(id, Term(id, id), Term("", ""))
    zh, en = kind_of(element.kind)
    return Place(id, name(element), Term(zh, en), element.trigger.text if element.trigger.kind == "timer" else "")


def name(element: Element) -> Term:
    return named(element.name or element.id, element.name_en)


def _standing(session: Session, version_id: int) -> Counter[str]:
    """How many open cases wait at each element."""
    found: Counter[str] = Counter()
    for table, more in ((Task, [Task.done_at.is_(None)]), (Timer, []), (Subscription, [])):
        counted = (
            select(table.element, func.count(func.distinct(table.case_id)))
            .join(Case, Case.id == table.case_id)
            .where(Case.version_id == version_id, Case.ended_at.is_(None), *more)
            .group_by(table.element)
        )
        for element, count in session.execute(counted):
            found[element] = max(found[element], count)
    return found


def standings(session: Session, *, process_id: str | None = None, open_only: bool = False) -> list[Standing]:
    """The newest moves first, of one process or of all; trials too."""
    query = select(Move).order_by(Move.id.desc()).limit(LISTED)
    if process_id is not None:
        query = query.where(Move.process_id == process_id)
    if open_only:
        query = query.where(Move.finished_at.is_(None))
    return _told(session, session.scalars(query).all())


def standing(session: Session, process_id: str, id: int) -> Standing:
    move = session.get(Move, id)
    if move is None or move.process_id != process_id:
        raise NotFound(f"没有编号为 {id} 的迁移", f"There is no move {id}")
    return _told(session, [move])[0]


def _told(session: Session, moves: Iterable[Move]) -> list[Standing]:
    listed = list(moves)
    counts: dict[int, Counter[str]] = {move.id: Counter() for move in listed}
    counted = (
        select(MovedCase.move_id, MovedCase.outcome, func.count())
        .where(MovedCase.move_id.in_(counts))
        .group_by(MovedCase.move_id, MovedCase.outcome)
    )
    for id, outcome, count in session.execute(counted):
        counts[id][outcome or ""] = count
    people = {move.ordered_by for move in listed} | {move.taken_back_by for move in listed}
    officers = session.execute(select(Officer.id, Officer.name, Officer.name_en).where(Officer.id.in_(people - {None})))
    names = {row.id: named(row.name, row.name_en) for row in officers}
    versions = select(Version.id, Version.number).where(Version.id.in_({move.to_version_id for move in listed}))
    numbers = {id: int(number) for id, number in session.execute(versions)}
    return [
        Standing(
            move, numbers[move.to_version_id], names.get(move.ordered_by or 0), names.get(move.taken_back_by or 0),
            counts[move.id], *_progress(move.taken_back_at, move.finished_at, counts[move.id]),
        )
        for move in listed
    ]  # fmt: skip


def _progress(taken_back: datetime | None, finished: datetime | None, counts: Mapping[str, int]) -> tuple[int, int]:
    """Of those that go back while a move is undone, else of all."""
    if taken_back is not None and finished is None:
        done = counts.get("back", 0) + counts.get("kept", 0)
        return done, done + counts.get("moved", 0)
    total = sum(counts.values())
    return total - counts.get("", 0), total
