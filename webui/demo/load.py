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
from webui.demo.morning import Morning
from webui.demo.play import PROCESS, Player
from webui.place import Place

PROCESSES = Path(__file__).resolve().parent.parent.parent / "processes"
# The city has been at it for so long before the first issue.
SETTLED = timedelta(days=60)
# The other processes are as old as this: what falls due by the clock since then is due today.
LATELY = timedelta(hours=12)


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
    _publish(sessions, [PROCESS], at=at - SETTLED)
    with sessions.begin() as session:
        _shelve(session, at=at - SETTLED)
    tell("流程已发布，正在演练六十个问题的办理过程……", "The process is published; playing sixty issues through it …")
    player = Player(sessions, evidence, now=at)
    player.play()
    others = sorted(path.parent.name for path in PROCESSES.glob("*/*.bpmn") if path.parent.name != PROCESS)
    _publish(sessions, others, at=at - LATELY)
    player.settle_post()
    begun = Morning(sessions, now=at).begin()
    tell(
        f"流程共 {len(others) + 1} 个，今天另发起 {begun} 件事项。",
        f"{len(others) + 1} processes are published; {begun} other matters have begun today.",
    )
    tell(f"已办理 {len(player.courses)} 个问题。", f"{len(player.courses)} issues are on their way.")


def _shelve(session: Session, *, at: datetime) -> None:
    """The templates of papers as they come with the program."""
    designer = officers.actor(session, city.officer_id(session, "designer"), at=at)
    for file in sorted((PROCESSES / "documents").glob("*.docx")):
        templates.shelve(session, file.stem, file.read_bytes(), note="随程序带来", by=designer, at=at)


def _publish(sessions: sessionmaker[Session], processes: list[str], *, at: datetime) -> None:
    """The designer publishes these processes of the library, each with its tables and stories."""
    for process in processes:
        with sessions.begin() as session:
            designer = officers.actor(session, city.officer_id(session, "designer"), at=at)
            diagram = PROCESSES / process / f"{process}.bpmn"
            definitions.publish(
                session,
                diagram.read_bytes(),
                tables_beside(diagram),
                note="首次发布",
                by=designer,
                at=at,
                stories=stories_beside(diagram),
            )


def _in_haste(connection: Any, _record: Any) -> None:
    """A file that is thrown away if the power fails need not be forced to disk at every step."""
    connection.execute("PRAGMA synchronous=OFF")
