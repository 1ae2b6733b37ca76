"""From a checkpoint to hospital and on to the watch over contacts, with real messages: every hand-over leaves a slip,
whoever returns it twice meets arbitration, and what is not answered in time stands first."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, definitions, officers
from engine.reads import codes, loops, slips, unreceived
from engine.record import chain, replay
from engine.words.errors import NotFound, NotValid
from engine.words.officers import CLOCK
from models import Case, OutgoingMessage, PersonalValue
from tests.cast import MORNING, PASSWORD, Cast
from tests.conftest import files_of
from tests.processes.test_chain import Town

MORE = [
    ("commander", "值班指挥", "CP", "commander", "CITY"),
    ("doctor", "首诊医生", "HOSPITAL", "medic", "HOSPITAL"),
    ("tracer", "流调员", "HEALTH", "tracer", "CITY"),
]
FOUND = {"name": "访客甲", "phone": "13900000001", "place": "高速卡口", "symptoms": "发热", "epidemic": True}


@pytest.fixture
def town(cast: Cast, sessions: sessionmaker[Session]) -> Town:
    with sessions() as session, session.begin():
        for process in ("command_loop", "medical"):
            definitions.publish(session, *files_of(process), note="", by=CLOCK, at=MORNING)
        # Patients are handed to units of this kind alone.
        cast.units["HOSPITAL"] = officers.add_unit(
            session, "HOSPITAL", "市医院", kind="医疗机构", parent=cast.units["HEALTH"], by=CLOCK, at=MORNING
        )
        for login, name, unit, role, place in MORE:
            cast.people[login] = officers.add_officer(
                session, login, name, unit=cast.units[unit], roles=[(role, cast.units[place])],
                password=PASSWORD, by=CLOCK, at=MORNING,
            )  # fmt: skip
    return Town(sessions, cast)


def reported(town: Town, **changes: Any) -> int:
    with town.sessions() as session, session.begin():
        by = town.cast.actor(session, "commander", town.at)
        town.case = cases.open(session, "command_loop", {**FOUND, **changes}, by=by, at=town.at)
    town.acts(town.case, "assess", "commander", assessment="medical", hospital="HOSPITAL", vehicle="ambulance")
    return town.case


def test_only_a_hospital_can_be_handed_a_patient(town: Town) -> None:
    with town.sessions() as session, session.begin():
        by = town.cast.actor(session, "commander", town.at)
        case = cases.open(session, "command_loop", FOUND, by=by, at=town.at)
    with pytest.raises(NotValid) as refused:
        town.acts(case, "assess", "commander", assessment="medical", hospital="CITY", vehicle="ambulance")
    assert [fault.field for fault in refused.value.faults] == ["hospital"]


def states(town: Town, login: str = "commander") -> list[tuple[str, str]]:
    with town.sessions() as session:
        by = town.cast.actor(session, login, town.at)
        found = slips.listed(session, by, at=town.at, state="all")
        counted = slips.counts(session, by, at=town.at)
        assert sum(counted.values()) == len(found)
        assert {state: sum(one.state == state for one in found) for state in counted} == counted
    return [(one.name, one.state) for one in reversed(found)]


def test_slip_is_received_then_overdue_then_accepted(town: Town) -> None:
    hub = reported(town)
    assert states(town) == [("patient_handed_over", "received")]
    town.wait(hours=1, minutes=30)
    assert states(town) == [("patient_handed_over", "overdue")]
    assert town.case_of(hub).level == 3
    town.acts(town.newest("medical"), "accept", "doctor", acceptance="accept")
    assert ("patient_handed_over", "accepted") in states(town)
    title = town.case_of(hub).title
    with town.sessions() as session:
        by = town.cast.actor(session, "commander", town.at)
        slip = next(one for one in slips.listed(session, by, at=town.at, state="all") if one.asks)
        assert slip.sender is not None
        assert slip.sender.case == hub
        assert slip.number.startswith(f"{slip.sender.number}-")
        assert slip.title.zh == "移交医疗救治"
        assert "访客甲" not in slip.title.zh + slip.key + title
        with pytest.raises(NotFound):
            slips.find(session, slip.id, town.cast.actor(session, "clerk", town.at), at=town.at)


def test_returned_twice_goes_to_arbitration_and_cannot_be_returned_again(town: Town) -> None:
    hub = reported(town)
    for time in (1, 2):
        town.acts(town.newest("medical"), "accept", "doctor", acceptance="return", reason=f"床位已满，第{time}次。")
        if time == 1:
            town.acts(hub, "correct", "commander", hospital="HOSPITAL")
    told = [state for name, state in states(town) if name == "patient_handed_over"]
    assert told == ["returned", "returned"]
    with town.sessions() as session:
        by = town.cast.actor(session, "commander", town.at)
        reasons = [one.reason for one in slips.listed(session, by, at=town.at, state="returned")]
        picture = loops.picture(session, "command_loop", actor=by, at=town.at)
    assert reasons == ["床位已满，第2次。", "床位已满，第1次。"]
    # What a hospital has returned is over there: nothing of it stays open in the picture of the loops.
    assert picture is not None
    assert {one.id: one.open for one in (picture.hub, *picture.loops)} == {"command_loop": 1, "medical": 0}

    town.acts(hub, "arbitrate", "leader", ruling="medical", hospital="HOSPITAL", ruling_text="由市医院接收。")
    with pytest.raises(NotValid):
        town.acts(town.newest("medical"), "accept", "doctor", acceptance="return", reason="仍要退回。")
    town.acts(town.newest("medical"), "accept", "doctor", acceptance="accept")
    assert states(town).count(("patient_handed_over", "accepted")) == 1


def test_contacts_nobody_takes_yet_are_seen_and_the_facts_tell_it_all_again(town: Town) -> None:
    hub = reported(town)
    ward = town.newest("medical")
    town.acts(ward, "accept", "doctor", acceptance="accept")
    town.acts(ward, "examine", "doctor", temperature=38, assessment="observe", diagnosis="发热待查。")
    town.acts(ward, "list_contact", "tracer", contact_name="同住人", contact_phone="13900000003")
    town.acts(ward, "list_contact", "tracer", contact_found=False, tracing_note="自驾返回。")
    assert ("contacts_listed", "accepted") in states(town)
    assert ("screening_asked", "sent") in states(town)  # no screening process is published here
    assert town.case_of(hub).variables["contacts_waiting"] == 1
    with town.sessions() as session:
        by = town.cast.actor(session, "commander", town.at)
        assert [one.name for one in unreceived.listed(session, by, at=town.at)] == ["screening_asked"]
        key = session.scalars(select(OutgoingMessage.correlation).where(OutgoingMessage.name == "screening_asked"))
        assert list(key) == [f"{session.get_one(Case, ward).number}/1"]
        assert chain.verify(session).intact
        assert list(replay.differences(session)) == []


def test_contact_goes_to_the_command_post_without_a_name_in_any_case_or_message(town: Town) -> None:
    hub = reported(town)
    ward = town.newest("medical")
    town.acts(ward, "accept", "doctor", acceptance="accept")
    town.acts(ward, "examine", "doctor", temperature=38, assessment="observe", diagnosis="发热待查。")
    town.acts(ward, "list_contact", "tracer", contact_name="同住人", contact_phone="13900000003")
    with town.sessions() as session:
        told = [str(one.variables) for one in session.scalars(select(Case))]
        told += [str(one.payload) for one in session.scalars(select(OutgoingMessage))]
        assert [text for text in told for secret in ("访客甲", "同住人", "13900000003") if secret in text] == []
        kept = session.execute(select(PersonalValue.case_id, PersonalValue.field, PersonalValue.value)).all()
    assert {(row.field, row.value) for row in kept if row.case_id == hub} >= {
        ("name", '"访客甲"'), ("contact_name", '"同住人"'), ("contact_phone", '"13900000003"'),
    }  # fmt: skip
    assert (ward, "name", '"访客甲"') in [tuple(row) for row in kept]


def test_whoever_watches_a_contact_keeps_the_name_under_the_field_of_their_own_form(town: Town) -> None:
    with town.sessions() as session, session.begin():
        definitions.publish(session, *files_of("person_screening"), note="", by=CLOCK, at=MORNING)
    reported(town)
    ward = town.newest("medical")
    town.acts(ward, "accept", "doctor", acceptance="accept")
    town.acts(ward, "examine", "doctor", temperature=38, assessment="observe", diagnosis="发热待查。")
    town.acts(ward, "list_contact", "tracer", contact_name="同住人", contact_phone="13900000003")
    with town.sessions() as session:
        kept = select(PersonalValue.field, PersonalValue.value).where(
            PersonalValue.case_id == town.newest("person_screening")
        )
        assert {tuple(row) for row in session.execute(kept)} == {("name", '"同住人"'), ("phone", '"13900000003"')}


def test_the_codes_of_the_library_are_read_once_until_something_is_published(town: Town) -> None:
    with town.sessions() as session:
        first = codes.codes_of(session)
        assert codes.codes_of(session) is first
        assert ("process", "recheck") not in first
    with town.sessions() as session, session.begin():
        definitions.publish(session, *files_of("recheck"), note="", by=CLOCK, at=MORNING)
        assert codes.codes_of(session)["process", "recheck"].en == "Recheck"


def test_what_is_overdue_stands_first_whatever_was_sent_later(town: Town) -> None:
    reported(town)
    town.wait(hours=1, minutes=30)
    reported(town)
    with town.sessions() as session:
        by = town.cast.actor(session, "commander", town.at)
        for state in ("all", "open"):
            told = [one.state for one in slips.listed(session, by, at=town.at, state=state)]
            assert told[0] == "overdue"
            assert "received" in told[1:]
