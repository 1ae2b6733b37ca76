"""What each fact does to the rows, by matter; `apply` finds the one writer of each."""

from __future__ import annotations

from collections.abc import Iterable

from engine.record.page import Page
from engine.record.rows import between, case, office, personal, service, time, work
from engine.record.writers import WRITERS
from engine.words.facts import Fact

__all__ = ["WRITERS", "apply", "between", "case", "office", "personal", "service", "time", "work"]


def apply(page: Page, facts: Iterable[Fact]) -> None:
    for fact in facts:
        WRITERS[type(fact)](page, fact)
