"""Every story of every process of the library, each a test of its own: what should happen happens."""

from __future__ import annotations

import pytest

from tests.conftest import PROCESSES
from tests.processes.played import all_stories, told


def test_every_process_has_stories() -> None:
    drawn = {file.parent.name for file in PROCESSES.glob("*/*.bpmn")}
    assert drawn == {process for process, _ in all_stories()}


@pytest.mark.parametrize(("process", "story"), list(all_stories()))
def test_story(process: str, story: str) -> None:
    played = told(process, story)
    assert [f"{failure.step}: {failure.zh}" for failure in played.failures] == []
    assert played.done == len(played.story.steps)
