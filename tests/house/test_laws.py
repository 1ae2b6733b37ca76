"""The laws of the house, as tests: what must be true whatever is built in it."""

from __future__ import annotations

import copy
import threading
from datetime import timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import Engine, event, func, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import tasks, timers
from engine.acts.casefiles import find_case, scene_of
from engine.notation.spiff import step
from engine.record import chain, replay, rows, seals
from engine.words import facts as f
from engine.words import written
from engine.words.errors import NotAllowed, NotFound, NotValid, OutOfDate, Refusal
from engine.words.officers import CLOCK
from models import Case, Entry, Task, Timer, Version
from tests.cast import MORNING, Cast
from tests.walk import ANSWERS, Walk


@pytest.fixture
def walk(issue_loop: Cast, sessions: sessionmaker[Session]) -> Walk:
    return Walk(sessions, issue_loop)


def test_every_fact_has_just_one_row_writer() -> None:
    kinds = set(get_args(f.Fact))
    assert set(rows.WRITERS) == kinds


def test_every_fact_comes_back_from_its_entry() -> None:
    fact = f.ClockStarted("rectify", 1, "当日", "always", MORNING, MORNING + timedelta(hours=2))
    assert written.fact_of("ClockStarted", written.body_of(fact)) == fact


def test_replaying_the_entries_rebuilds_every_row(walk: Walk) -> None:
    walk.to("verify")
    tomorrow = (walk.at + timedelta(days=1)).date()
    walk.do("verify", verify_decision="fail", verify_requirement="台账不全，须补齐三天的记录", control_date=tomorrow)
    walk.later(days=3)
    with walk.sessions() as session:
        assert replay.differences(session) == []
        session.execute(update(Task).where(Task.case_id == walk.case).values(name="改过"))
        assert {d.table for d in replay.differences(session)} == {"tasks"}


def test_an_ended_case_leaves_nothing_waiting(walk: Walk) -> None:
    walk.to("close_off")
    walk.do("close_off")
    walk.later(days=400)
    assert walk.row.ended_at is not None
    assert walk.row.stage == "archived"
    assert walk.waiting == []
    assert walk.timers == {}
    with walk.sessions() as session:
        for table in ("subscriptions", "bars", "candidates where owner not in (select id from notices)"):
            assert session.execute(text(f"select count(*) from {table}")).scalar() == 0, table


def test_a_step_leaves_its_inputs_alone(walk: Walk) -> None:
    walk.to("rectify")
    task = walk.task("rectify").id
    with walk.sessions() as session:
        case = find_case(session, walk.case)
        actor = walk.cast.actor(session, "clerk")
        scene = scene_of(session, case, by=actor, at=walk.at)
        variables, state = copy.deepcopy(dict(scene.variables)), bytes(case.state)
        first = step.complete(scene, case.state, task, ANSWERS["rectify"])
        again = step.complete(scene, case.state, task, ANSWERS["rectify"])
    assert dict(scene.variables) == variables
    assert case.state == state
    assert [type(fact) for fact in first.facts] == [type(fact) for fact in again.facts]
    assert first.serial == again.serial


def test_two_officers_at_once_one_wins_and_the_other_is_told(walk: Walk) -> None:
    walk.to("rectify")
    task = walk.task("rectify").id
    together = threading.Barrier(2)
    outcomes: dict[str, str] = {}

    def act(login: str) -> None:
        with walk.sessions() as session:
            actor = walk.cast.actor(session, login)
            session.rollback()
            together.wait()
            try:
                with session.begin():
                    tasks.complete(session, task, ANSWERS["rectify"], by=actor, at=walk.at)
                outcomes[login] = "done"
            except Refusal as refusal:
                outcomes[login] = type(refusal).__name__

    threads = [threading.Thread(target=act, args=(login,)) for login in ("clerk", "head")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes.values()) == ["OutOfDate", "done"]
    with walk.sessions() as session:
        done = (
            select(func.count())
            .select_from(Entry)
            .where(Entry.kind == "TaskCompleted", Entry.body.contains('"rectify"'))
        )
        assert session.execute(done).scalar() == 1
        assert chain.verify(session).intact


@pytest.mark.parametrize(
    ("login", "change", "refusal"),
    [
        ("health_clerk", {}, NotFound),  # may not know of it
        ("liaison", {}, NotAllowed),  # sees it, but it is not for him
        ("dispatcher", {"requirement": ""}, NotValid),
        ("dispatcher", {"lead_unit": "NOWHERE"}, NotValid),
        ("dispatcher", {"dispatch_decision": "perhaps"}, NotValid),
    ],
)
def test_a_refused_request_writes_nothing(
    walk: Walk, login: str, change: dict[str, Any], refusal: type[Refusal]
) -> None:
    walk.to("dispatch")
    before = _everything(walk)
    with pytest.raises(refusal):
        walk.do("dispatch", by=login, **change)
    assert _everything(walk) == before


def test_a_task_already_done_is_out_of_date(walk: Walk) -> None:
    walk.to("dispatch")
    task = walk.task("dispatch").id
    walk.do("dispatch")
    before = _everything(walk)
    with walk.sessions() as session:
        actor = walk.cast.actor(session, "dispatcher")
        with pytest.raises(OutOfDate):
            tasks.complete(session, task, ANSWERS["dispatch"], by=actor, at=walk.at)
        session.rollback()
    assert _everything(walk) == before


def _everything(walk: Walk) -> dict[str, int]:
    with walk.sessions() as session:
        counts = {
            table: session.execute(text(f"select count(*) from {table}")).scalar_one()
            for table in ("entries", "tasks", "timers", "documents", "candidates", "bars", "clocks", "parties")
        }
        counts["revision"] = session.execute(select(func.sum(Case.revision))).scalar_one()
    return counts


@pytest.mark.parametrize("column", ["body", "at", "officer_id", "kind", "digest", "hash"])
def test_a_changed_entry_is_noticed(walk: Walk, column: str) -> None:
    walk.to("sign")
    with walk.sessions() as session, session.begin():
        assert chain.verify(session).intact
        entry = session.execute(select(Entry).where(Entry.book == walk.case, Entry.seq == 5)).scalar_one()
        other = {"body": (entry.body or "")[:-1] + " }", "at": entry.at + timedelta(seconds=1), "officer_id": 999,
                 "kind": "Counted", "digest": "0" * 64, "hash": "0" * 64}  # fmt: skip
        session.execute(update(Entry).where(Entry.id == entry.id).values({column: other[column]}))
        verdict = chain.verify(session)
    assert [(b.book, b.seq) for b in verdict.breaks] == [(walk.case, 5)]


def test_a_removed_entry_or_a_cut_end_is_noticed(walk: Walk) -> None:
    walk.to("sign")
    with walk.sessions() as session, session.begin():
        session.execute(text(f"delete from entries where book = {walk.case} and seq = 4"))
        assert [b.seq for b in chain.verify(session).breaks] == [4]
    with walk.sessions() as session, session.begin():
        last = session.execute(select(func.max(Entry.seq)).where(Entry.book == walk.case)).scalar_one()
        session.execute(text(f"delete from entries where book = {walk.case} and seq in (4, {last})"))
        assert not chain.verify(session).intact


def test_a_book_rewritten_whole_is_noticed_by_the_seal(walk: Walk) -> None:
    walk.to("sign")
    with walk.sessions() as session, session.begin():
        assert seals.seal(session, at=walk.at) == 1
        assert seals.seal(session, at=walk.at) == 0
    with walk.sessions() as session, session.begin():
        # Somebody with the database in his hands forges the last entry, its seal, and the case's head.
        case = session.get(Case, walk.case)
        assert case is not None
        entry = session.execute(select(Entry).where(Entry.book == case.id, Entry.seq == case.entries)).scalar_one()
        forged = chain.hash_of(
            entry.previous, entry.book, entry.seq, entry.at, entry.kind, 1, entry.unit_id, entry.digest
        )
        session.execute(update(Entry).where(Entry.id == entry.id).values(officer_id=1, hash=forged))
        session.execute(update(Case).where(Case.id == case.id).values(head=forged))
        verdict = chain.verify(session)
        assert [b.book for b in verdict.breaks] == [walk.case]


def test_an_erased_body_leaves_the_chain_whole(walk: Walk) -> None:
    walk.to("sign")
    with walk.sessions() as session, session.begin():
        session.execute(update(Entry).where(Entry.book == walk.case, Entry.seq == 3).values(body=None))
        assert chain.verify(session).intact


def test_a_step_takes_a_fixed_number_of_statements_and_one_commit_whatever_the_age_of_the_case(
    walk: Walk, engine: Engine
) -> None:
    def told_by(element: str, **changes: Any) -> tuple[int, int]:
        """Statements and commits of the next step."""
        told: list[str] = []
        commits: list[None] = []

        def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            told.append(statement)

        def count(_connection: Any) -> None:
            commits.append(None)

        with walk.sessions() as session:
            actor = walk.cast.actor(session, {"review": "reviewer"}.get(element, "clerk"))
        task = walk.task(element).id
        walk.at += timedelta(minutes=1)
        event.listen(engine, "before_cursor_execute", hear)
        event.listen(engine, "commit", count)
        with walk.sessions() as session, session.begin():
            tasks.complete(session, task, {**ANSWERS[element], **changes}, by=actor, at=walk.at)
        event.remove(engine, "before_cursor_execute", hear)
        event.remove(engine, "commit", count)
        return len([statement for statement in told if not statement.startswith("BEGIN")]), len(commits)

    def round_of_rework() -> list[tuple[int, int]]:
        handed_in = told_by("rectify")
        walk.do("report")
        walk.do("head_sign")
        reviewed = told_by("review", review_decision="reject", review_requirement="照片看不清，请重新拍摄并补充")
        return [handed_in, reviewed]

    walk.to("rectify")
    round_of_rework()  # who handles the case for the first time joins it: a statement more
    young = round_of_rework()
    for _ in range(50):
        old = round_of_rework()
    assert old == young
    assert all(statements <= 14 and commits == 1 for statements, commits in young), young


def test_a_step_locks_no_row_that_all_share(walk: Walk, engine: Engine) -> None:
    """Two officers of one unit, on two cases, never wait for each other."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    walk.to("rectify")
    task, walk.at = walk.task("rectify").id, walk.at + timedelta(minutes=1)
    with walk.sessions() as session:
        actor = walk.cast.actor(session, "clerk")
    with walk.sessions() as session, session.begin():
        tasks.complete(session, task, ANSWERS["rectify"], by=actor, at=walk.at)
        assert session.scalar(select(Task.done_by).where(Task.id == task)) == actor.id  # it has been written
        with engine.begin() as other:
            for table in ("units", "officers", "versions", "books"):
                other.execute(text(f"SELECT * FROM {table} FOR UPDATE NOWAIT"))


def test_a_timer_fires_once_even_with_two_workers(walk: Walk) -> None:
    walk.to("dispatch")
    walk.at += timedelta(hours=30)
    fired: list[int] = []
    workers = [
        threading.Thread(target=lambda: fired.append(timers.wake_due(walk.sessions, at=walk.at))) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with walk.sessions() as session:
        facts = session.execute(select(Entry.body).where(Entry.kind == "TimerFired")).scalars().all()
        assert len(facts) == len(set(facts)) == sum(fired) >= 1
        assert session.execute(select(func.count()).select_from(Timer).where(Timer.due_at <= walk.at)).scalar() == 0
    assert CLOCK.id is None


def test_a_case_does_not_grow_with_its_reworks(walk: Walk) -> None:
    walk.to("review")
    sizes = []
    for _ in range(25):
        sizes.append(len(walk.row.state))
        walk.do("review", review_decision="reject", review_requirement="照片看不清，请重新拍摄并补充")
        for element in ("rectify", "report", "head_sign"):
            walk.do(element)
    assert max(sizes) <= 1.05 * sizes[1], sizes


def test_a_published_version_that_was_changed_is_noticed(walk: Walk) -> None:
    with walk.sessions() as session, session.begin():
        assert chain.verify(session).intact
        version = session.execute(select(Version)).scalar_one()
        session.execute(update(Version).values(diagram=version.diagram.replace(b"PT2H", b"PT9H") + b" "))
        assert [b.book for b in chain.verify(session).breaks] == [chain.OFFICE]
