"""What lies beside the journal is still what the journal says: each personal value fits its digest, or is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.words.personal import digest_of
from models import PersonalValue


@dataclass(slots=True)
class Beside:
    """Filled while the journal is read; asked when it has been read."""

    # name → (book, seq, digest)
    kept: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    # name → (book, seq)
    deleted: dict[str, tuple[int, int]] = field(default_factory=dict)

    def see(self, entry: Any) -> None:
        if not entry.kind.startswith("Personal") or entry.body is None:
            return
        body = orjson.loads(entry.body)
        if entry.kind == "PersonalKept":
            self.kept[body["personal"]] = (entry.book, entry.seq, body["digest"])
        elif entry.kind == "PersonalDeleted":
            self.deleted |= dict.fromkeys(body["personal"], (entry.book, entry.seq))

    def faults(self, session: Session, book: int | None) -> Iterator[tuple[int, int, str, str]]:
        """Book, entry and sentence of each value that does not fit."""
        query = select(PersonalValue.id, PersonalValue.case_id, PersonalValue.value, PersonalValue.salt)
        if book is not None:
            query = query.where(PersonalValue.case_id == book)
        missing = set(self.kept)
        for row in session.execute(query.execution_options(yield_per=1000)):
            missing.discard(row.id)
            if row.id not in self.kept:
                yield row.case_id, 1, "有一项个人信息没有入链", "A personal value is not in the chain"
                continue
            of, seq, digest = self.kept[row.id]
            if row.id in self.deleted:
                if row.value is not None or row.salt is not None:
                    of, seq = self.deleted[row.id]
                    yield of, seq, "已删除的个人信息仍然存在", "A personal value that was deleted is still there"
            elif row.value is None or row.salt is None:
                yield of, seq, "个人信息被删去而没有记录", "A personal value was removed without a record"
            elif digest_of(row.salt, row.value) != digest:
                yield of, seq, "个人信息被改动", "A personal value was changed"
        for name in sorted(missing):
            of, seq, _digest = self.kept[name]
            yield of, seq, "个人信息被删去而没有记录", "A personal value was removed without a record"
