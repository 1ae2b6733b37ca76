"""Timers that are due fire a few to a transaction; what hinders one of them hinders no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import timers
from engine.acts.casefiles import TOGETHER
from engine.notation.spiff import step
from engine.record import chain, replay
from engine.words import facts as f
from models import Case, Entry, Timer
from tests.cast import Cast
from tests.engine.poison import Ward, user
from tests.engine.tokens.drawn import boundary, end, flows, start, timer


@pytest.fixture
def ward(cast: Cast, sessions: sessionmaker[Session]) -> Ward:
    ring = boundary("ring", "wait", timer("PT1H"), interrupting=False)
    parts = [start(), user("wait"), ring, user("fine"), end(), end("over"), flows("s wait e", "ring fine over")]
    return Ward(sessions, cast, *parts)


def fired(ward: Ward) -> dict[int, int]:
    """How often in each case."""
    with ward.sessions() as session:
        assert chain.verify(session).intact
        assert replay.differences(session) == []
        told = select(Entry.book, func.count()).where(Entry.kind == "TimerFired").group_by(Entry.book)
        return {row[0]: row[1] for row in session.execute(told)}


def test_a_few_share_one_commit(engine: Engine, ward: Ward) -> None:
    cases = [ward.open() for _ in range(2 * TOGETHER + 3)]
    commits = 0

    def committed(_connection: Any) -> None:
        nonlocal commits
        commits += 1

    event.listen(engine, "commit", committed)
    assert ward.later(hours=2) == len(cases)
    event.remove(engine, "commit", committed)
    assert commits == 3
    assert fired(ward) == dict.fromkeys(cases, 1)


def test_where_one_breaks_each_of_the_others_fires_once(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [ward.open() for _ in range(TOGETHER + 2)]
    ill, fire, tried = cases[4], step.fire, []

    def breaks(scene: Any, *rest: Any) -> Any:
        tried.append(scene.case)
        if scene.case == ill:
            raise ZeroDivisionError("a fault nobody thought of")
        return fire(scene, *rest)

    monkeypatch.setattr(step, "fire", breaks)
    assert ward.later(hours=2) == len(cases) - 1
    assert len(tried) > len(cases)  # those before it had been fired in vain
    assert ward.why(ill)["zh"]
    assert fired(ward) == dict.fromkeys([case for case in cases if case != ill], 1)


def test_a_number_all_cases_share_is_held_by_one_case_only(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    [ward.open() for _ in range(3)]
    paper = f.DocumentIssued("1", "rectification_notice", "", "整改通知", {}, None, 1, 0)
    tried: list[str] = []

    def issues(_session: Any, _case: Any, timer: str, *_rest: Any, **_more: Any) -> list[f.CaseFact]:
        tried.append(timer)
        return [paper]

    monkeypatch.setattr(timers, "_fire", issues)
    with ward.sessions() as session:
        ids = list(session.scalars(select(Timer.id).order_by(Timer.id)))
        due = [(id, "ring") for id in ids]
        assert timers._fire_some(session, due, at=ward.at + timedelta(hours=2)) == (1, {ids[0]})
    assert tried == ids[:1]


def test_a_case_somebody_works_on_is_left_alone_and_the_others_fire(engine: Engine, ward: Ward) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite locks the whole file")
    cases = [ward.open() for _ in range(4)]
    with ward.sessions() as officer, officer.begin():
        officer.execute(select(Case.id).where(Case.id == cases[1]).with_for_update())
        assert ward.later(hours=2) == 3
    assert ward.later(minutes=1) == 1
    assert fired(ward) == dict.fromkeys(cases, 1)
