"""Five hundred running cases go on by the next version: tried, moved, each refused for its own reason, and undone."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import move_turns, moves, tasks, timers
from engine.notation.moving import Wishes
from engine.record import chain, replay
from engine.words import facts as f
from engine.words.errors import NotAllowed, NotValid, OutOfDate
from models import Case, Entry, Move, MovedCase, Task, Timer
from tests.cast import MORNING, Cast
from tests.engine import stations
from tests.engine.tokens import drawn as d
from tests.engine.tokens.moving import Movable

LATER = MORNING + timedelta(hours=1)
MANY = 490


class Town:
    """The stations, their cast, and what a test asks of them."""

    def __init__(self, sessions: sessionmaker[Session], cast: Cast) -> None:
        self.sessions, self.cast = sessions, cast
        with sessions() as session, session.begin():
            stations.publish(session, stations.first(), number=1)

    def newer(self) -> None:
        with self.sessions() as session, session.begin():
            stations.publish(session, stations.second(), number=2)

    def open(self, to: str, times: int = 1) -> list[int]:
        return [stations.opened(self.sessions, self.cast, to) for _ in range(times)]

    def order(self, **given: Any) -> int:
        wishes = Wishes(**{name: given.pop(name) for name in ("mapping", "timers", "dues") if name in given})
        with self.sessions() as session, session.begin():
            by = self.cast.actor(session, "designer")
            asked = {"reason": "新版增加了说明", **given}
            return moves.order(session, "drawn", 2, wishes, by=by, at=LATER, number=1, **asked).id

    def finish(self, move: int) -> Counter[str]:
        while moves.go_on(self.sessions, at=LATER, limit=100):
            pass
        return self.outcomes(move)

    def outcomes(self, move: int) -> Counter[str]:
        with self.sessions() as session:
            rows = session.scalars(select(MovedCase).where(MovedCase.move_id == move))
            return Counter(row.reasons[0]["why"] if row.outcome == "refused" else str(row.outcome) for row in rows)

    def undo(self, move: int) -> Counter[str]:
        with self.sessions() as session, session.begin():
            moves.take_back(session, move, reason="新版有误", by=self.cast.actor(session, "designer"), at=LATER)
        return self.finish(move)

    def everything(self) -> dict[str, Any]:
        """Rows and states, without counting."""
        kept: dict[str, Any] = {}
        with self.sessions() as session:
            for name in ("tasks", "timers", "subscriptions", "candidates", "bars", "clocks", "parties"):
                drop = (
                    {"id"} if name in {"candidates", "bars"} else {"set_at", "opened_at"} if name != "tasks" else set()
                )
                rows = session.execute(text(f"select * from {name}")).mappings()
                kept[name] = sorted(repr(sorted((k, v) for k, v in row.items() if k not in drop)) for row in rows)
            kept["cases"] = [tuple(r) for r in session.execute(
                select(Case.id, Case.version_id, Case.state, Case.stage, Case.due_at).order_by(Case.id))]  # fmt: skip
        return kept

    def complete(self, case: int, element: str, **answers: Any) -> None:
        with self.sessions() as session, session.begin():
            query = select(Task.id).where(Task.case_id == case, Task.element == element, Task.done_at.is_(None))
            task = session.execute(query.limit(1)).scalar_one()
            tasks.complete(session, task, answers, by=self.cast.actor(session, "clerk"), at=LATER)

    def sound(self) -> None:
        """The chain holds, and the facts tell the very rows."""
        with self.sessions() as session:
            assert chain.verify(session).intact
            assert replay.differences(session) == []


@pytest.fixture
def town(issue_loop: Cast, sessions: sessionmaker[Session]) -> Town:
    return Town(sessions, issue_loop)


def test_five_hundred_cases_move_each_reason_refuses_one_and_all_come_back(town: Town) -> None:
    town.open("ok", MANY)
    alone = {why: town.open(to)[0] for to, why in stations.REASONS.items()}
    stuck, ended = town.open("ok")[0], town.open("ok")[0]
    town.complete(alone["join"], "left")
    with town.sessions() as session, session.begin():
        session.execute(text("update cases set stuck_at = :at where id = :id"), {"at": "2026-03-10", "id": stuck})
    town.newer()
    before = town.everything()

    trial = town.order(trial=True)
    wanted = Counter({"moves": MANY + 1, "stuck": 1, **dict.fromkeys(stations.REASONS.values(), 1)})
    assert town.finish(trial) == wanted
    assert town.everything() == before

    move = town.order()
    town.complete(ended, "ok")  # it ends before its turn comes
    found = town.finish(move)
    assert found == Counter({"moved": MANY, "ended": 1, "stuck": 1, **dict.fromkeys(stations.REASONS.values(), 1)})
    with town.sessions() as session:
        for why, case in alone.items():
            row = session.get_one(MovedCase, (move, case))
            assert [reason["why"] for reason in row.reasons] == [why]
            assert all(reason["zh"] and reason["en"] for reason in row.reasons)
        timers_told = session.scalars(select(MovedCase.report).where(MovedCase.move_id == move).limit(1)).one()[
            "timers"
        ]
        assert timers_told == [{
            "from": "late", "to": "late", "how": "keep", "before": (MORNING + timedelta(days=3)).isoformat(),
            "after": (MORNING + timedelta(days=3)).isoformat(), "by_new": (MORNING + timedelta(days=5)).isoformat(),
        }]  # fmt: skip
        finished = session.get_one(Move, move)
        assert finished.finished_at == LATER
        assert finished.cases == MANY + 10

    # One goes on by the new version, whose form it must fill in now; it stays there when the others go back.
    gone_on = min(alone.values()) - 1
    with pytest.raises(NotValid):
        town.complete(gone_on, "ok")
    town.complete(gone_on, "ok", note="办好了")
    after = town.undo(move)
    assert after["back"] == MANY - 1
    assert after["kept"] == 1
    now = town.everything()
    told = [row for row in now["cases"] if row[0] not in {gone_on, ended}]
    assert told == [row for row in before["cases"] if row[0] not in {gone_on, ended}]
    for name in ("timers", "candidates", "bars"):
        assert set(now[name]) <= set(before[name]), name
    with town.sessions() as session, session.begin():
        session.execute(text("update cases set stuck_at = null where id = :id"), {"id": stuck})
    town.sound()


def test_a_move_needs_a_designer_a_reason_and_ids_that_are_drawn(town: Town) -> None:
    town.open("ok")
    town.newer()
    with town.sessions() as session:
        clerk, designer = town.cast.actor(session, "clerk"), town.cast.actor(session, "designer")
        with pytest.raises(NotAllowed):
            moves.order(session, "drawn", 2, Wishes(), by=clerk, at=LATER, reason="x")
        bad = Wishes({"nowhere": "ok", "gone": "elsewhere"}, {"late": "sometimes"}, "perhaps")
        with pytest.raises(NotValid) as refusal:
            moves.order(session, "drawn", 2, bad, by=designer, at=LATER, reason="x")
        assert [fault.field for fault in refusal.value.faults] == ["mapping", "mapping", "timers", "dues"]
        with pytest.raises(NotValid) as refusal:
            moves.order(session, "drawn", 2, Wishes(), by=designer, at=LATER)
        assert [fault.field for fault in refusal.value.faults] == ["reason"]
        with pytest.raises(NotValid):
            moves.order(session, "drawn", 2, Wishes(), by=designer, at=LATER, reason="x", stage="closed")


def test_a_mapping_names_who_takes_a_lost_step_s_place(town: Town) -> None:
    (case,) = town.open("gone")
    town.newer()
    assert town.finish(town.order(mapping={"gone": "third"})) == Counter({"moved": 1})
    town.complete(case, "third")
    town.sound()


def test_timers_begin_anew_or_count_by_the_new_rule_when_asked(town: Town) -> None:
    one, other = town.open("ok", 2)
    town.newer()
    town.finish(town.order(timers={"late": "restart"}, cases=[one]))
    town.finish(town.order(timers={"*": "recount"}, cases=[other]))
    with town.sessions() as session:
        due = {timer.case_id: timer.due_at for timer in session.scalars(select(Timer))}
    assert due == {one: LATER + timedelta(days=5), other: MORNING + timedelta(days=5)}
    assert timers.wake_due(town.sessions, at=LATER + timedelta(days=6)) == 2
    town.sound()


def test_who_has_taken_a_task_keeps_it_unless_it_is_for_others_now(town: Town) -> None:
    (case,) = town.open("gone")
    with town.sessions() as session, session.begin():
        task = session.execute(select(Task.id).where(Task.case_id == case)).scalar_one()
        tasks.claim(session, task, by=town.cast.actor(session, "clerk"), at=MORNING)
    town.newer()
    move = town.order(mapping={"gone": "third"})
    town.finish(move)
    with town.sessions() as session:
        assert session.get_one(Task, task).claimed_by == town.cast.people["clerk"]
        assert session.get_one(Task, task).element == "third"
    town.undo(move)
    with town.sessions() as session:
        assert session.get_one(Task, task).element == "gone"
    town.sound()


def test_a_machine_that_dies_in_the_middle_loses_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.open("ok", 12)
    town.newer()
    move = town.order()
    assert moves.go_on(town.sessions, at=LATER, limit=5) == 5
    taken = 0

    def dies(*given: Any, **named: Any) -> None:
        nonlocal taken
        taken += 1
        if taken == 3:
            raise KeyboardInterrupt
        settle(*given, **named)

    settle = move_turns._settle
    with monkeypatch.context() as patch:
        patch.setattr(move_turns, "_settle", dies)  # the facts are written, the list is not yet: all or nothing
        with pytest.raises(KeyboardInterrupt):
            moves.go_on(town.sessions, at=LATER, limit=100)
    assert town.outcomes(move) == Counter({"moved": 7, "None": 5})
    assert town.finish(move) == Counter({"moved": 12})
    with town.sessions() as session:
        moved = session.scalars(select(Entry.book).where(Entry.kind == "CaseMoved")).all()
    assert len(moved) == len(set(moved)) == 12
    town.sound()


def test_two_at_once(town: Town) -> None:
    """Officers complete their tasks while the cases move: every case ends well, on one version or the other."""
    chosen = town.open("ok", 24)
    town.newer()
    move = town.order()
    together = threading.Barrier(3)
    told: list[str] = []

    def officer(cases_of: list[int]) -> None:
        together.wait()
        for case in cases_of:
            try:
                town.complete(case, "ok", note="办好了")
                told.append("done")
            except OutOfDate:
                told.append("late")

    def mover() -> None:
        together.wait()
        town.finish(move)

    hands = [threading.Thread(target=officer, args=(part,)) for part in (chosen[:12:2], chosen[1:12:2])]
    hands.append(threading.Thread(target=mover))
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    outcomes = town.finish(move)
    assert sum(outcomes.values()) == 24
    assert set(outcomes) <= {"moved", "ended"}
    assert outcomes["moved"] >= 12
    assert told == ["done"] * 12
    town.sound()


def test_two_movers_move_each_case_once(town: Town) -> None:
    town.open("ok", 20)
    town.newer()
    move = town.order()
    hands = [threading.Thread(target=town.finish, args=(move,)) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert town.outcomes(move) == Counter({"moved": 20})
    with town.sessions() as session:
        assert len(session.scalars(select(Entry.id).where(Entry.kind == "CaseMoved")).all()) == 20


def test_what_went_on_in_the_move_itself_stays() -> None:
    parts = (d.gateway("inclusive", "g"), d.gateway("inclusive", "j"), d.task("b"))
    old = d.process(d.start(), d.task("a"), *parts, d.task("z"), d.end(), d.flows("s g a j z e", "g b j"))
    new = d.process(
        d.start(), d.task("a"), *parts, d.task("z"), d.end(), d.end("e2"), d.flows("s g a j z e", "g b e2")
    )  # fmt: skip
    played = Movable(old)
    played.do("a")
    assert played.waiting == "b"
    done = played.move(new)
    assert played.waiting == "b z"
    assert done.back is None
    assert [type(fact) for fact in done.step.facts].count(f.TokensMoved) == 1
