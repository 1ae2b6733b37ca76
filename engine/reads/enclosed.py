"""What a message says that nobody has received yet, in the words of whoever awaits it, or else of who sent it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram
from engine.notation.neighbours import is_awaiting
from engine.reads.diagrams import diagram_of
from engine.reads.names import Mentioned, names_for
from engine.reads.tongues import named
from engine.words.terms import Term
from models import Case, OutgoingMessage, Process, Subscription, Version

Place = tuple[Diagram, str]  # a drawing, and the event in it that the message comes to


def said(session: Session, message: str, values: Mapping[str, Any], case: int | None) -> list[tuple[Term, Term]]:
    """Names and values of what a message of this name brings. `case`: who sent it, None for a program outside."""
    places = list(_awaiting(message, drawn(session, message)))
    sender = _sender(session, case)
    mentioned = Mentioned()
    mentioned.read(values)
    names = names_for(session, None, mentioned)
    found = []
    for name, value in values.items():
        asking = (place for place in places if any(field.id == name for field in place[0].elements[place[1]].form))
        diagram, element = next(asking, (sender, ""))
        if diagram is None:  # a word of the program that brought it
            found.append((Term(name, name), names.value("", value)))
        else:
            spoken = names.by(diagram)
            found.append((spoken.label(name, element), spoken.value(name, value, element)))
    return found


def called(sender: Diagram | None, message: OutgoingMessage) -> Term:
    """A message is called after the step that sends it; what a program outside brings has the name it gave it."""
    element = sender.elements.get(message.element) if sender is not None else None
    return named(element.name, element.name_en) if element is not None and element.name else named(message.name, "")


def drawn(session: Session, message: str) -> list[Diagram]:
    """The newest drawing of each process, and those by which a case runs that waits for a message of this name."""
    waiting = select(Case.version_id).join(Subscription, Subscription.case_id == Case.id)
    query = (
        select(Version.id, Version.digest)
        .join(Process, Process.id == Version.process_id)
        .where(or_(Version.number == Process.newest, Version.id.in_(waiting.where(Subscription.name == message))))
    )
    return [diagram_of(session, row.id, row.digest) for row in session.execute(query)]


def _awaiting(message: str, drawings: list[Diagram]) -> Iterator[Place]:
    for diagram in drawings:
        for element in diagram.elements.values():
            if is_awaiting(element) and element.trigger.name == message:
                yield diagram, element.id


def _sender(session: Session, case: int | None) -> Diagram | None:
    query = select(Version.id, Version.digest).join(Case, Case.version_id == Version.id).where(Case.id == case)
    row = session.execute(query).one_or_none()
    return diagram_of(session, row.id, row.digest) if row is not None else None
