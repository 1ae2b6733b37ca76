"""The five source documents, each re-told as one story over several processes, with the real messages between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.acts import stories
from tests.conftest import PROCESSES, files_of

SEEDS = sorted((PROCESSES / "seeds").glob("*.yaml"))


def test_there_are_five() -> None:
    assert [file.stem[:3] for file in SEEDS] == ["000", "001", "002", "003", "004"]


@pytest.mark.parametrize("file", SEEDS, ids=lambda file: file.stem)
def test_the_source_document_runs(file: Path) -> None:
    book = stories.read(file.read_text("utf-8"))
    (story,) = book.stories
    beside = {other: files_of(other) for other in book.beside}
    told = stories.run(*files_of(file.stem.partition("_")[2]), book, story, beside)
    assert [f"{failure.step}: {failure.zh}" for failure in told.failures] == []
    assert told.done == len(story.steps)
