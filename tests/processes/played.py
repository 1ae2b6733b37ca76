"""The stories of the library, each played once however many tests ask how it went."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from engine.acts import stories
from engine.acts.stories import Coverage, Told
from engine.notation.story_book import StoryBook
from tests.conftest import PROCESSES, files_of


@cache
def book_of(process: str) -> StoryBook:
    return stories.read((PROCESSES / process / "stories.yaml").read_text("utf-8"))


def all_stories() -> Iterator[tuple[str, str]]:
    for file in sorted(PROCESSES.glob("*/stories.yaml")):
        for story in book_of(file.parent.name).stories:
            yield file.parent.name, story.id


@cache
def told(process: str, story: str) -> Told:
    book = book_of(process)
    (chosen,) = (one for one in book.stories if one.id == story)
    beside = {other: files_of(other) for other in book.beside}
    return stories.run(*files_of(process), book, chosen, beside)


@cache
def covered(process: str) -> Coverage:
    """What all stories of one process together have passed and chosen."""
    diagram, tables = files_of(process)
    return stories.coverage(diagram, [told(process, story.id) for story in book_of(process).stories], tables)
