"""Loads the whole demo at one stroke: into a file of its own, put in place when it is complete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions, officers, templates
from webui.commands.designing import stories_beside, tables_beside
from webui.demo import city
from webui.demo.play import PROCESS, Player
from webui.place import Place

PROCESSES = Path(__file__).resolve().parent.parent.parent / "processes"
# The city has been at it for so long before the first issue.
SETTLED = timedelta(days=60)


def everything(place: Place, *, at: datetime, tell: Callable[[str, str], None]) -> None:
    """Units, officers, calendars, the published process, and sixty issues as they stand at `at`."""
    if place.file is None:
        _load(place.sessions, place.evidence, at=at, tell=tell)
        return
    # An interrupted load must not look like a city: the file gets its name at the very end.
    unfinished = Place(place.home, f"sqlite:///{place.file}.loading", place.officer)
    if unfinished.file is None:
        raise TypeError(unfinished.url)
    for leftover in unfinished.file.parent.glob(f"{unfinished.file.name}*"):
        leftover.unlink()
    event.listen(unfinished.engine, "connect", _in_haste)
    unfinished.migrate()
    _load(unfinished.sessions, place.evidence, at=at, tell=tell)
    unfinished.engine.dispose()  # the last one out writes the log back into the file
    place.engine.dispose()
    for leftover in (place.file.with_name(f"{place.file.name}-wal"), place.file.with_name(f"{place.file.name}-shm")):
        leftover.unlink(missing_ok=True)
    unfinished.file.replace(place.file)


def _load(sessions: sessionmaker[Session], evidence: Path, *, at: datetime, tell: Callable[[str, str], None]) -> None:
    with sessions.begin() as session:
        city.settle(session, at=at - SETTLED)
    tell(
        f"已建立{city.UNITS[0][1]}：单位 {len(city.UNITS)} 个，人员 {city.count()} 名。",
        f"{city.UNITS[0][2]}: {len(city.UNITS)} units, {city.count()} officers.",
    )
    with sessions.begin() as session:
        designer = officers.actor(session, city.officer_id(session, "designer"), at=at)
        diagram = PROCESSES / PROCESS / f"{PROCESS}.bpmn"
        definitions.publish(
            session,
            diagram.read_bytes(),
            tables_beside(diagram),
            note="首次发布",
            by=designer,
            at=at - SETTLED,
            stories=stories_beside(diagram),
        )
    with sessions.begin() as session:
        _shelve(session, at=at - SETTLED)
    tell("流程已发布，正在演练六十个问题的办理过程……", "The process is published; playing sixty issues through it …")
    player = Player(sessions, evidence, now=at)
    player.play()
    tell(f"已办理 {len(player.courses)} 个问题。", f"{len(player.courses)} issues are on their way.")


def _shelve(session: Session, *, at: datetime) -> None:
    """The templates of papers as they come with the program."""
    designer = officers.actor(session, city.officer_id(session, "designer"), at=at)
    for file in sorted((PROCESSES / "documents").glob("*.docx")):
        templates.shelve(session, file.stem, file.read_bytes(), note="随程序带来", by=designer, at=at)


def _in_haste(connection: Any, _record: Any) -> None:
    """A file that is thrown away if the power fails need not be forced to disk at every step."""
    connection.execute("PRAGMA synchronous=OFF")
