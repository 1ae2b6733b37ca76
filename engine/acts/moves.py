"""Moving running cases to another version of their process: tried, ordered with a reason, done bit by bit, undone.

A move is a list of cases. `go_on` does the next few, each in a transaction of its own under the lock of its case, so an
officer waits for one case at most, a machine that dies loses nothing, and whoever calls it again (the worker, a page, a
command) goes on where it stopped. A trial is the same list, decided in the same way, with nothing recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, insert, literal, null, select, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import move_turns
from engine.notation.moving import Wishes
from engine.reads import designs
from engine.reads.diagrams import diagram_of
from engine.record.journal import record_office
from engine.words import facts as f
from engine.words.errors import Fault, NotAllowed, NotFound, NotValid, OutOfDate
from engine.words.officers import Actor
from models import Case, Move, MovedCase, Process, Version
from models.session import reading

# How many cases `go_on` does before it looks up; the timers must not wait for the rest.
HANDFUL = 25
TIMINGS = ("keep", "restart", "recount")


def order(
    session: Session,
    process_id: str,
    to: int,
    wishes: Wishes,
    *,
    by: Actor,
    at: datetime,
    number: int | None = None,
    stage: str = "",
    cases: Sequence[int] = (),
    reason: str = "",
    trial: bool = False,
) -> Move:
    """Puts the open cases of version `number` (None: of every other version) on the list for version `to`; `stage` or
    `cases` choose among them. Raises `NotAllowed`, `NotFound`, `NotValid` (mapping, timers, dues, number, reason),
    `OutOfDate` while another move of this process goes on."""
    _refuse_others(by)
    if session.get(Process, process_id) is None:
        raise NotFound(f"没有流程“{process_id[:100]}”", f'There is no process "{process_id[:100]}"')
    target = designs.version(session, process_id, to)
    _refuse_wishes(session, process_id, number, target, wishes)
    if not trial and not reason.strip():
        raise NotValid([Fault("reason", "请写明为什么迁移，经办人员和审计都会看到。",
                              "Say why the cases move; officers and auditors will read it.")])  # fmt: skip
    if not trial and under_way(session, process_id):
        raise OutOfDate(
            "这个流程有迁移正在进行，做完后再来。", "Another move of this process is under way; wait until it is done."
        )
    chosen = _chosen(process_id, target, number, stage, cases)
    id = (session.execute(select(func.max(Move.id))).scalar() or 0) + 1
    sieve: dict[str, Any] = {"stage": stage} if stage else {"cases": list(cases)} if cases else {}
    kept = {"mapping": dict(wishes.mapping), "timers": dict(wishes.timers), "dues": wishes.dues}
    move = Move(
        id=id, process_id=process_id, from_number=number, to_version_id=target.id, trial=trial, wishes=kept,
        sieve=sieve, reason=reason.strip()[:2000], cases=0, ordered_at=at, ordered_by=by.id,
    )  # fmt: skip
    session.add(move)
    session.flush()
    columns = ["move_id", "case_id", "from_version_id", "outcome", "reasons", "report", "undoing", "digest"]
    lists = [literal(value, MovedCase.__table__.c[name].type) for name, value in
             (("reasons", []), ("report", {}), ("undoing", []), ("digest", ""))]  # fmt: skip
    rows = chosen.with_only_columns(literal(id), Case.id, Case.version_id, null(), *lists)
    session.execute(insert(MovedCase).from_select(columns, rows))
    counted = select(func.count()).select_from(MovedCase).where(MovedCase.move_id == id)
    move.cases = session.execute(counted).scalar_one()
    if move.cases == 0:
        raise NotValid(
            [Fault("number", "没有符合条件的在办事项，无须迁移。", "No open case fits; nothing is to be moved.")]
        )
    session.flush()
    if not trial:
        fact = f.MoveOrdered(id, process_id, number, to, dict(wishes.mapping), move.cases, move.reason)
        record_office(session, [fact], by=by, at=at)
    return move


def take_back(session: Session, move_id: int, *, reason: str, by: Actor, at: datetime) -> Move:
    """Puts every case that has moved on the list to go back. Raises `OutOfDate` while the move still goes on, or when
    it has been taken back already; `NotFound`, `NotAllowed`, `NotValid`."""
    _refuse_others(by)
    move = session.execute(
        select(Move).where(Move.id == move_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if move is None or move.trial:
        raise NotFound(f"没有编号为 {move_id} 的迁移", f"There is no move {move_id}")
    if move.taken_back_at is not None:
        raise OutOfDate("这次迁移已经撤销过了", "This move has been taken back already")
    if move.finished_at is None:
        raise OutOfDate("这次迁移还没有做完，做完后才能撤销", "This move is not finished; it can be undone when it is")
    if not reason.strip():
        raise NotValid([Fault("reason", "请写明为什么撤销。", "Say why the move is undone.")])
    move.taken_back_at, move.taken_back_by, move.taken_back_why = at, by.id, reason.strip()[:2000]
    move.finished_at = None
    session.flush()
    fact = f.MoveTakenBack(move.id, move.process_id, move.taken_back_why)
    record_office(session, [fact], by=by, at=at)
    return move


def under_way(session: Session, process_id: str) -> bool:
    """Whether cases of this process are being moved, or brought back; trials aside."""
    going = select(Move.id).where(Move.process_id == process_id, Move.finished_at.is_(None), Move.trial.is_(False))
    return session.execute(going.limit(1)).first() is not None


def go_on(sessions: sessionmaker[Session], *, at: datetime, limit: int = HANDFUL, move: int | None = None) -> int:
    """Does the next cases of all orders (or of one), at most `limit`; says how many. 0: nothing is left to do, or what
    is left is being done by somebody else."""
    with reading(sessions) as session:  # most of the time nothing moves, and nobody's lock is taken to find that out
        if session.execute(select(Move.id).where(Move.finished_at.is_(None)).limit(1)).first() is None:
            return 0
    done = 0
    while done < limit:
        with sessions() as session, session.begin():
            if not move_turns.take(session, at=at, move=move):
                break
        done += 1
    if done < limit:
        with sessions() as session, session.begin():
            _finish(session, at)
    return done


def _finish(session: Session, at: datetime) -> None:
    """Orders with nobody left on their list."""
    left = exists().where(MovedCase.move_id == Move.id, move_turns.waiting())
    session.execute(update(Move).where(Move.finished_at.is_(None), ~left).values(finished_at=at))


def _chosen(
    process_id: str, target: Version, number: int | None, stage: str, cases: Sequence[int]
) -> Select[Any]:  # fmt: skip
    chosen = (
        select(Case.id)
        .join(Version, Version.id == Case.version_id)
        .where(Case.process_id == process_id, Case.ended_at.is_(None), Case.version_id != target.id)
    )
    if number is not None:
        chosen = chosen.where(Version.number == number)
    if stage:
        chosen = chosen.where(Case.stage == stage)
    if cases:
        chosen = chosen.where(Case.id.in_(cases))
    return chosen


def _refuse_wishes(session: Session, process_id: str, number: int | None, target: Version, wishes: Wishes) -> None:
    """Ids that neither drawing knows, two steps that become one, words that are none."""
    faults: list[Fault] = []
    new = diagram_of(session, target.id, target.digest)
    olds = [release.number for release in designs.releases(session, process_id) if release.number != target.number]
    if number is not None:
        olds = [designs.version(session, process_id, number).number]
        if number == target.number:
            faults.append(Fault("number", "要迁往的就是现在这一版。", "That is the version they are on."))
    drawn: set[str] = set()
    for old in olds:
        version = designs.version(session, process_id, old)
        drawn.update(diagram_of(session, version.id, version.digest).elements)
    for old_id, new_id in wishes.mapping.items():
        if old_id not in drawn:
            zh, en = f"原版没有步骤“{old_id[:100]}”。", f'The old version has no step "{old_id[:100]}".'
            faults.append(Fault("mapping", zh, en))
        if new_id and new_id not in new.elements:
            zh, en = f"新版没有步骤“{new_id[:100]}”。", f'The new version has no step "{new_id[:100]}".'
            faults.append(Fault("mapping", zh, en))
    for element, how in wishes.timers.items():
        if how not in TIMINGS or (element != "*" and element not in new.elements):
            zh = f"定时“{element[:100]}={how[:20]}”：须是新版的元素，取 keep、restart 或 recount。"
            en = f'Timer "{element[:100]}={how[:20]}": an element of the new version, with keep, restart or recount.'
            faults.append(Fault("timers", zh, en))
    if wishes.dues not in {"keep", "recount"}:
        faults.append(Fault("dues", "任务时限须是 keep 或 recount。", "Due dates: keep or recount."))
    if faults:
        raise NotValid(faults)


def _refuse_others(by: Actor) -> None:
    """A designer, an administrator, or the machine itself from its own terminal."""
    if by.id is not None and not (by.has("designer") or by.has("admin")):
        raise NotAllowed(
            "只有流程设计人员和系统管理员可以迁移在办事项。",
            "Only process designers and administrators may move running cases.",
        )


def wishes_of(kept: Mapping[str, Any]) -> Wishes:
    """What was wished for, as an order keeps it."""
    return Wishes(dict(kept["mapping"]), dict(kept["timers"]), str(kept["dues"]))
