"""What lies beside the journal is still what the journal says: each value fits its digest, or its deletion is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.words.personal import digest_of
from models import OutgoingMessage, PersonalValue

Fault = tuple[int, int, str, str]


@dataclass(slots=True)
class Shelf:
    """Values of one kind, as the facts tell of them."""

    zh: str
    en: str
    # name → (book, seq, digest)
    kept: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    # name → (book, seq)
    deleted: dict[str, tuple[int, int]] = field(default_factory=dict)

    def faults(self, session: Session, query: Select[Any, Any, Any, Any], book: int) -> Iterator[Fault]:
        """`query`: name, book, value and salt of each value there is. `book`: where one belongs that no fact tells of
        and that names no book itself."""
        missing = set(self.kept)
        for name, of, value, salt in session.execute(query.execution_options(yield_per=1000)):
            missing.discard(name)
            if name not in self.kept:
                yield of or book, 1, f"有一项{self.zh}没有入链", f"{self.en} is not in the chain"
                continue
            at, seq, digest = self.kept[name]
            if name in self.deleted:
                if value is not None or salt is not None:
                    at, seq = self.deleted[name]
                    yield at, seq, f"已删除的{self.zh}仍然存在", f"{self.en} that was deleted is still there"
            elif value is None or salt is None:
                yield at, seq, f"{self.zh}被删去而没有记录", f"{self.en} was removed without a record"
            elif digest_of(salt, value) != digest:
                yield at, seq, f"{self.zh}被改动", f"{self.en} was changed"
        for name in sorted(missing):
            at, seq, _digest = self.kept[name]
            yield at, seq, f"{self.zh}被删去而没有记录", f"{self.en} was removed without a record"


@dataclass(slots=True)
class Beside:
    """Filled while the journal is read; asked when it has been read."""

    persons: Shelf = field(default_factory=lambda: Shelf("个人信息", "A personal value"))
    letters: Shelf = field(default_factory=lambda: Shelf("外部送来的消息内容", "What a message from outside says"))

    def see(self, entry: Any) -> None:
        if entry.kind not in _TOLD or entry.body is None:
            return
        body, place = orjson.loads(entry.body), (entry.book, entry.seq)
        match entry.kind:
            case "PersonalKept":
                self.persons.kept[body["personal"]] = (*place, body["digest"])
            case "PersonalDeleted":
                self.persons.deleted |= dict.fromkeys(body["personal"], place)
            case "MessageKept":
                self.letters.kept[body["message"]] = (*place, body["content"])
            case "ContentErased":
                self.letters.deleted[body["message"]] = place

    def faults(self, session: Session, book: int | None, post: int) -> Iterator[Fault]:
        """Book, entry and sentence of each value that does not fit. `post`: the book of messages from outside."""
        kept = PersonalValue
        values = select(kept.id, kept.case_id, kept.value, kept.salt)
        if book is not None:
            values = values.where(kept.case_id == book)
        yield from self.persons.faults(session, values, 0)
        if book in {None, post}:
            letter = OutgoingMessage
            said = select(letter.id, letter.case_id, letter.content, letter.salt).where(letter.case_id.is_(None))
            yield from self.letters.faults(session, said, post)


_TOLD = frozenset({"PersonalKept", "PersonalDeleted", "MessageKept", "ContentErased"})
