"""The table of row-writers: one fact, one writer, and no row is changed in any other way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.record.page import Page

F = TypeVar("F")
WRITERS: dict[type[Any], Callable[[Page, Any], None]] = {}


def writes(kind: type[F]) -> Callable[[Callable[[Page, F], None]], Callable[[Page, F], None]]:
    def register(writer: Callable[[Page, F], None]) -> Callable[[Page, F], None]:
        if kind in WRITERS:
            raise ValueError(f"{kind.__name__} already has a writer")
        WRITERS[kind] = writer
        return writer

    return register


def leaves_only_its_entry(kind: type[Any]) -> None:
    """The entry itself is all that this fact leaves."""
    writes(kind)(lambda page, fact: None)
