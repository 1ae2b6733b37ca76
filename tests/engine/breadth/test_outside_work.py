"""Service tasks of programs outside: taken on a lease, answered once, tried again, failed for good, withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.acts import repairs, service_jobs
from engine.notation.checks import check
from engine.words.errors import NotFound, NotValid, OutOfDate
from tests.engine.breadth.outside import complete, fail, fail_for_good, jobs, one, outside, take, throw
from tests.engine.breadth.town import Town, form, user
from tests.engine.tokens import drawn as d

ASK = outside("ask", "ask", "in =a+1 x", "out y b", "out =answer.z+a c")


def asking(town: Town, step: str = ASK, rest: str = "", **answers: int) -> int:
    town.publish("asking", d.start(inner=form("a")), step, user("n"), d.end(), d.flows("s ask n e"), rest)
    return town.open("asking", **(answers or {"a": 7}))


def border(trigger: str) -> str:
    return d.boundary("b", "ask", trigger) + user("h") + d.end("he") + d.flows("b h he")


def test_what_the_diagram_hands_over_goes_out_and_what_it_asks_for_comes_back(town: Town) -> None:
    case = asking(town)
    assert town.waiting(case) == ""
    job = one(town)
    assert (job.inputs, job.tries, job.retries) == ({"x": 8}, 1, 3)
    assert take(town) == []  # it is held
    assert complete(town, job, y=5, z=10, more="not asked for").state == "done"
    assert town.values(case) == {"a": 7, "b": 5, "c": 17}
    assert town.waiting(case) == "n"
    assert jobs(town) == []
    town.do(case, "n")
    assert town.case(case).ended_at is not None
    town.lawful()


def test_answered_twice_the_second_is_told_what_happened(town: Town) -> None:
    case = asking(town)
    job = one(town)
    complete(town, job, y=1, z=1)
    with pytest.raises(OutOfDate) as told:
        complete(town, job, y=2, z=2)
    assert "办结" in told.value.zh
    assert "by this very lease" in told.value.en
    assert town.values(case)["b"] == 1
    with pytest.raises(NotFound):
        complete(town, service_jobs.Taken("1-1", "x", town.at, "ask", "ask", 1, {}, 1, 1))


def test_a_lease_that_ran_out_is_lost_to_the_next(town: Town) -> None:
    case = asking(town)
    first = one(town, lease=timedelta(seconds=30))
    town.at += timedelta(seconds=31)
    second = one(town, worker="w2")
    assert (second.id, second.tries) == (first.id, 2)
    assert second.key == first.key
    with pytest.raises(OutOfDate, match="w2 holds this job now"):
        complete(town, first, y=1, z=1)
    complete(town, second, y=2, z=2)
    assert town.values(case)["b"] == 2
    with pytest.raises(OutOfDate, match="by w2"):
        complete(town, first, y=1, z=1)
    town.lawful()


def lost(town: Town, times: int, worker: str = "w1") -> None:
    """Taken so often, and never heard of again."""
    for _ in range(times):
        one(town, worker=worker, lease=timedelta(seconds=30))
        town.at += timedelta(seconds=31)


def test_a_job_that_stops_every_program_that_takes_it_stops_only_its_case(town: Town) -> None:
    case = asking(town)
    for _ in range(5):  # the default
        held = one(town, lease=timedelta(seconds=30))
        assert held.retries == 3, "no try is lost"
        town.at += timedelta(seconds=31)
    other = town.open("asking", a=7)
    beside = one(town, most=2, worker="w2")
    assert (held.case, beside.case, beside.tries) == (case, other, 1)
    stuck = town.case(case)
    assert "taken 5 times in a row and never answered" in (stuck.stuck_why or {})["en"]
    assert "由“w1”领取" in (stuck.stuck_why or {})["zh"]
    with pytest.raises(OutOfDate, match="failed for good"):
        complete(town, held, y=1, z=1)
    assert complete(town, beside, y=1, z=1).state == "done"
    town.lawful()
    with town.sessions() as session, session.begin():
        repairs.retry(session, held.case, "mended", by=town.cast.actor(session, "designer"), at=town.at)
    lost(town, 4)  # it is counted anew
    assert complete(town, one(town), y=1, z=1).state == "done"
    town.lawful()


def test_how_many_leases_may_run_out_is_said_in_the_diagram_and_a_failure_in_between_counts_anew(town: Town) -> None:
    case = asking(town, outside("ask", "ask", leases="=a - 5", retries="9"))
    lost(town, 1)
    job = one(town)
    town.at = fail(town, job).due or town.at
    lost(town, 1)
    assert one(town, lease=timedelta(seconds=30)).retries == 8
    town.at += timedelta(seconds=31)
    assert take(town) == []
    assert "taken 2 times in a row" in (town.case(case).stuck_why or {})["en"]


def test_a_border_event_takes_the_last_lease_that_ran_out(town: Town) -> None:
    case = asking(town, outside("ask", "ask", leases="1"), border(d.on("error")))
    lost(town, 1)
    assert take(town) == []
    assert town.waiting(case) == "h"
    assert town.case(case).stuck_at is None
    town.lawful()


def test_a_lease_that_is_made_longer_is_not_lost(town: Town) -> None:
    asking(town, outside("ask", "ask", leases="1"))
    job = one(town, lease=timedelta(seconds=30))
    town.at += timedelta(seconds=20)
    with town.sessions() as session, session.begin():
        service_jobs.extend(session, job.id, job.lease, timedelta(minutes=5), at=town.at)
    town.at += timedelta(minutes=4)
    assert take(town) == []
    assert complete(town, job, y=1, z=1).state == "done"


@pytest.mark.parametrize("leases", ["0", "1001", "often", "=0"])
def test_a_number_of_leases_that_is_none_is_refused(town: Town, leases: str) -> None:
    step = outside("ask", "ask", leases=leases)
    if leases.startswith("="):
        case = asking(town, step)
        assert "whole number from 1 to 1000" in (town.case(case).stuck_why or {})["en"]
        return
    found = check(d.xml(d.start(), step, d.end(), d.flows("s ask e")).encode(), {})
    assert [one.element for one in found if one.law == "topics_are_known" and "leases" in one.en] == ["ask"]


def test_a_lease_can_be_made_longer_and_one_nobody_took_still_counts(town: Town) -> None:
    asking(town)
    job = one(town, lease=timedelta(seconds=30))
    with town.sessions() as session, session.begin():
        service_jobs.extend(session, job.id, job.lease, timedelta(minutes=5), at=town.at)
    town.at += timedelta(minutes=4)
    assert take(town) == []
    town.at += timedelta(minutes=4)  # it has run out, but nobody else has begun
    assert complete(town, job, y=1, z=1).state == "done"


def test_what_fails_is_tried_again_later_and_later(town: Town) -> None:
    asking(town, outside("ask", "ask", retries="2", backoff="PT10S"))
    begun = town.at
    waits = []
    for _ in range(2):
        outcome = fail(town, one(town))
        assert outcome.state == "retry"
        assert outcome.due is not None
        waits.append((outcome.due - town.at).total_seconds())
        assert take(town) == []
        town.at = outcome.due
    assert waits == [10, 20]
    assert fail(town, one(town), "gone for good").state == "incident"
    assert town.at - begun == timedelta(seconds=30)


def test_several_waits_come_one_after_another_and_a_worker_may_wish_otherwise(town: Town) -> None:
    asking(town, outside("ask", "ask", retries="5", backoff="PT1S, PT1M"))
    for wait in (1, 60, 60):
        due = fail(town, one(town)).due
        assert due == town.at + timedelta(seconds=wait)
        town.at = due
    assert fail(town, one(town), retries=9, after=timedelta(hours=2)).due == town.at + timedelta(hours=2)
    assert jobs(town)[0].retries == 8
    town.at += timedelta(hours=2)
    assert fail(town, one(town), retries=0).state == "incident"


def test_after_the_last_try_the_case_alone_stops_and_is_tried_anew(town: Town) -> None:
    case, other = asking(town), town.open("asking", a=1)
    job, beside = take(town, most=2)
    if job.case != case:
        job, beside = beside, job
    assert fail(town, job, "no such permit", retries=0).state == "incident"
    stuck = town.case(case)
    assert stuck.stuck_at is not None
    assert "no such permit" in (stuck.stuck_why or {})["en"]
    assert complete(town, beside, y=1, z=1).state == "done"  # the other does not notice
    assert town.waiting(other) == "n"
    assert take(town) == []  # nobody may take the one that failed
    with town.sessions() as session, session.begin():
        assert repairs.retry(session, case, by=town.cast.actor(session, "admin"), at=town.at).stuck is None
    again = one(town)
    assert (again.id, again.tries, again.retries) == (job.id, 1, 3)
    complete(town, again, y=1, z=1)
    assert town.waiting(case) == "n"
    town.lawful()


def test_after_the_last_try_the_outcome_can_be_given_by_hand(town: Town) -> None:
    case = asking(town)
    fail_for_good(town)
    with town.sessions() as session, session.begin():
        by = town.cast.actor(session, "admin")
        repairs.skip(session, case, "电话问过", by=by, at=town.at, outputs={"b": 3, "c": None})
    assert town.values(case) == {"a": 7, "b": 3, "c": None}
    assert town.waiting(case) == "n"
    assert jobs(town) == []
    town.lawful()


def test_after_the_last_try_a_field_can_be_set_right_and_the_worker_is_given_that(town: Town) -> None:
    case = asking(town)
    fail_for_good(town)
    with town.sessions() as session, session.begin():
        repairs.correct(session, case, {"a": 20}, "录错了", by=town.cast.actor(session, "admin"), at=town.at)
    job = one(town)
    assert job.inputs == {"x": 21}
    complete(town, job, y=1, z=1)
    assert town.values(case) == {"a": 20, "b": 1, "c": 21}
    town.lawful()


def test_an_answer_the_case_cannot_go_on_from_is_kept_and_never_asked_for_again(town: Town) -> None:
    case = asking(town, outside("ask", "ask", "out n b"), rest="", a=1)
    town.publish("asking", d.start(inner=form("a")), outside("ask", "ask", "out n b"), d.gateway("exclusive", "g"),
                 user("n"), d.end(), d.flows("s ask g"), d.flow("g", "n", "b > 5"), d.flows("n e"))  # fmt: skip
    case = town.open("asking", a=1)
    job = take(town, most=5)[-1]
    assert job.case == case
    assert complete(town, job, n=3).state == "kept"
    assert town.case(case).stuck_at is not None
    town.at += timedelta(days=1)
    assert [one.case for one in take(town, most=5)] != [case]
    with pytest.raises(OutOfDate, match="waits for an administrator"):
        complete(town, job, n=9)
    with town.sessions() as session, session.begin():
        repairs.correct(session, case, {"b": 6}, "看错了", by=town.cast.actor(session, "admin"), at=town.at)
    assert town.waiting(case) == "n"
    assert town.values(case) == {"a": 1, "b": 6}
    town.lawful()


def test_a_bpmn_error_by_its_name_is_caught_on_the_border(town: Town) -> None:
    case = asking(town, rest=border(d.on("error", "refused")))
    assert throw(town, one(town), "refused", y=4).state == "error"
    assert town.waiting(case) == "h"
    assert town.values(case) == {"a": 7, "b": 4}
    assert jobs(town) == []
    town.lawful()


def test_a_bpmn_error_nobody_catches_is_an_incident_that_can_be_passed_over(town: Town) -> None:
    case = asking(town, rest=border(d.on("error", "refused")))
    assert throw(town, one(town), "else").state == "kept"
    assert "else" in (town.case(case).stuck_why or {})["en"]
    with town.sessions() as session, session.begin():
        repairs.skip(session, case, "算了", by=town.cast.actor(session, "admin"), at=town.at)
    assert town.waiting(case) == "n"
    town.lawful()


def test_after_the_last_try_a_border_event_without_a_name_takes_the_way(town: Town) -> None:
    case = asking(town, rest=border(d.on("error")))
    assert fail_for_good(town).state == "done"
    assert town.case(case).stuck_at is None
    assert town.waiting(case) == "h"
    town.lawful()


def test_what_its_scope_no_longer_waits_for_is_gone_and_a_late_answer_is_told(town: Town) -> None:
    case = asking(town, rest=border(d.timer("PT1H")))
    job = one(town, lease=timedelta(hours=3))
    town.later(hours=2)
    assert town.waiting(case) == "h"
    assert jobs(town) == []
    with pytest.raises(OutOfDate, match="no longer waits"):
        complete(town, job, y=1, z=1)
    town.lawful()


def test_each_instance_has_its_own_job_and_its_answer_stays_with_it(town: Town) -> None:
    step = outside("ask", "ask", "in one x", "out y b", inner=d.several(over="=[1,2,3]"), collect="found")
    case = asking(town, step)
    taken = take(town, most=9)
    assert sorted(job.inputs["x"] for job in taken) == [1, 2, 3]
    for job in reversed(taken):
        complete(town, job, y=job.inputs["x"] * 10)
    assert [each["b"] for each in town.values(case)["found"]] == [10, 20, 30]
    assert town.waiting(case) == "n"
    town.lawful()


def test_a_send_task_may_be_done_outside(town: Town) -> None:
    case = asking(town, outside("ask", "ask", "in *", "out *", kind="sendTask"))
    job = one(town)
    assert job.inputs == {"a": 7}
    complete(town, job, sent=True)
    assert town.values(case) == {"a": 7, "sent": True}
    town.lawful()


def test_while_another_branch_is_stuck_nothing_is_lost(town: Town) -> None:
    town.publish("both", d.start(inner=form("a")), d.gateway("parallel", "g"), outside("one", "ask"),
                 outside("two", "other"), d.gateway("parallel", "j"), d.end(),
                 d.flows("s g one j e", "g two j"))  # fmt: skip
    case = town.open("both", a=1)
    mine, theirs = one(town), one(town, "other", lease=timedelta(minutes=1))
    fail(town, mine, retries=0)
    with pytest.raises(OutOfDate, match="waits for its repair"):
        complete(town, theirs)
    with pytest.raises(OutOfDate, match="waits for its repair"):
        fail(town, theirs)
    town.at += timedelta(hours=1)
    assert take(town, "other") == []
    with town.sessions() as session, session.begin():
        repairs.retry(session, case, by=town.cast.actor(session, "admin"), at=town.at)
    complete(town, one(town, "other"))
    complete(town, one(town))
    assert town.case(case).ended_at is not None
    town.lawful()


def test_bad_wishes_are_named(town: Town) -> None:
    asking(town)
    for wrong in ({"most": 0}, {"most": 101}, {"lease": timedelta(0)}, {"lease": timedelta(days=2)}):
        with pytest.raises(NotValid):
            take(town, **wrong)
    job = one(town)
    with pytest.raises(NotValid, match="code"):
        throw(town, job, " ")
    with pytest.raises(NotValid, match="whole number"):
        fail(town, job, retries=-1)
    with pytest.raises(NotValid, match="cannot be read"):
        complete(town, job, y={"$day": "no day"})
    with pytest.raises(OutOfDate, match="lease is lost"):
        complete(town, service_jobs.Taken(job.id, "", job.until, "ask", "ask", job.case, {}, 1, 1))
    assert complete(town, job, y=1, z=1).state == "done"


def test_a_large_answer_lies_beside_the_case_and_is_told_whole(town: Town) -> None:
    long = "证" * 5000
    town.publish("asking", d.start(inner=form("a")), outside("ask", "ask", "out text text"),
                 outside("again", "ask", "in text given"), d.end(), d.flows("s ask again e"))  # fmt: skip
    case = town.open("asking", a=1)
    assert complete(town, one(town), text=long).state == "done"
    assert town.values(case)["text"] != long  # only its digest stands there
    assert one(town).inputs == {"given": long}
    town.lawful()
