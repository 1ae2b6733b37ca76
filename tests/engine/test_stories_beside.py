"""Stories with processes side by side: calls and messages are handed on, and a step says which case it means."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from engine.acts import stories
from engine.acts.stories import Told
from engine.words.errors import NotPublishable, NotValid
from webui.cli import run

LIBRARY = Path(__file__).parents[1] / "fixtures" / "side_by_side"
BOOK = (LIBRARY / "road_works" / "stories.yaml").read_text("utf-8")
RAISED = "{raise: {title: 坑洼, place: 东街}, by: asker}"


@lru_cache
def drawn(process: str) -> tuple[bytes, dict[str, str]]:
    return (LIBRARY / process / f"{process}.bpmn").read_bytes(), {}


def tell(*steps: str, beside: tuple[str, ...] = ("paving", "delivery")) -> Told:
    head, _, _ = BOOK.replace("[paving, delivery]", f"[{', '.join(beside)}]").partition("    steps:\n")
    book = stories.read(head + "    steps:\n" + "".join(f"      - {step}\n" for step in steps))
    return stories.run(*drawn("road_works"), book, book.stories[0], {one: drawn(one) for one in book.beside})


def failures(told: Told) -> list[tuple[int, str]]:
    return [(failure.step, failure.en) for failure in told.failures]


def test_the_command_tells_the_book_with_the_processes_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["story", str(LIBRARY)]) == 0
    assert "100% (4/4)" in capsys.readouterr().out


def test_a_called_case_is_there_at_once_and_its_answer_too() -> None:
    told = tell(
        RAISED,
        "expect: {children: [paving, paving]}",
        "{case: paving}",
        "{does: pave, by: clerk, answers: {metres: 3}}",
        "{case: 2026-000001}",
        "expect: {tasks: [accept], variables: {metres: 3}}",
    )
    assert failures(told) == [(2, 'children should be ["paving", "paving"], but is ["paving"]')]
    assert told.done == 6


def test_a_case_that_is_not_there_ends_the_story() -> None:
    assert failures(tell(RAISED, "{case: delivery}")) == [(2, "There is no case delivery")]
    assert failures(tell(RAISED, "{case: parent}")) == [(2, "There is no case parent")]
    assert failures(tell(RAISED, "{case: 2026-000009}")) == [(2, "There is no case 2026-000009")]


def test_names_are_looked_up_in_the_process_a_step_is_about() -> None:
    told = tell(
        RAISED,
        "{does: pave, by: clerk}",
        "{case: paving}",
        "{does: accept, by: head}",
        "{case: painting}",
        "{raise: {title: x}, by: asker, process: delivery}",
        "{case: parent}",
        "{does: anything, by: head}",  # whose task it is, shows when it is played
    )
    assert failures(told) == [
        (2, "The process has no task pave"),
        (4, "The process has no task accept"),
        (5, "The book names no process painting under with"),
        (6, "The form of send_off has no field title"),
    ]


def test_who_is_called_must_be_there() -> None:
    with pytest.raises(NotPublishable) as refused:
        tell(RAISED, beside=("delivery",))
    assert {finding.law for finding in refused.value.findings if finding.severity == "error"} == {
        "calls_reach_a_process"
    }


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("[paving, delivery]", "paving", "with is a list of process ids"),
        ("[paving, delivery]", "[../paving]", "with is a list of process ids"),
        ("{case: paving}", "{case: 3}", "after case comes a process id, a number or parent"),
        ("process: delivery", "process: [delivery]", "process is the id of a process"),
    ],
)
def test_a_mistake_is_a_sentence(before: str, after: str, sentence: str) -> None:
    with pytest.raises(NotValid) as refused:
        stories.read(BOOK.replace(before, after))
    assert any(sentence in fault.en for fault in refused.value.faults)


def test_a_process_that_is_not_beside_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "road_works"
    folder.mkdir()
    (folder / "road_works.bpmn").write_bytes(drawn("road_works")[0])
    (folder / "stories.yaml").write_text(BOOK, "utf-8")
    assert run(["story", str(folder)]) == 2
    assert "paving/paving.bpmn" in capsys.readouterr().err
