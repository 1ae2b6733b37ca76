"""What the processes of the office call the codes of the ledger, for papers that list cases of other processes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram
from engine.reads.diagrams import diagram_of
from engine.words.terms import Term
from models import NEWEST, Process, Version

# Columns of the ledger that a form of each process fills, with the names that a list of issues may give them.
COLUMNS = ("category", "source", "severity", "mode")

# The words of a library are read once for each state of it: process names and digests of the newest versions.
_ROOM = 8
_kept: OrderedDict[tuple[tuple[str, str, str], ...], Mapping[tuple[str, str], Term]] = OrderedDict()
_lock = Lock()


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


def codes_of(session: Session) -> Mapping[tuple[str, str], Term]:
    """By the newest version of every process. One statement, which tells whether they are still those that are kept."""
    query = select(Process.name, Process.name_en, Version.id, Version.digest).join(Version, NEWEST)
    rows = session.execute(query.order_by(Process.id)).all()
    key = tuple((row.name, row.name_en or row.name, row.digest) for row in rows)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    found = codes_in((Term(row.name, row.name_en or row.name), diagram_of(session, row.id, row.digest)) for row in rows)
    with _lock:
        _kept[key] = found
        while len(_kept) > _ROOM:
            _kept.popitem(last=False)
    return found
