"""Large values of cases, looked up: one statement for a page, however many there are on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from sqlalchemy import ColumnElement, bindparam, literal, or_, select
from sqlalchemy.orm import Session

from engine.words.kept import TAG, references, unfolded
from models import Case, KeptValue
from models.prepared import Prepared

T = TypeVar("T")
_ONE = Prepared(
    select(KeptValue.body).where(KeptValue.case_id == bindparam("case"), KeptValue.digest == bindparam("digest"))
)


class KeptOf:
    """The large values of one case, each looked up when it is asked for, and then remembered. The JSON of a value by
    its digest; KeyError for one the case does not have."""

    def __init__(self, session: Session, case_id: int) -> None:
        self._session, self._case = session, case_id
        self._known: dict[str, Any] = {}

    def __call__(self, digest: str) -> Any:
        if digest not in self._known:
            row = _ONE.one_or_none(self._session, {"case": self._case, "digest": digest})
            if row is None:
                raise KeyError(digest)
            self._known[digest] = orjson.loads(row[0])
        return self._known[digest]


def whole(session: Session, case_id: int, value: T) -> T:
    """A piece of a case's JSON (its variables, the body of a fact) with the values themselves for the references."""
    return wholes(session, [(case_id, value)])[0]


def wholes(session: Session, pieces: Sequence[tuple[int, T]]) -> list[T]:
    """Pieces of JSON, each with the case it belongs to. What has been erased is null."""
    known: dict[tuple[int, str], Any] = {}
    wanted = {(case, one.digest) for case, piece in pieces for one in references(piece)}
    if not wanted:
        return [piece for _case, piece in pieces]
    while wanted:
        found = _looked_up(session, wanted)
        known |= {key: found.get(key) for key in wanted}
        wanted = {(case, one.digest) for (case, _), value in found.items() for one in references(value)} - known.keys()
    return [unfolded(piece, _of(known, case)) for case, piece in pieces]


def _of(known: Mapping[tuple[int, str], Any], case: int) -> Any:
    return lambda digest: known[case, digest]


def _looked_up(session: Session, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Any]:
    cases, digests = {case for case, _ in wanted}, {digest for _, digest in wanted}
    query = select(KeptValue.case_id, KeptValue.digest, KeptValue.body).where(
        KeptValue.case_id.in_(cases), KeptValue.digest.in_(digests)
    )
    return {(row.case_id, row.digest): orjson.loads(row.body) for row in session.execute(query)}


def beside(session: Session, case_id: int, body: str | None) -> str | None:
    """The large values that the body of an entry refers to, as JSON by their digests; None where there are none. The
    seal of the entry holds the digests."""
    if body is None or TAG not in body:
        return None
    wanted = {(case_id, one.digest) for one in references(orjson.loads(body))}
    return orjson.dumps({digest: value for (_, digest), value in _looked_up(session, wanted).items()}).decode()


def mentions(variable: str, word: str) -> ColumnElement[bool]:
    """The condition that a variable of a case, as it stands there or kept beside it, has this word in its text."""
    told = orjson.dumps(word).decode()[1:-1]  # as it stands in JSON
    beside = (
        select(literal(1))
        .where(
            KeptValue.case_id == Case.id,
            KeptValue.digest == Case.variables[(variable, TAG, 0)].as_string(),
            KeptValue.body.icontains(told, autoescape=True),
        )
        .exists()
    )
    return or_(Case.variables[variable].as_string().icontains(word, autoescape=True), beside)
