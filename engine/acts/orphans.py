"""Photos and files that were sent but never handed in with a form are deleted after a while, by night; so are large
values whose facts were erased.

First the row, then the bytes; whoever dies between leaves bytes without a row, and these are found the next night.
What a fact refers to is never touched, wherever in the fact it stands.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from engine.record import kept
from models import Attachment, Entry, Evidence, KeptValue
from models.for_good import for_good
from models.session import reading

# An officer may take his time with a form: what he has sent for it waits for him so long.
WAITS = timedelta(days=30)
# What was cut off while it was being sent is nobody's.
CUT_OFF = timedelta(days=1)
_SHA = re.compile(r"[0-9a-f]{64}")
_DOOMED = ".doomed-"


def sweep(sessions: sessionmaker[Session], folder: Path, *, at: datetime) -> int:
    """Deletes what has hung on nothing for longer than `WAITS`; how many pieces. `folder`: where the bytes lie."""
    gone = 0
    for sha in _unattached(sessions, at - WAITS):
        if _rested(folder, sha, at - WAITS):
            gone += _forget(sessions, sha)
    _delete_bytes(sessions, folder, at)
    return gone


def sweep_values(sessions: sessionmaker[Session]) -> int:
    """Deletes the large values of ended cases of which only erased facts have spoken; how many."""
    with reading(sessions) as session:
        cases = kept.cases_with_gaps(session)
    gone = 0
    for case_id in cases:
        with for_good(sessions) as session:
            gone += kept.forget_unspoken(session, case_id)
    return gone


def _unattached(sessions: sessionmaker[Session], before: datetime) -> list[str]:
    attached = exists().where(Attachment.sha == Evidence.sha)
    with reading(sessions) as session:
        old = select(Evidence.sha, Evidence.stored_at).where(Evidence.stored_at < before, ~attached)
        found = {row.sha: row.stored_at for row in session.execute(old.order_by(Evidence.sha))}
        if found:
            for sha in _spoken_of(session, min(found.values())):
                found.pop(sha, None)
    return list(found)


def _spoken_of(session: Session, since: datetime) -> Iterator[str]:
    """What facts since then refer to: in answers, in a message on its way, in a list kept beside its case."""
    facts = select(Entry.body).where(Entry.at >= since, Entry.body.contains('"sha"'))
    beside = select(KeptValue.body).where(KeptValue.body.contains('"sha"'))
    for query in (facts, beside):
        for body in session.scalars(query.execution_options(yield_per=500)):
            yield from _SHA.findall(body or "")


def _forget(sessions: sessionmaker[Session], sha: str) -> int:
    """The row goes, unless a form was handed in with it this very moment."""
    try:
        with sessions() as session, session.begin():
            attached = exists().where(Attachment.sha == sha)
            gone = session.execute(delete(Evidence).where(Evidence.sha == sha, ~attached).returning(Evidence.sha))
            return len(gone.all())
    except IntegrityError:
        return 0


def _delete_bytes(sessions: sessionmaker[Session], folder: Path, at: datetime) -> None:
    """Bytes that no row knows."""
    for file in sorted(folder.rglob("*")):
        with suppress(FileNotFoundError):
            if file.name.startswith(".incoming-") and _moment(file) < at - CUT_OFF:
                file.unlink()
            elif file.name.startswith(_DOOMED):
                _settle(sessions, file, at)
            elif _SHA.fullmatch(file.name) and _moment(file) < at - WAITS and not _known(sessions, file.name):
                # Out of the way first: whoever sends the same photo now finds none, and puts it there anew.
                doomed = file.with_name(_DOOMED + file.name)
                os.replace(file, doomed)
                _settle(sessions, doomed, at)


def _settle(sessions: sessionmaker[Session], doomed: Path, at: datetime) -> None:
    """Deletes what was put out of the way, with its thumbnails; or puts it back, where it was sent again meanwhile."""
    sha = doomed.name.removeprefix(_DOOMED)
    place = doomed.with_name(sha)
    if place.exists():
        doomed.unlink()
    elif _moment(doomed) >= at - WAITS or _known(sessions, sha):
        os.replace(doomed, place)
    else:
        for small in doomed.parent.glob(f"{sha}-*.jpg"):
            small.unlink(missing_ok=True)
        doomed.unlink()


def _known(sessions: sessionmaker[Session], sha: str) -> bool:
    with reading(sessions) as session:
        return session.get(Evidence, sha) is not None


def _rested(folder: Path, sha: str, before: datetime) -> bool:
    """Whether nobody has sent it again since."""
    try:
        return _moment(folder / sha[:2] / sha[2:4] / sha) < before
    except FileNotFoundError:
        return True


def _moment(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
