"""Every story of every process of the library, each a test of its own: what should happen happens."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest

from engine.acts import stories
from engine.notation.story_book import StoryBook
from tests.conftest import PROCESSES, files_of


@lru_cache
def book_of(process: str) -> StoryBook:
    return stories.read((PROCESSES / process / "stories.yaml").read_text("utf-8"))


def all_stories() -> Iterator[tuple[str, str]]:
    for file in sorted(PROCESSES.glob("*/stories.yaml")):
        for story in book_of(file.parent.name).stories:
            yield file.parent.name, story.id


def test_every_process_has_stories() -> None:
    drawn = {file.parent.name for file in PROCESSES.glob("*/*.bpmn")}
    assert drawn == {process for process, _ in all_stories()}


@pytest.mark.parametrize(("process", "story"), list(all_stories()))
def test_story(process: str, story: str) -> None:
    book = book_of(process)
    (chosen,) = (one for one in book.stories if one.id == story)
    beside = {other: files_of(other) for other in book.beside}
    told = stories.run(*files_of(process), book, chosen, beside)
    assert [f"{failure.step}: {failure.zh}" for failure in told.failures] == []
    assert told.done == len(chosen.steps)
