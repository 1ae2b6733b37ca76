"""What the library puts into words by itself, out of tables and scripts, reads in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from lxml import etree

from engine.notation import diagram as bpmn
from engine.reads import phrases
from engine.reads.names import Names
from engine.words.terms import Term
from tests.conftest import PROCESSES, files_of
from webui.demo.city import UNITS

LIBRARY = [file.stem for file in sorted(PROCESSES.glob("*/*.bpmn"))]
CITY = {code: Term(name, english) for code, name, english, _kind, _above in UNITS}
CHINESE, CODE, TEXT = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[a-z]"), re.compile(r'"([^"]*)"')
# A script that says its own title: `title: "症状处置 " + place …`.
TITLE = re.compile(r"[{,]\s*title:\s*([^{}]*?)(?=,\s*\w+:|\})", re.DOTALL)


def drawn(process: str) -> bpmn.Diagram:
    return bpmn.read(files_of(process)[0])


def given(process: str) -> Iterator[tuple[str, str]]:
    """What the tables of a process give as a text: (name it is known by, text)."""
    asked = {element.decision: element.result for element in drawn(process).elements.values() if element.decision}
    for file in dict(files_of(process)[1]).values():
        for table in etree.fromstring(file.encode()).iterfind(".//{*}decisionTable"):
            decision, columns = table.getparent().get("id"), [one.get("name") for one in table.iterfind("{*}output")]
            if decision not in asked:
                continue
            for rule in table.iterfind("{*}rule"):
                cells = (one.findtext("{*}text") or "" for one in rule.iterfind("{*}outputEntry"))
                for column, cell in zip(columns, cells, strict=True):
                    text = TEXT.fullmatch(cell.strip())
                    # A column beside it says it in English; the code of a line of a checklist is read by nobody.
                    beside = column.endswith("_en") or f"{column}_en" in columns or "text_en" in columns
                    if text and not beside:
                        yield column if len(columns) > 1 else asked[decision], text[1]


@pytest.mark.parametrize("process", LIBRARY)
def test_what_a_table_gives_reads_as_words_in_both_languages(process: str) -> None:
    names = Names(drawn(process), {}, CITY, {}, {}, {})
    said = {(name, text, names.value(name, text)) for name, text in given(process) if name not in names.hidden}
    # A unit's code reads as the unit where it is a unit of the office.
    assert [one for one in said if one[1] not in CITY and (CODE.search(one[2].zh) or CHINESE.search(one[2].en))] == []


@pytest.mark.parametrize("process", LIBRARY)
def test_a_title_that_a_script_makes_is_said_in_english(process: str) -> None:
    """With a letter, or a day, for whatever the script puts in."""
    drawing = drawn(process)
    for element in drawing.elements.values():
        for made in TITLE.findall(element.script):
            if CHINESE.search(made):
                parts = re.sub(r"\(if .*? else (.*?)\)", r"\1", made).split(" + ")
                title = "".join(text[1] if (text := TEXT.fullmatch(part.strip())) else _any(part) for part in parts)
                assert not CHINESE.search(phrases.title(drawing, title).en), title


def _any(part: str) -> str:
    return "2026-03-02" if "today" in part else "B"
