"""Every paper the stories issue, read as its reader reads it: no name of a field, no code, no date of machines."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache

import pytest
from docx import Document as Reader
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import stories
from engine.notation import diagram as bpmn
from engine.notation import ways
from engine.notation.papers import filling
from engine.reads import codes, documents, paper_words, samples
from engine.reads.names import ZONE
from engine.reads.shown import Shown
from engine.words.terms import Term
from models import Document, Officer
from tests.conftest import PROCESSES, files_of
from tests.processes.played import book_of

FOLDER = PROCESSES / "documents"
# A word of the program in a Chinese text, a value as a machine writes it, a mark of a template.
RAW = re.compile(
    r"(?<![A-Za-z])[a-z]{2,}\w*|True|False|None|\d{4}-\d\d-\d\d(?!\d)|\bP(?=[\dT])\w+|\d\.\d{5,}|\{[{%]|\['|built-in"
)
FILES = re.compile(r"\S+\.(png|jpg|pdf|docx)")
NAMES = "赵钱孙李周吴郑王冯陈"


def issuing() -> list[str]:
    return [file.parent.name for file in sorted(PROCESSES.glob("*/*.bpmn")) if b"document.issue" in file.read_bytes()]


@lru_cache
def drawn(process: str) -> bpmn.Diagram:
    return bpmn.read(files_of(process)[0])


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> list[sessionmaker[Session]]:
    """The stage a story was played on last; the codes are those of the whole library."""
    played: list[sessionmaker[Session]] = []

    def kept(*args: object, **options: object) -> sessionmaker[Session]:
        played[:] = [real(*args, **options)]  # type: ignore[arg-type]
        return played[0]

    real = stories.stage
    monkeypatch.setattr(stories, "stage", kept)
    everything = codes.codes_in(
        (Term(one.name, one.name_en), one) for one in map(drawn, (file.stem for file in PROCESSES.glob("*/*.bpmn")))
    )
    for place in (documents, paper_words):
        monkeypatch.setattr(place, "codes_of", lambda _session: everything)
    return played


def on_screen(fields: tuple[Shown, ...]) -> Iterator[tuple[str, Term]]:
    for field in fields:
        yield field.id, field.label
        yield field.id, field.text
        if field.table:
            yield from ((field.id, head) for head in field.table.heads)
            for row in field.table.rows:
                yield from on_screen(row)


def printed(made: bytes) -> Iterator[str]:
    paper = Reader(io.BytesIO(made))
    yield from (paragraph.text for paragraph in paper.paragraphs)
    yield from (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    yield from (paragraph.text for section in paper.sections for paragraph in section.header.paragraphs)


def leftovers(session: Session, paper: Document) -> Iterator[str]:
    sheet = documents._sheet(session, paper, ZONE)
    words = paper_words.words_of(session, paper, sheet, fetch=lambda _sha: None)
    made = filling.fill((FOLDER / f"{paper.kind}.docx").read_bytes(), words)
    lines = [*printed(made), sheet.title, *(term.zh for _id, term in on_screen(sheet.fields))]
    for line in lines:
        if found := RAW.search(FILES.sub("", line)):
            yield f"{paper.number}: “{found[0]}” in “{line[:160]}”"
    if sheet.title_en == sheet.title != paper.fields.get("title"):
        yield f"{paper.number}: its title “{sheet.title}” is not said in English"
    for id, term in on_screen(sheet.fields):
        if term.zh and not term.en:
            yield f"{paper.number}: {id} “{term.zh}” is not called anything in English"


@pytest.mark.parametrize("process", issuing())
def test_no_name_of_a_field_and_no_code_reaches_the_reader(process: str, stage: list[sessionmaker[Session]]) -> None:
    """The stories are played until every step that issues a paper has issued one."""
    drawing, book = drawn(process), book_of(process)
    wanted = {element.id for element in drawing.elements.values() if element.topic == "document.issue"}
    beside = {other: files_of(other) for other in book.beside}
    for story in book.stories:
        told = stories.run(*files_of(process), book, story, beside)
        passed = wanted & set(ways.parts(drawing, told.ways)["elements"][0])
        if not passed:
            continue
        wanted -= passed
        with stage[0]() as session:
            for officer in session.scalars(select(Officer)):  # a story calls its people by their logins
                officer.name = f"{NAMES[officer.id % len(NAMES)]}某某"
            session.flush()
            found = [line for paper in session.scalars(select(Document)) for line in leftovers(session, paper)]
            assert found == [], f"in the story {story.id}"
        if not wanted:
            break
    assert wanted == set(), "no story issues these papers"


def test_every_kind_of_paper_is_issued_by_a_step() -> None:
    found = {
        kind
        for process in issuing()
        for element in drawn(process).elements.values()
        if element.topic == "document.issue"
        for kind in samples.kinds_of(element, dict(files_of(process)[1]))
    }
    assert {file.stem for file in FOLDER.glob("*.docx")} - found == set()
