"""The diagram a case runs by, read once per published version however many cases are looked at."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation import library
from engine.notation.diagram import Diagram
from models import Version


def diagram_of(session: Session, version_id: int, digest: str) -> Diagram:
    """The drawing of a published version; its bytes are fetched (one statement) only when it is not known yet."""
    return library.diagram_of(
        digest, lambda: session.scalars(select(Version.diagram).where(Version.id == version_id)).one()
    )
