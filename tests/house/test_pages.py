"""A row that a fact writes is put down: every model a writer speaks of has its place in the order of the page."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import models
from engine.record import page
from engine.record.page import Page
from models import Pulse
from tests.cast import MORNING

RECORD = Path(page.__file__).parent
WRITING = frozenset({"add", "change", "remove", "remove_loose", "take_changes", "amend", "has_new", "adds"})


def spoken_of() -> dict[str, str]:
    """Models that any writer names to a page, each with a place where it does."""
    found = {}
    for file in sorted(RECORD.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if not (isinstance(called, ast.Attribute) and called.attr in WRITING):
                continue
            if isinstance(called.value, ast.Name) and called.value.id == "page":
                first = node.args[0]
                assert isinstance(first, ast.Name), f"{file.name}:{node.lineno} names no model"
                found[first.id] = f"{file.name}:{node.lineno}"
    return found


def test_every_model_a_writer_speaks_of_has_its_place() -> None:
    ordered = {model.__name__ for model in page._ORDER}
    assert len(ordered) == len(page._ORDER)
    named = spoken_of()
    assert len(named) > 20
    assert {model: place for model, place in named.items() if model not in ordered} == {}
    assert all(hasattr(models, name) for name in named)


def test_a_row_of_another_table_is_refused_at_once() -> None:
    sheet = Page(0, officer=None, unit=None, at=MORNING)
    with pytest.raises(KeyError):
        sheet.add(Pulse, worker="w", minute=MORNING)
