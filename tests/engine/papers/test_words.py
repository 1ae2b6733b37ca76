"""What no form asks for has a name, too, and a template prints fields only, never what lies behind them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document

from engine.notation import called
from engine.notation import diagram as bpmn
from engine.notation.papers import filling
from engine.reads.documents import title_in_english
from engine.reads.names import Names
from engine.reads.shown import filled
from tests.conftest import PROCESSES


def names(process: str) -> Names:
    drawn = bpmn.read((PROCESSES / process / f"{process}.bpmn").read_bytes())
    return Names(drawn, {}, {}, {}, {}, {})


def printed(mark: str, **given: Any) -> str:
    paper, out = Document(), io.BytesIO()
    paper.add_paragraph(mark)
    paper.save(out)
    made = filling.fill(out.getvalue(), given)
    return Document(io.BytesIO(made)).paragraphs[0].text


def test_properties_of_the_process_name_what_no_form_asks_for() -> None:
    said = called.called({
        "label.n": "件数", "label.n.en": "Cases", "label.ranking.n": "参评件数", "type.share": "percent",
        "word.way.direct": "直接答复", "word.way.direct.en": "Directly", "name.en": "Bulletin",
    })  # fmt: skip
    assert set(said) == {"n", "ranking.n", "share", "way"}
    assert (said["n"].label, said["n"].label_en, said["ranking.n"].label) == ("件数", "Cases", "参评件数")
    assert said["share"].type == "percent"
    assert [(one.id, one.name, one.name_en) for one in said["way"].choices] == [("direct", "直接答复", "Directly")]


def test_a_field_handed_on_under_another_name_is_called_as_before() -> None:
    loop = names("issue_loop")
    assert loop.label("milestones") == loop.label("plan_steps")
    assert loop.label("overdue").zh == "超期"


def test_a_ranking_reads_as_its_reader_needs_it() -> None:
    rows = [{"unit": "jiefang", "name": "解放街道", "n": 4, "enough": True, "on_time_rate": 0.875, "rank": 1}]
    (field,) = filled(names("bulletin"), {"ranking": rows})
    assert field.table is not None
    assert [head.zh for head in field.table.heads] == ["单位", "件数", "按时整改率", "名次"]
    assert [cell.text.zh for cell in field.table.rows[0]][1:] == ["4", "87.5%", "1"]
    assert [head.en for head in field.table.heads][1] == "Cases"


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        ("{% if word.title %}{{ word.title }}{% else %}{{ word }}{% endif %}", "甲"),
        ("{{ several.count|default('无') }}", "无"),
        ("{{ several|length == 2 }} {{ several|length == 3 }}", "是 否"),
        ("{{ moment.day }}", "2026年11月20日"),
    ],
)
def test_a_template_never_prints_what_lies_behind_a_value(mark: str, text: str) -> None:
    moment = {"t": "2026年11月20日 09:30", "v": "2026-11-20T09:30:00+08:00", "day": "2026年11月20日", "time": "09:30"}
    assert printed(mark, word="甲", several={"l": ["甲", "乙"], "t": "甲、乙"}, moment=moment) == text


@pytest.mark.parametrize(
    ("title", "own", "english"),
    [
        ("整改任务清单：夜间缺人", "夜间缺人", "Rectification task list: 夜间缺人"),
        ("2026-03-02 单位排名表", None, "Rectification task list, 2 Mar 2026"),
        ("夜间缺人", "夜间缺人", "夜间缺人"),
        ("2026-02-30 清单", None, "2026-02-30 清单"),
    ],
)
def test_an_english_page_names_a_paper_by_its_kind(title: str, own: str | None, english: str) -> None:
    assert title_in_english("task_list", title, {"title": own}) == english
