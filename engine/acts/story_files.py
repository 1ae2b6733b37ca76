"""The stories a designer writes for a process: kept beside the working copy, published with it, played on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation import story_text
from engine.notation.story_book import StoryBook
from engine.words.errors import NotAllowed, OutOfDate
from engine.words.officers import Actor
from models import NEWEST, Process, StoryFile, Version

WORKING = 0
Drawn = tuple[bytes, Mapping[str, str]]


def of_version(session: Session, process_id: str, number: int) -> str:
    """The text that was published with a version; empty when there was none."""
    found = session.get(StoryFile, (process_id, number))
    return found.text if found is not None else ""


def working(session: Session, process_id: str) -> str:
    """What a designer opens: the text beside the working copy, or what the newest version was published with."""
    found = session.get(StoryFile, (process_id, WORKING))
    if found is not None:
        return found.text
    process = session.get(Process, process_id)
    return of_version(session, process_id, process.newest) if process is not None else ""


def save(session: Session, process_id: str, text: str, *, seen: str, by: Actor, at: datetime) -> StoryBook:
    """`seen`: the text the designer had open. Raises `NotValid` with every mistake, `OutOfDate`, `NotAllowed`."""
    if not by.has("designer"):
        raise NotAllowed("只有流程设计人员可以修改故事。", "Only process designers may change stories.")
    text, seen = (each.replace("\r\n", "\n") for each in (text, seen))
    if working(session, process_id) != seen:
        raise OutOfDate(
            "故事刚被他人改过，请重新打开再改。", "Somebody else has just changed the stories; open them again."
        )
    book = story_text.read(text)
    keep(session, process_id, WORKING, text, by=by, at=at)
    return book


def keep(session: Session, process_id: str, number: int, text: str, *, by: Actor, at: datetime) -> None:
    kept = session.get(StoryFile, (process_id, number))
    if kept is None:
        kept = StoryFile(process_id=process_id, number=number, text="")
        session.add(kept)
    elif kept.text == text:
        return
    kept.text, kept.saved_at, kept.saved_by = text, at, by.id
    session.flush()


def forget(session: Session, process_id: str) -> None:
    """The text beside the working copy: it has been published, or dropped."""
    kept = session.get(StoryFile, (process_id, WORKING))
    if kept is not None:
        session.delete(kept)
        session.flush()


def beside(session: Session, book: StoryBook) -> dict[str, Drawn]:
    """The other processes a book names, as they are published; one that is not there is left out."""
    query = select(Version).join(Process, NEWEST)
    found = session.scalars(query.where(Version.process_id.in_(book.beside)))
    return {version.process_id: (version.diagram, version.tables) for version in found}
