"""What the processes of the office call the codes of the ledger, for papers that list cases of other processes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram
from engine.reads.diagrams import diagram_of
from engine.words.terms import Term
from models import Process, Version

# Columns of the ledger that a form of each process fills, with the names that a list of issues may give them.
COLUMNS = ("category", "source", "severity", "mode")


def codes_in(drawn: Iterable[tuple[Term, Diagram]]) -> dict[tuple[str, str], Term]:
    """(column, code) → its name, and ("process", id) → the process's; the first process to name a code names it."""
    found: dict[tuple[str, str], Term] = {}
    for name, diagram in drawn:
        found["process", diagram.process] = name
        for element in diagram.elements.values():
            for field in element.form:
                if field.id in COLUMNS:
                    for choice in field.choices:
                        found.setdefault((field.id, choice.id), Term(choice.name, choice.name_en or choice.name))
    return found


def codes_of(session: Session) -> dict[tuple[str, str], Term]:
    """By the newest version of every process. One statement; the drawings are kept."""
    query = select(Process.name, Process.name_en, Version.id, Version.digest).join(
        Version, (Version.process_id == Process.id) & (Version.number == Process.newest)
    )
    return codes_in(
        (Term(name, name_en or name), diagram_of(session, version, digest))
        for name, name_en, version, digest in session.execute(query.order_by(Process.id))
    )
