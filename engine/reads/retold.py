"""The source documents re-told as stories over several processes: who does what, in which process, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.notation import diagram as bpmn
from engine.notation import story_text
from engine.notation.diagram import Diagram
from engine.words.terms import Term

LIBRARY = Path(__file__).resolve().parent.parent.parent / "processes"


@dataclass(frozen=True, slots=True)
class Act:
    """One step: its name, who does it, and the row of its process (an index into `Retold.processes`)."""

    said: Term
    by: str
    row: int


@dataclass(frozen=True, slots=True)
class Retold:
    id: str
    said: Term
    processes: tuple[tuple[str, Term], ...]
    acts: tuple[Act, ...]


@cache
def retold() -> tuple[Retold, ...]:
    """They come with the program and are read once; the tests run them."""
    return tuple(_read(file) for file in sorted((LIBRARY / "seeds").glob("*.yaml")))


def _read(file: Path) -> Retold:
    main = file.stem.partition("_")[2]
    book = story_text.read(file.read_text("utf-8"))
    (story,) = book.stories
    ids = (main, *book.beside)
    drawn = {id: bpmn.read((LIBRARY / id / f"{id}.bpmn").read_bytes()) for id in ids}
    acts, at = [], main
    for step in story.steps:
        if step.kind == "case" and step.what in drawn:
            at = step.what
        elif step.kind == "raise":
            at = step.what or main
        if step.kind in {"raise", "does", "arrives", "button"} and not step.refused:
            acts.append(Act(_said(drawn[at], step.kind, step.what), step.by, ids.index(at)))
    shown = tuple((id, Term(one.name, one.name_en)) for id, one in drawn.items())
    return Retold(file.stem, Term(story.zh, story.en), shown, tuple(acts))


def _said(drawing: Diagram, kind: str, what: str) -> Term:
    if kind == "raise" and drawing.start is not None:
        return Term(drawing.start.name, drawing.start.name_en)
    if what in drawing.elements:
        element = drawing.elements[what]
        return Term(element.name, element.name_en)
    for element in drawing.elements.values():
        if element.trigger.name == what:
            return Term(element.name, element.name_en)
    return Term(what, what)
