"""The issue loop is changed while issues are open: all are tried, moved, refused one for each reason, and brought back.

`python -m tests.processes.moving_story 500` tells it with five hundred cases and prints its numbers.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions, moves
from engine.notation.moving import Wishes
from engine.record import chain, replay
from engine.words.officers import CLOCK
from models import Base, Case, Move, MovedCase, Version
from models.session import open_database
from models.session import sessions as open_sessions
from tests.cast import Cast, install
from tests.conftest import files_of
from tests.engine import stations
from tests.processes.changed_loop import changed
from tests.walk import Walk

# Where most issues stand; none of these steps forbids anything.
STEPS = ("register", "file_issue", "dispatch", "sign", "register", "rectify", "dispatch", "report", "file_issue",
         "head_sign", "sign", "review", "verify", "register", "close_off")  # fmt: skip
REASONS = ("gone", "kind", "trigger", "scope", "repeat", "nobody", "stops", "stuck", "unreadable", "ended")
# A cause of delay is analysed outside the rectification; to go on inside it there is no place beside what goes on.
WISHES = Wishes({"analyse_cause": "joint_ruling"})
DECLINED = {"filing_decision": "decline", "decline_reason": "不属于本次督查范围，建议转信访"}
RETURNED = {"sign_decision": "return", "return_reason": "卡口移交给市卫健局管理了，不归本街道",
            "duty_basis": "移交纪要第三条", "suggested_owner": "HEALTH", "return_signatory": "分管副主任"}  # fmt: skip


@dataclass
class Told:
    """What came of it, and how long each part took, in seconds."""

    cases: int = 0
    trial: Counter[str] = field(default_factory=Counter)
    without_table: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    undone: Counter[str] = field(default_factory=Counter)
    alone: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class Teller:
    def __init__(self, sessions: sessionmaker[Session], cast: Cast) -> None:
        self.sessions, self.walk, self.told = sessions, Walk(sessions, cast), Told()

    def tell(self, number: int) -> Told:
        self._time("opened", lambda: self._open(number))
        self.publish()
        before = self.everything()
        self._time("tried", lambda: self._count(self.told.trial, self.order(trial=True)))
        assert self.everything() == before, "a trial changed something"
        self._count(self.told.without_table, self.order(trial=True, to=3))
        move = self.order()
        self.end()
        self._time("moved", lambda: self._count(self.told.moved, move))
        self.take_back(move)
        self._time("undone", lambda: self._count(self.told.undone, move))
        kept = {id: state for id, state in before.items() if id != self.told.alone["ended"]}
        assert {id: state for id, state in self.everything().items() if id in kept} == kept, "not as it was before"
        self.mend()
        return self.told

    def sound(self) -> None:
        """The chain holds, and the facts tell the very rows."""
        with self.sessions() as session:
            assert chain.verify(session).intact
            assert replay.differences(session) == []

    # --- the parts of the story -----------------------------------------------------------------------------------

    def _open(self, number: int) -> None:
        """One case for each reason, the rest at the steps of the loop."""
        walk, alone = self.walk, self.told.alone
        walk.to("rectify")
        walk.later(days=40)  # it is late, and its cause is to be analysed, before there are any others
        assert "analyse_cause" in walk.waiting
        alone["scope"] = walk.case
        walk.to("dispatch")
        walk.do("dispatch", dispatch_decision="void", void_reason="重复派发的同一问题，已在其他事项办理")
        alone["gone"] = walk.case
        walk.to("file_issue")
        walk.do("file_issue", filing_decision="void", void_reason="重复测试录入，不是真实问题")
        alone["kind"] = walk.case
        walk.to("file_issue")
        walk.do("file_issue", **DECLINED)
        alone["trigger"] = walk.case
        walk.to("dispatch")
        walk.do("dispatch", co_units=["HEALTH"])
        alone["repeat"] = walk.case
        walk.to("rectify")
        until = walk.clock("rectify").original_at
        walk.do("rectify", unit_choice="suspend", suspension_ground="engineering",
                suspension_note="须待排水管网施工结束后再做", suspension_control="每日巡查",
                suspended_until=until)  # fmt: skip
        alone["nobody"] = walk.case
        walk.to("sign")
        walk.do("sign", **RETURNED)
        alone["stops"] = walk.case
        for why in ("stuck", "unreadable"):
            walk.to("register")
            alone[why] = walk.case
        walk.to("file_issue")
        alone["ended"] = walk.case
        for count in range(number - len(alone)):
            walk.to(STEPS[count % len(STEPS)])
        with self.sessions() as session, session.begin():
            self._state = session.get_one(Case, alone["unreadable"]).state
            session.execute(text("update cases set stuck_at = opened_at where id = :id"), {"id": alone["stuck"]})
            session.execute(text("update cases set state = :state where id = :id"),
                            {"state": b"what no release has written", "id": alone["unreadable"]})  # fmt: skip

    def publish(self) -> None:
        """Version 2 as a designer publishes it; version 3, past the laws, has lost a table."""
        content, tables = files_of("issue_loop")
        with self.sessions() as session, session.begin():
            definitions.publish(session, changed(content), tables, note="两项调整", by=CLOCK, at=self.walk.at)
        tables.pop("ladder.dmn")
        with self.sessions() as session, session.begin():
            stations.publish(session, changed(content).decode().split("?>", 1)[1], number=3, tables=tables)

    def order(self, *, to: int = 2, trial: bool = False) -> int:
        with self.sessions() as session, session.begin():
            by = self.walk.cast.actor(session, "designer", self.walk.at)
            given: dict[str, Any] = {"number": 1, "trial": trial, "reason": "派发时限放宽，审核须写依据"}
            move = moves.order(session, "issue_loop", to, WISHES, by=by, at=self.walk.at, **given)
            self.told.cases = move.cases
            return move.id

    def end(self) -> None:
        """One is merged with another after the order, before its turn comes."""
        first = self.told.alone["scope"]
        self.walk.case = self.told.alone["ended"]
        number = f"{first // 1_000_000}-{first % 1_000_000:06d}"
        self.walk.do("file_issue", filing_decision="merge", merge_into=number)

    def take_back(self, move: int) -> None:
        self.walk.at = self.walk.at.replace(microsecond=1)
        with self.sessions() as session, session.begin():
            by = self.walk.cast.actor(session, "designer", self.walk.at)
            moves.take_back(session, move, reason="还没有通知各单位", by=by, at=self.walk.at)

    def mend(self) -> None:
        """What the story broke by hand."""
        with self.sessions() as session, session.begin():
            session.execute(text("update cases set stuck_at = null where id = :id"), {"id": self.told.alone["stuck"]})
            session.execute(text("update cases set state = :state where id = :id"),
                            {"state": self._state, "id": self.told.alone["unreadable"]})  # fmt: skip

    # --- looking --------------------------------------------------------------------------------------------------

    def everything(self) -> dict[int, tuple[Any, ...]]:
        """Version, state, stage and variables of every case."""
        with self.sessions() as session:
            rows = session.execute(select(Case.id, Version.number, Case.state, Case.stage, Case.variables).join(
                Version, Version.id == Case.version_id))  # fmt: skip
            return {row.id: tuple(row)[1:] for row in rows}

    def _count(self, into: Counter[str], move: int) -> None:
        while moves.go_on(self.sessions, at=self.walk.at, limit=100):
            pass
        with self.sessions() as session:
            assert session.get_one(Move, move).finished_at is not None
            for row in session.scalars(select(MovedCase).where(MovedCase.move_id == move)):
                assert row.outcome != "refused" or all(reason["zh"] and reason["en"] for reason in row.reasons)
                whys = {reason["why"] for reason in row.reasons} if row.outcome == "refused" else {str(row.outcome)}
                into["+".join(sorted(whys))] += 1

    def _time(self, part: str, do: Any) -> None:
        begun = time.perf_counter()
        do()
        self.told.seconds[part] = round(time.perf_counter() - begun, 2)


def main(number: int) -> None:
    with TemporaryDirectory() as home:
        database = open_database(f"sqlite:///{Path(home) / 'bihuan.db'}")
        Base.metadata.create_all(database)
        sessions = open_sessions(database)
        with sessions() as session, session.begin():
            cast = install(session)
        with sessions() as session, session.begin():
            definitions.publish(session, *files_of("issue_loop"), note="", by=CLOCK, at=Walk(sessions, cast).at)
        teller = Teller(sessions, cast)
        told = teller.tell(number)
        teller.sound()
        database.dispose()
    print(f"{told.cases} open cases of the issue loop, version 1 to 2")
    for part in ("trial", "without_table", "moved", "undone"):
        counted: Counter[str] = getattr(told, part)
        print(f"{part:14}", ", ".join(f"{why} {count}" for why, count in counted.most_common()))
    print("seconds       ", ", ".join(f"{part} {seconds}" for part, seconds in told.seconds.items()))
    print("chain intact, facts replay to the very rows")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
