"""A text of a megabyte and a list of five thousand rows lie beside the case: no step carries them along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import orphans, repairs
from engine.acts.casefiles import find_case, scene_of
from engine.notation.spiff.sight import _differs
from engine.notation.spiff.view import names
from engine.reads import case_page, case_story, filters, journal_pages, story
from engine.reads.full_rows import full
from engine.reads.names import ZONE
from engine.record import chain, kept, replay
from engine.words.kept import LIMIT, Kept, digest_of, references
from engine.words.officers import CLOCK
from engine.words.values import from_json, to_json
from models import Case, Entry, KeptValue
from models.for_good import for_good
from tests.cast import Cast
from tests.engine.poison import Ward, user
from tests.engine.tokens.drawn import end, flow, flows, gateway, properties, script, several, start, sub

TEXT = "卡口无人值守" * 60_000  # a megabyte in UTF-8
ROWS = 5_000
FORM = (
    '<extensionElements><camunda:formData><camunda:formField id="description" label="描述" type="text">'
    '<camunda:properties><camunda:property id="label.en" value="Description"/></camunda:properties>'
    '<camunda:validation><camunda:constraint name="maxlength" config="1000000"/></camunda:validation>'
    "</camunda:formField></camunda:formData></extensionElements>"
)


@pytest.fixture
def ward(cast: Cast, sessions: sessionmaker[Session]) -> Ward:
    """Tells, makes a list, waits, reads both in FEEL and in a script, and goes round."""
    listed = script("list", '{rows: for i in 1..5000 return {n: i, name: "第" + string(i) + "行"}}')
    read = script("read", "{length: string length(description), sum: sum(rows.n), last: rows[-1].name}")
    counted = script("count", "return {counted: input.rows.length}").replace('"feel"', '"javascript"')
    return Ward(
        sessions, cast, start(), user("tell", FORM), listed, gateway("exclusive", "again"), user("ask"),
        gateway("exclusive", "on", default="on-again"), read, counted, user("use"), end(),
        flows("s tell list again ask on", "on again", "read count use e"), flow("on", "read", when="=x = 9"),
    )  # fmt: skip


def told(ward: Ward, text: str = TEXT) -> int:
    case = ward.open()
    ward.do(case, "tell", description=text)
    return case


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            said.append(f"{statement} {parameters}")

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def test_what_is_large_is_kept_once_and_carried_by_no_step(ward: Ward, engine: Engine) -> None:
    case = told(ward)
    row = ward.row(case)
    assert len(row.state) < 1_000
    assert set(row.variables["description"]) == set(row.variables["rows"]) == {"$kept"}
    with ward.sessions() as session:
        bodies = list(session.scalars(select(KeptValue.body).order_by(func.length(KeptValue.body))))
        assert [len(body) > LIMIT for body in bodies] == [True, True]
        assert orjson.loads(bodies[1]) == TEXT
        longest = session.scalar(select(func.max(func.length(Entry.body))))
    assert longest < LIMIT
    before = len(row.state)
    for turn in range(3):
        with counting(engine) as said:
            ward.do(case, "ask", x=turn)
        # Finding the officer and the task is the test's own.
        assert len(said) <= 14 + 4
        assert not any("kept_values" in statement for statement in said), "a step that needs none has read one"
        assert sum(map(len, said)) < 20_000
    assert abs(len(ward.row(case).state) - before) < 50


def test_expressions_and_scripts_read_it_right(ward: Ward, engine: Engine) -> None:
    case = told(ward)
    with counting(engine) as said:
        ward.do(case, "ask", x=9)
    variables = ward.row(case).variables
    assert variables["length"] == len(TEXT)
    assert variables["sum"] == ROWS * (ROWS + 1) // 2
    assert variables["last"] == f"第{ROWS}行"
    assert variables["counted"] == ROWS
    assert sum("kept_values" in statement for statement in said) == 2, "each is looked up once"
    assert len(said) <= 14 + 4


def test_each_case_keeps_its_own_and_what_an_expression_may_see_is_whole(ward: Ward) -> None:
    case, other = told(ward), told(ward)
    with ward.sessions() as session:
        found = find_case(session, case, lock=False)
        seen = names(scene_of(session, found, by=CLOCK, at=ward.at), found.state)
        assert seen["description"] == TEXT
        assert len(seen["rows"]) == ROWS
        owners = session.execute(select(KeptValue.case_id, func.count()).group_by(KeptValue.case_id)).all()
    assert sorted(owners) == [(case, 2), (other, 2)]


def test_the_same_handed_in_again_is_no_change() -> None:
    text = "x" * LIMIT
    size, digest = len(orjson.dumps(text)), digest_of(orjson.dumps(text))
    assert not _differs(Kept(digest, size), text)
    assert _differs(Kept(digest, size), text + "y")
    assert _differs(Kept(digest, size), "short")


def test_what_only_looks_like_a_reference_is_what_somebody_wrote() -> None:
    for written in ({"$kept": ["a", 1]}, {"$moment": "soon"}, {"$plain": {"$kept": ["a", 1]}}):
        assert from_json(to_json({"said": written})) == {"said": written}
        assert list(references(to_json({"said": written}))) == []


def test_the_chain_proves_it_and_a_replay_gives_the_same_rows(ward: Ward) -> None:
    case = told(ward)
    with ward.sessions() as session:
        assert chain.verify(session).intact
        assert replay.differences(session) == []
    with ward.sessions() as session, session.begin():
        session.execute(update(KeptValue).values(body=KeptValue.body + " "))
    with ward.sessions() as session:
        (broken,) = chain.verify(session).breaks
        assert (broken.book, broken.en) == (case, "What it refers to was changed or removed")
    with ward.sessions() as session, session.begin():
        kept.forget(session, case)
    with ward.sessions() as session:
        assert not chain.verify(session, case).intact


def bytes_of(engine: Engine) -> bytes:
    """The whole database file, and its log of pages."""
    file = Path(engine.url.database or "")
    log = file.with_name(f"{file.name}-wal")
    return file.read_bytes() + (log.read_bytes() if log.is_file() else b"")


def test_what_only_erased_facts_have_spoken_of_is_swept_and_the_chain_holds(ward: Ward, engine: Engine) -> None:
    case, other = told(ward, TEXT + "只在这一件"), told(ward, TEXT + "另一件")
    ward.do(case, "ask", x=9)
    ward.do(case, "use")
    digest = ward.row(case).variables["description"]["$kept"][0]
    assert orphans.sweep_values(ward.sessions) == 0  # nothing was erased
    with for_good(ward.sessions) as session:  # the text of the form, wherever the case tells it
        session.execute(update(Entry).where(Entry.book == case, Entry.body.contains(digest)).values(body=None))
    assert orphans.sweep_values(ward.sessions) == 0  # the field itself still has it
    with for_good(ward.sessions) as session:
        row = session.get_one(Case, case)
        assert digest.encode() not in bytes(row.state)
        row.variables = {**row.variables, "description": None}
    assert orphans.sweep_values(ward.sessions) == 1
    with ward.sessions() as session:
        assert chain.verify(session).intact
        left = session.execute(select(KeptValue.case_id, func.count()).group_by(KeptValue.case_id)).all()
    assert sorted(left) == [(case, 1), (other, 2)]  # the rows of the list, and the other case, are as they were
    if engine.dialect.name == "sqlite":
        found = bytes_of(engine)
        assert "另一件".encode() in found
        assert "只在这一件".encode() not in found
    assert orphans.sweep_values(ward.sessions) == 0


def test_pages_exports_search_and_stories_see_the_value(ward: Ward) -> None:
    case = told(ward, "开头" + "x" * 5_000 + '“引”"号"\n结尾')
    with ward.sessions() as session:
        actor = ward.cast.actor(session, "auditor")
        head = case_page.find(session, case, actor=actor)
        assert head.variables["description"].endswith("结尾")
        assert len(head.variables["rows"]) == ROWS
        (row,) = full(session, [case], at=ward.at, zone=ZONE)
        assert row.told("description").zh.startswith("开头xxx")
        acts = story.of(session, case)
        assert any("结尾" in str(detail) for act in acts for detail in act.details)
        for word, times in (("结尾", 1), ('"号"', 1), ("没有的", 0)):
            conditions = filters.conditions(filters.Filters(text=word), actor, ward.at, ZONE)
            assert session.scalar(select(func.count()).select_from(Case).where(*conditions)) == times, word
        wanted = journal_pages.Sieve(text='"号"')
        assert {one.kind for one in journal_pages.page(session, wanted).records} == {
            "TaskCompleted",
            "VariablesChanged",
        }
        assert case_story.of_case(session, case).count("description") >= 1


def test_what_was_handed_in_before_the_case_broke_is_tried_again(cast: Cast, sessions: sessionmaker[Session]) -> None:
    broken = script("share", 'if factor = null then "no" else {length: factor * string length(description)}')
    ward = Ward(sessions, cast, start(), user("tell", FORM), broken, user("use"), end(), flows("s tell share use e"))
    case = told(ward)
    assert "$kept" in str(ward.why(case)["trigger"])
    with sessions() as session, session.begin():
        by = cast.actor(session, "designer")
        assert repairs.correct(session, case, {"factor": 2}, "补上系数", by=by, at=ward.at).stuck is None
    assert ward.row(case).variables["length"] == 2 * len(TEXT)
    with sessions() as session:
        assert chain.verify(session).intact
        assert replay.differences(session) == []


def test_what_only_one_instance_knows_lies_beside_the_case_too(cast: Cast, sessions: sessionmaker[Session]) -> None:
    inside = sub("each", properties(collect="all"), several(over="=[1, 2]", sequential=True), start("is"),
                 user("tell", FORM), user("add"), end("ie"), flows("is tell add ie"))  # fmt: skip
    total = script("total", "{total: sum(for a in all return string length(a.description))}")
    ward = Ward(sessions, cast, start(), inside, total, user("use"), end(), flows("s each total use e"))
    case = ward.open()
    for text in (TEXT, TEXT + "。"):
        ward.do(case, "tell", description=text)
        assert len(ward.row(case).state) < 2_000
        ward.do(case, "add", x=1)
        assert len(ward.row(case).state) < 2_000
    assert ward.row(case).variables["total"] == 2 * len(TEXT) + 1
    with sessions() as session:
        assert chain.verify(session).intact
        assert replay.differences(session) == []
