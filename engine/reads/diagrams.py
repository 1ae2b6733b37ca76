"""The diagram a case runs by, read once per published version however many cases are looked at."""

from __future__ import annotations

from collections import OrderedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram, read
from models import Version

_KEPT: OrderedDict[str, Diagram] = OrderedDict()
_MOST = 64


def diagram_of(session: Session, version_id: int, digest: str) -> Diagram:
    """The diagram of a published version. It is kept by what it says (`digest`), so nothing old can be shown; the bytes
    are fetched (one statement) only when it is not known yet."""
    kept = _KEPT.get(digest)
    if kept is None:
        kept = read(session.scalars(select(Version.diagram).where(Version.id == version_id)).one())
        _KEPT[digest] = kept
        if len(_KEPT) > _MOST:
            _KEPT.popitem(last=False)
    return kept
