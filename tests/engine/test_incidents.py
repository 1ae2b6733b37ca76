"""A poison case becomes an incident of its own; what was handed in is kept; repair is an act with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import incidents, repairs
from engine.notation.spiff import step
from engine.record import chain, replay
from engine.words.errors import CannotGoOn, NotAllowed, NotValid, OutOfDate
from models import Case, Entry, Task
from tests.cast import Cast
from tests.engine.poison import Ward, user
from tests.engine.tokens.drawn import boundary, end, flow, flows, gateway, on, script, start, timer


def sound(ward: Ward) -> None:
    """Nothing is broken in the books, whatever happened."""
    with ward.sessions() as session:
        assert chain.verify(session).intact
        assert replay.differences(session) == []


def repair(ward: Ward, what: str, case: int, *given: Any, by: str = "designer") -> Any:
    with ward.sessions() as session, session.begin():
        return getattr(repairs, what)(session, case, *given, by=ward.cast.actor(session, by), at=ward.at)


def kinds(ward: Ward, case: int) -> list[str]:
    with ward.sessions() as session:
        return list(session.scalars(select(Entry.kind).where(Entry.book == case).order_by(Entry.seq)))


@pytest.fixture
def divide(cast: Cast, sessions: sessionmaker[Session]) -> Ward:
    """Breaks when `x` is 0 or missing: a script that gives no context."""
    broken = script("share", 'if x = 0 or x = null then "no" else {share: 100 / x}')
    return Ward(sessions, cast, start(), user("ask"), broken, user("use"), end(), flows("s ask share use e"))


def test_what_an_officer_handed_in_is_kept_when_the_diagram_breaks(divide: Ward) -> None:
    sick, well = divide.open(), divide.open()
    divide.do(sick, "ask", x=0)
    assert divide.why(sick)["element"] == "share"
    assert divide.why(sick)["trigger"]["answers"] == {"x": 0}
    with divide.sessions() as session:
        told = incidents.told(session, sick)
    assert told is not None
    assert "上下文" in told.zh
    assert divide.waiting(sick) == ["ask"]  # still his, until it is repaired
    with pytest.raises(CannotGoOn, match="stuck"):
        divide.do(sick, "ask", x=5)
    divide.do(well, "ask", x=5)  # the others do not notice
    assert divide.waiting(well) == ["use"]
    sound(divide)


def test_retry_goes_on_in_the_name_of_the_officer(divide: Ward) -> None:
    case = divide.open()
    divide.do(case, "ask", x=0)
    again = repair(divide, "retry", case)
    assert again.stuck is not None
    assert divide.why(case)["trigger"]["tries"] == 1
    done = repair(divide, "correct", case, {"x": 4}, "填错了，应为 4")
    assert done.stuck is None
    assert divide.waiting(case) == ["use"]
    assert divide.row(case).variables == {"x": 4, "share": 25}
    with divide.sessions() as session:
        task = session.scalars(select(Task).where(Task.case_id == case, Task.element == "ask")).one()
        assert task.done_by == divide.cast.people["clerk"]
        corrected = session.scalars(select(Entry).where(Entry.book == case, Entry.kind == "FieldsCorrected")).one()
        assert corrected.officer_id == divide.cast.people["designer"]
        assert "填错了" in (corrected.body or "")
    sound(divide)


def test_a_step_is_passed_over_along_its_only_flow_with_a_reason(divide: Ward) -> None:
    case = divide.open()
    divide.do(case, "ask", x=0)
    with pytest.raises(NotValid, match="reason"):
        repair(divide, "skip", case, " ")
    assert repair(divide, "skip", case, "本件无须计算").stuck is None
    assert divide.waiting(case) == ["use"]
    assert "ElementSkipped" in kinds(divide, case)
    with pytest.raises(OutOfDate):
        repair(divide, "retry", case)
    sound(divide)


def test_where_several_ways_lead_on_nothing_is_passed_over(cast: Cast, sessions: sessionmaker[Session]) -> None:
    drawn = [start(), user("ask"), gateway("exclusive", "fork"), user("a"), user("b"), end()]
    ways = [flows("s ask fork", "a e", "b e"), flow("fork", "a", "x > 5"), flow("fork", "b", "x < 5")]
    ward = Ward(sessions, cast, *drawn, *ways)
    case = ward.open()
    ward.do(case, "ask", x=5)
    assert ward.why(case)["element"] == "fork"
    before = kinds(ward, case)
    with pytest.raises(NotValid, match="none is the default"):
        repair(ward, "skip", case, "试试")
    assert kinds(ward, case) == before
    assert repair(ward, "correct", case, {"x": 6}, "写错一位").stuck is None
    assert ward.waiting(case) == ["a"]
    sound(ward)


def test_a_gateway_is_passed_over_along_its_default(cast: Cast, sessions: sessionmaker[Session]) -> None:
    fork = gateway("exclusive", "fork", default="fork-b")
    ways = [flows("s ask fork", "a e", "b e"), flow("fork", "a", "=x +"), flow("fork", "b")]
    ward = Ward(sessions, cast, start(), user("ask"), fork, user("a"), user("b"), end(), *ways)
    case = ward.open()
    ward.do(case, "ask", x=5)
    assert ward.why(case)["element"] == "fork"
    assert repair(ward, "skip", case, "条件写坏了").stuck is None
    assert ward.waiting(case) == ["b"]


def test_the_task_may_be_given_back_to_its_officer(divide: Ward) -> None:
    case = divide.open()
    divide.do(case, "ask", x=0)
    repair(divide, "give_back", case, "请重新填写 x")
    divide.do(case, "ask", x=10)
    assert divide.row(case).variables["share"] == 10
    sound(divide)


def test_only_administrators_and_designers_repair(divide: Ward) -> None:
    case = divide.open()
    divide.do(case, "ask", x=0)
    for who in ("clerk", "auditor", "leader"):
        with pytest.raises(NotAllowed):
            repair(divide, "retry", case, by=who)
    assert repair(divide, "correct", case, {"x": 1}, "更正", by="admin").stuck is None


def test_what_was_raised_is_kept_when_the_process_cannot_even_begin(
    cast: Cast, sessions: sessionmaker[Session]
) -> None:
    asked = '<extensionElements><camunda:formData><camunda:formField id="title" type="string"/>' \
            '</camunda:formData></extensionElements>'  # fmt: skip
    broken = script("first", 'if title = "七" then "no" else {n: number(title) + 1}')
    ward = Ward(sessions, cast, start(inner=asked), broken, user("use"), end(), flows("s first use e"))
    case = ward.open(title="七")
    assert ward.row(case).stuck_at is not None
    assert ward.row(case).variables["title"] == "七"
    assert repair(ward, "correct", case, {"title": "7"}, "应为数字").stuck is None
    assert ward.row(case).variables["n"] == 8
    sound(ward)


def test_a_timer_a_loop_and_a_snapshot_that_break_stop_only_their_case(
    cast: Cast, sessions: sessionmaker[Session]
) -> None:
    ring = boundary("ring", "wait", timer("PT1H"), interrupting=False)
    spin = [gateway("exclusive", "top"), script("turn", "{n: 1}")]
    ways = [flows("s wait e", "ring check", "top turn top", "fine over")]
    check = gateway("exclusive", "check", default="check-fine")
    ways += [flow("check", "top", "x = 0"), flow("check", "fine")]
    parts = [start(inner=user("_").split(">", 1)[1].rsplit("<", 1)[0]), user("wait"), ring, check, *spin,
             user("fine"), end(), end("over")]  # fmt: skip
    ward = Ward(sessions, cast, *parts, *ways)
    sick, well, torn = ward.open(x=0), ward.open(x=1), ward.open(x=1)
    with ward.sessions() as session, session.begin():
        session.execute(update(Case).where(Case.id == torn).values(state=b"\x00not a snapshot"))
    assert ward.later(hours=2) == 1
    assert "不停循环" in ward.why(sick)["zh"]
    assert "快照" in ward.why(torn)["zh"]
    assert ward.waiting(well) == ["fine", "wait"]
    with pytest.raises(NotValid):
        repair(ward, "skip", torn, "没有步骤可跳")
    assert repair(ward, "correct", sick, {"x": 2}, "本件不应进入循环").stuck is None
    assert ward.waiting(sick) == ["fine", "wait"]
    with pytest.raises(CannotGoOn, match="stuck"):
        ward.do(torn, "wait")
    with ward.sessions() as session:
        assert chain.verify(session).intact


def test_a_fault_of_the_program_itself_is_an_incident_too(
    monkeypatch: pytest.MonkeyPatch, cast: Cast, sessions: sessionmaker[Session]
) -> None:
    ring = boundary("ring", "wait", timer("PT1H"), interrupting=False)
    ward = Ward(sessions, cast, start(), user("wait"), ring, user("fine"), end(), end("over"),
                flows("s wait e", "ring fine over"))  # fmt: skip
    first, second = ward.open(), ward.open()
    fire = step.fire

    def breaks(scene: Any, *rest: Any) -> Any:
        if scene.case == first:
            raise ZeroDivisionError("a fault nobody thought of")
        return fire(scene, *rest)

    monkeypatch.setattr(step, "fire", breaks)
    assert ward.later(hours=2) == 1
    assert "程序在这一步出错" in ward.why(first)["zh"]
    assert ward.waiting(second) == ["fine", "wait"]
    monkeypatch.setattr(step, "fire", fire)
    assert repair(ward, "retry", first).stuck is None
    assert ward.waiting(first) == ["fine", "wait"]


def test_a_message_to_a_case_that_breaks_lies_with_its_incident(cast: Cast, sessions: sessionmaker[Session]) -> None:
    send = '<sendTask id="call" name="call" messageRef="message_hello">' \
           '<extensionElements><camunda:properties><camunda:property name="payload" value="={y: 3}"/>' \
           '</camunda:properties></extensionElements></sendTask>'  # fmt: skip
    hear = boundary("hear", "listen", on("message", "hello"), interrupting=False)
    broken = script("share", 'if x = 0 then "no" else {share: y}')
    ward = Ward(sessions, cast, start(), gateway("parallel", "split"), user("ask"), send, user("listen"), hear, broken,
                end(), end("e2"), end("e3"),
                flows("s split ask call e", "split listen e2", "hear share e3"))  # fmt: skip
    case = ward.open()
    ward.do(case, "ask", x=0)
    assert ward.row(case).stuck_at is None
    assert ward.later(minutes=1) == 1
    assert ward.why(case)["trigger"]["answers"] == {"y": 3}
    assert repair(ward, "correct", case, {"x": 1}, "更正").stuck is None
    assert ward.row(case).variables["share"] == 3
    sound(ward)


def test_all_incidents_at_one_element_are_tried_again_together(divide: Ward) -> None:
    sick = [divide.open() for _ in range(3)]
    for case, x in zip(sick, (0, 0, 0), strict=True):
        divide.do(case, "ask", x=x)
    repair(divide, "give_back", sick[2], "退回")
    with divide.sessions() as session, session.begin():
        designer = divide.cast.actor(session, "designer")
        outcomes = repairs.retry_all(session, "drawn", "share", "再试", by=designer, at=divide.at)
    assert [(one.case, one.stuck is None) for one in outcomes] == [(sick[0], False), (sick[1], False)]
    assert divide.row(sick[2]).stuck_at is None
