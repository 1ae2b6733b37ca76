"""Large values are put down once, under their digest, and go with the data of their case, or with the last that spoke
of them."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from sqlalchemy import Connection, bindparam, delete, exists, insert, select
from sqlalchemy.orm import Session

from engine.words.kept import digest_of
from models import Case, Entry, KeptValue, OutgoingMessage
from models.base import table_of
from models.prepared import Prepared
from models.wire import Wire

_TABLE = table_of(KeptValue)
# The case is locked, so that nobody else puts the same one down meanwhile.
_KNOWN = exists().where(_TABLE.c.case_id == bindparam("_case"), _TABLE.c.digest == bindparam("_digest"))
_PUT_DOWN = Prepared(
    insert(_TABLE).from_select(
        ["case_id", "digest", "body"],
        select(
            bindparam("case", type_=_TABLE.c.case_id.type),
            bindparam("digest", type_=_TABLE.c.digest.type),
            bindparam("body", type_=_TABLE.c.body.type),
        ).where(~_KNOWN),
    )
)


def put_down(on: Connection | Wire, case_id: int, large: Mapping[str, str]) -> None:
    """Those that this case has not kept yet; the others stay as they are."""
    rows = [
        {"case": case_id, "digest": digest, "body": body, "_case": case_id, "_digest": digest}
        for digest, body in large.items()
    ]
    if rows:
        _PUT_DOWN.run_each(on, rows)


def forget(session: Session, case_id: int) -> None:
    """For whoever deletes the data of a case: what its facts and its snapshot referred to goes with them."""
    session.execute(delete(_TABLE).where(_TABLE.c.case_id == case_id))


def cases_with_gaps(session: Session) -> list[int]:
    """Ended cases that have kept values, and facts whose content was erased."""
    erased = exists().where(Entry.book == Case.id, Entry.body.is_(None))
    beside = exists().where(_TABLE.c.case_id == Case.id)
    return list(session.scalars(select(Case.id).where(Case.ended_at.is_not(None), beside, erased).order_by(Case.id)))


def forget_unspoken(session: Session, case_id: int) -> int:
    """Deletes what no fact, field, snapshot or message of a case refers to any more, because what did was erased; how
    many. What is still referred to stays, and the chain holds."""
    case = session.get(Case, case_id, with_for_update=True)
    if case is None:
        return 0
    sent = select(OutgoingMessage.payload).where(OutgoingMessage.case_id == case_id)
    now = [orjson.dumps(case.variables), bytes(case.state or b""), *map(orjson.dumps, session.scalars(sent))]
    gone = []
    for digest in session.scalars(select(_TABLE.c.digest).where(_TABLE.c.case_id == case_id)):
        told = exists().where(Entry.book == case_id, Entry.body.contains(digest))
        if not session.scalar(select(told)) and not any(digest.encode() in text for text in now):
            gone.append(digest)
    session.execute(delete(_TABLE).where(_TABLE.c.case_id == case_id, _TABLE.c.digest.in_(gone)))
    return len(gone)


def sound(session: Session, book: int | None = None) -> set[tuple[int, str]]:
    """Case and digest of every value that is what its digest says."""
    query = select(_TABLE.c.case_id, _TABLE.c.digest, _TABLE.c.body).order_by(_TABLE.c.case_id)
    if book is not None:
        query = query.where(_TABLE.c.case_id == book)
    rows = session.execute(query.execution_options(yield_per=20))
    return {(row.case_id, row.digest) for row in rows if digest_of(row.body.encode()) == row.digest}
