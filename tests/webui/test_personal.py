"""Personal values: nobody but those on the case, and auditors who say why, gets one; they end, the chain does not."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, definitions, incidents, outbox, personal, tasks, templates
from engine.reads import case_story
from engine.record import chain, replay
from engine.words.errors import NotAllowed, NotFound, NotValid
from engine.words.officers import CLOCK
from engine.words.personal import digest_of, masked
from models import Case, Entry, OutgoingMessage, PersonalValue, Task
from tests.cast import MORNING, Cast
from tests.webui.conftest import Browser, Clock

FIXTURES = Path(__file__).parents[1] / "fixtures"
NAME, PHONE, NEW_PHONE = "诸葛小明", "13912345678", "18800001111"
SECRETS = (NAME, "小明", PHONE, NEW_PHONE)
Enter = Callable[[str], Browser]


class Visits:
    """A visit to somebody with a name and a telephone, which asks another process to visit again."""

    def __init__(self, sessions: sessionmaker[Session], cast: Cast) -> None:
        self.sessions, self.cast, self.at = sessions, cast, MORNING
        with sessions() as session, session.begin():
            for process in ("visit", "visit_again"):
                drawn = (FIXTURES / f"{process}.bpmn").read_bytes()
                definitions.publish(session, drawn, {}, note="", by=CLOCK, at=self.at)

    def open(self, **answers: object) -> int:
        asked = {"title": "走访一户", "name": NAME, "phone": PHONE, **answers}
        with self.sessions() as session, session.begin():
            return cases.open(session, "visit", asked, by=self.cast.actor(session, "dispatcher"), at=self.at)

    def does(self, case: int, login: str, **answers: object) -> None:
        with self.sessions() as session, session.begin():
            task = session.scalars(select(Task.id).where(Task.case_id == case, Task.done_at.is_(None))).one()
            tasks.complete(session, task, answers, by=self.cast.actor(session, login), at=self.at)
        outbox.deliver_due(self.sessions, at=self.at)

    def again(self) -> int:
        """The case of the process that was asked."""
        with self.sessions() as session:
            return session.scalars(select(Case.id).where(Case.process_id == "visit_again")).one()

    def show(self, case: int, login: str, reason: str = "上门联系") -> list[tuple[str, Any]]:
        with self.sessions() as session, session.begin():
            told = personal.show(session, case, reason, by=self.cast.actor(session, login), at=self.at)
        return [(one.field, one.value) for one in told]


@pytest.fixture
def visits(sessions: sessionmaker[Session], cast: Cast) -> Visits:
    return Visits(sessions, cast)


def everything(engine: Engine) -> str:
    """All rows of all tables but the one beside, as text."""
    found = []
    with engine.connect() as connection:
        tables = connection.execute(text("select name from sqlite_master where type = 'table'")).scalars().all()
        for table in tables:
            if table != "personal_values":
                for row in connection.execute(text(f'select * from "{table}"')):
                    found += [cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in row]
    return "\n".join(found)


def nothing_in(said: str) -> None:
    assert [secret for secret in SECRETS if secret in said or ascii(secret)[1:-1] in said] == []


def test_values_lie_in_their_own_table_and_nowhere_else(visits: Visits, engine: Engine) -> None:
    case = visits.open()
    visits.does(case, "clerk", phone=NEW_PHONE, found="在家")
    nothing_in(everything(engine))
    with visits.sessions() as session:
        kept = session.scalars(select(PersonalValue).where(PersonalValue.case_id == case)).all()
        assert sorted(row.value or "" for row in kept) == sorted(f'"{each}"' for each in (NAME, PHONE, NEW_PHONE))
        assert chain.verify(session).intact
        assert replay.differences(session) == []


def test_what_is_left_empty_stays_as_it_was(visits: Visits) -> None:
    case = visits.open()
    visits.does(case, "clerk", found="在家")
    assert visits.show(case, "clerk") == [("name", NAME), ("phone", PHONE)]


def test_a_compulsory_value_is_still_compulsory_and_still_checked(visits: Visits) -> None:
    with pytest.raises(NotValid) as missing:
        visits.open(name="")
    assert [fault.field for fault in missing.value.faults] == ["name"]
    with pytest.raises(NotValid) as short:
        visits.open(phone="12")
    assert "电话太短" in str(short.value.zh)


def test_a_message_carries_a_value_only_into_a_field_that_is_personal_there(visits: Visits, engine: Engine) -> None:
    case = visits.open()
    visits.does(case, "clerk", found="在家")
    again = visits.again()
    assert sorted(value for _field, value in visits.show(again, "reviewer")) == sorted([NAME, PHONE, NAME])
    with visits.sessions() as session:
        got = session.get_one(Case, again).variables
        assert got["note"] is None
        assert got["strangers"] == [None]
        assert got["people"][0]["age"] == 7
        assert got["people"][0]["name"]["personal"].startswith(f"{again}-")
        sent = session.scalars(select(OutgoingMessage)).one()
        nothing_in(str(sent.payload))
    nothing_in(everything(engine))


def test_a_reference_that_is_only_guessed_opens_nothing(visits: Visits) -> None:
    """Whoever knows the name of a reference, and not its digest, gets no value by sending it on."""
    visits.open()
    with visits.sessions() as session, session.begin():
        kept = session.scalars(select(PersonalValue)).all()
        forged = {"personal": kept[0].id, "digest": digest_of("", "x")}
        put = personal.put_beside(session, 2026_000_999, {"name"}, {"name": forged, "note": forged})
    assert put.answers == {"name": None, "note": None}
    assert put.facts == []


def test_only_those_on_the_case_and_auditors_are_shown_it_and_each_time_is_a_fact(visits: Visits) -> None:
    case = visits.open()
    assert visits.show(case, "dispatcher") == [("name", NAME), ("phone", PHONE)]  # raised it
    assert visits.show(case, "clerk")  # is asked to do it now
    assert visits.show(case, "auditor", "抽查")
    for login in ("leader", "reviewer", "admin", "designer"):
        with pytest.raises(NotAllowed):
            visits.show(case, login)
    with pytest.raises(NotFound):
        visits.show(case, "expert")
    for login in ("auditor", "clerk"):
        with pytest.raises(NotValid):
            visits.show(case, login, " ")
    visits.does(case, "clerk", found="在家")
    assert visits.show(case, "clerk")  # did it
    with pytest.raises(NotFound):  # was asked, did not do it, and is asked no longer
        visits.show(case, "health_clerk")
    with visits.sessions() as session:
        read = session.execute(select(Entry.officer_id, Entry.body).where(Entry.kind == "PersonalRead")).all()
    people = visits.cast.people
    assert [row.officer_id for row in read] == [people[n] for n in ("dispatcher", "clerk", "auditor", "clerk")]
    assert "抽查" in (read[2].body or "")
    assert '"name","phone"' in (read[2].body or "")


def test_an_incident_keeps_no_value_either(visits: Visits, engine: Engine) -> None:
    """What was handed in when a case got stuck is kept with the incident: the reference, not the value."""
    paper = '<camunda:property name="kind" value="reply_letter" />'
    drawn = (FIXTURES / "visit.bpmn").read_text("utf-8")
    broken = drawn.replace(paper, f'{paper}<camunda:property name="to" value="=title" />')
    with visits.sessions() as session, session.begin():
        definitions.publish(session, broken.encode(), {}, note="", by=CLOCK, at=visits.at)
    case = visits.open()
    visits.does(case, "clerk", phone=NEW_PHONE, found="在家")
    with visits.sessions() as session:
        assert incidents.told(session, case) is not None
    nothing_in(everything(engine))
    assert ("phone", NEW_PHONE) in visits.show(case, "clerk")


def test_it_is_deleted_after_its_time_and_the_chain_holds(visits: Visits, engine: Engine) -> None:
    case = visits.open()
    visits.does(case, "clerk", found="在家")
    with visits.sessions() as session:
        assert session.get_one(Case, case).ended_at is not None
    assert personal.delete_due(visits.sessions, at=visits.at + timedelta(days=29)) == 0
    assert personal.delete_due(visits.sessions, at=visits.at + timedelta(days=31)) == 1
    assert personal.delete_due(visits.sessions, at=visits.at + timedelta(days=60)) == 0  # the other is still open
    assert visits.show(case, "clerk") == []
    with visits.sessions() as session:
        kept = session.scalars(select(PersonalValue).where(PersonalValue.case_id == case)).all()
        assert {(row.value, row.salt) for row in kept} == {(None, None)}
        assert all(row.deleted_at for row in kept)
        verdict = chain.verify(session)
        assert verdict.intact
        assert verdict.deleted == 2
        assert chain.verify(session, case).intact
        assert replay.differences(session) == []
        assert case_story.of_case(session, case)
    nothing_in(everything(engine))
    with engine.connect() as connection:
        left = connection.execute(text("select value from personal_values where case_id = :case"), {"case": case})
        assert set(left.scalars()) == {None}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": '"李四"'}, "个人信息被改动"),
        ({"value": None, "salt": None}, "个人信息被删去而没有记录"),
    ],
)
def test_whoever_changes_a_value_in_secret_is_found_out(visits: Visits, change: dict[str, Any], said: str) -> None:
    case = visits.open()
    with visits.sessions() as session, session.begin():
        session.execute(update(PersonalValue).where(PersonalValue.field == "name").values(**change))
    with visits.sessions() as session:
        assert [(broken.book, broken.zh) for broken in chain.verify(session).breaks] == [(case, said)]


def test_a_recorded_case_told_as_a_story_names_nobody_and_still_plays(visits: Visits) -> None:
    case = visits.open()
    visits.does(case, "clerk", phone=NEW_PHONE, found="在家")
    with visits.sessions() as session:
        told = case_story.of_case(session, case)
    nothing_in(told)
    assert "电话" in told


def test_masks() -> None:
    assert [masked(each) for each in ("张三", "诸葛亮", "欧阳", "Ada Lovelace", PHONE, "310101199001011234", "")] == [
        "张＊", "诸葛＊", "欧＊", "A＊", "1****8", "3****4", "",
    ]  # fmt: skip


PAGES = (
    "/ledger", "/ledger?text=小明", "/ledger?text=13912345678", "/ledger.csv", "/inbox", "/messages", "/cases/{case}",
    "/cases/{case}/fields", "/cases/{case}/letters", "/cases/{case}/documents", "/cases/{case}/evidence",
    "/cases/{case}/diagram", "/cases/{case}/position.json", "/cases/{case}/clocks", "/cases/{case}/personal",
    "/cases/{again}", "/cases/{again}/fields", "/cases/{again}/personal", "/inbox/{task}",
)  # fmt: skip
AUDIT = ("/audit", "/audit?book={case}", "/audit/export.csv", "/audit/export.jsonl", "/audit/verification?now=1")


def test_no_page_search_export_or_log_holds_a_value(
    visits: Visits, browser: Enter, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    case = visits.open()
    visits.does(case, "clerk", phone=NEW_PHONE, found="在家")
    again = visits.again()
    with visits.sessions() as session:
        task = session.scalars(select(Task.id).where(Task.case_id == again)).one()
        paper = session.execute(text("select id from documents")).scalar_one()
    number, other = f"2026-{case % 1_000_000:06d}", f"2026-{again % 1_000_000:06d}"
    for login in ("clerk", "dispatcher", "reviewer", "leader", "expert", "admin", "designer", "auditor"):
        opened = browser(login)
        for page in (*PAGES, f"/cases/{number}/documents/{paper}", f"/cases/{number}/as-story", *AUDIT):
            answer = opened.get(page.format(case=number, again=other, task=task))
            assert answer.status_code in {200, 302, 303, 403, 404}, page
            if "text=" not in page:  # the box of the search repeats what was typed into it
                nothing_in(answer.get_data(as_text=True))
            else:
                assert f"/cases/{number}" not in answer.text
                assert f"/cases/{other}" not in answer.text
    assert "诸葛＊" in browser("leader").get(f"/cases/{number}/fields").text
    nothing_in(caplog.text)


def test_the_page_shows_it_for_a_reason_and_says_who_has_read_it(visits: Visits, browser: Enter) -> None:
    case = visits.open()
    address = f"/cases/2026-{case % 1_000_000:06d}/personal"
    clerk = browser("clerk")
    assert "诸葛＊" in clerk.get(address).text
    refused = clerk.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "请写明查看个人信息的用途" in refused.text
    nothing_in(refused.text)
    shown = clerk.post(address, {"reason": "电话联系"})
    assert NAME in shown.text
    assert PHONE in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    leader = browser("leader")
    assert leader.get(address).status_code == 200
    assert leader.post(address, {"reason": "我想看"}).status_code == 403
    auditor = browser("auditor")
    seen = auditor.get(address).text
    assert "电话联系" in seen
    assert "港口经办" in seen
    nothing_in(seen)
    exported = auditor.post(f"{address}/export.csv", {"reason": "信访核查"})
    assert exported.mimetype == "text/csv"
    assert NAME in exported.get_data(as_text=True)
    assert "信访核查" in auditor.get(f"/audit?book=2026-{case % 1_000_000:06d}").text


def test_a_paper_names_persons_only_for_a_reason_and_what_is_kept_never_does(
    visits: Visits, browser: Enter, engine: Engine
) -> None:
    template, out = Document(), io.BytesIO()
    for line in ("{{ number }}", "{{ name }} {{ phone }}", "{% for one in contents %}{{ one.text }};{% endfor %}"):
        template.add_paragraph(line)
    template.save(out)
    with visits.sessions() as session, session.begin():
        by = visits.cast.actor(session, "designer")
        templates.shelve(session, "reply_letter", out.getvalue(), note="", by=by, at=visits.at)
    case = visits.open()
    visits.does(case, "clerk", phone=NEW_PHONE, found="在家")
    with visits.sessions() as session:
        paper, paper_number = session.execute(text("select id, number from documents")).one()
    clerk, leader = browser("clerk"), browser("leader")
    page = clerk.get(f"/documents/{paper}", follow_redirects=True).text
    assert "/full" in page
    nothing_in(page)
    assert "/full" not in leader.get(f"/documents/{paper}", follow_redirects=True).text

    clerk.post(f"/documents/{paper}/copy")
    kept = said_by(clerk.get(f"/documents/{paper}/file").data)
    assert "诸葛＊ 1****1" in kept
    nothing_in(kept)

    assert clerk.post(f"/documents/{paper}/full", {"reason": " "}).status_code == 422
    assert leader.post(f"/documents/{paper}/full", {"reason": "我想看"}).status_code == 403
    assert browser("expert").post(f"/documents/{paper}/full", {"reason": "我想看"}).status_code == 404
    shown = clerk.post(f"/documents/{paper}/full", {"reason": "送达本人"})
    assert shown.headers["Cache-Control"] == "no-store"
    told = said_by(shown.data)
    assert f"{NAME} {NEW_PHONE}" in told
    assert f"{NAME};" in told, "in the list of all that the paper says, too"
    assert "送达本人" in clerk.get(f"/cases/2026-{case % 1_000_000:06d}/personal").text
    nothing_in(everything(engine))
    with visits.sessions() as session:
        (body,) = session.scalars(select(Entry.body).where(Entry.kind == "PersonalRead"))
        assert paper_number in (body or "")
        assert replay.differences(session) == []

    personal.delete_due(visits.sessions, at=visits.at + timedelta(days=31))
    gone = clerk.post(f"/documents/{paper}/full", {"reason": "送达本人"})
    assert gone.status_code == 422
    assert "已按保存期限删除" in gone.text


def said_by(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
