"""A process with one station for each reason why a case may not move, and its next version, which gives each reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases
from engine.notation import diagram as bpmn
from engine.notation.library import digest_of
from engine.record.journal import record_office
from engine.words import facts as f
from engine.words.officers import CLOCK
from models import Version
from tests.cast import MORNING, Cast
from tests.engine.tokens import drawn as d

ASK = (
    '<extensionElements><camunda:formData><camunda:formField id="to" label="去处" type="string"/>'
    '<camunda:formField id="who" label="谁" type="string"/></camunda:formData></extensionElements>'
)
CLERK = {"camunda_candidateGroups": "unit_clerk@HARBOUR"}
FORM = (
    '<extensionElements><camunda:formData><camunda:formField id="note" label="说明" type="text">'
    '<camunda:validation><camunda:constraint name="required"/></camunda:validation>'
    "</camunda:formField></camunda:formData></extensionElements>"
)
# Where a case is sent → why the next version refuses it there; "ok" moves.
REASONS = {
    "gone": "gone", "kind": "kind", "catch": "trigger", "inner": "scope", "left": "join", "many": "repeat",
    "call": "nobody", "lost": "stops",
}  # fmt: skip


def work(id: str, inner: str = "", **more: str) -> str:
    return d.el("userTask", id, inner, **{**CLERK, **more})


def _way(*stations: str) -> str:
    return "".join(d.flow("g", station, when=f'=to = "{station}"') for station in stations)


def first() -> str:
    inside = d.sub("box", d.start("bs"), d.gateway("parallel", "bg"), work("inner"), work("beside"),
                   d.gateway("parallel", "bj"), d.end("be"), d.flows("bs bg inner bj be", "bg beside bj"))  # fmt: skip
    return d.xml(
        d.start("s", ASK), d.gateway("exclusive", "g", default="g-ok"), d.end("e"), d.flow("s", "g"),
        work("ok"), d.boundary("late", "ok", d.timer("P3D"), interrupting=False), work("remind"),
        d.flows("late remind e"), work("gone"), work("kind"), d.catch("catch", d.on("message", "m")), inside,
        work("left"), work("right"),
        d.gateway("parallel", "f"), d.gateway("parallel", "j"), d.el("userTask", "many", d.several("2"), **CLERK),
        work("call"), work("lost"),
        d.flow("g", "ok"), _way("gone", "kind", "catch", "many", "call", "lost"),
        d.flow("g", "box", when='=to = "inner"'), d.flow("g", "f", when='=to = "left"'),
        d.flows("f left j e", "f right j", "ok e", "gone e", "kind e", "catch e", "box e", "many e", "call e",
                "lost e"),
    )  # fmt: skip


def second() -> str:
    """`ok` has a form now and two days more; every other station has changed so that nobody can stand there."""
    return d.xml(
        d.start("s", ASK), d.gateway("exclusive", "g", default="g-ok"), d.end("e"), d.flow("s", "g"),
        work("ok", FORM), d.boundary("late", "ok", d.timer("P5D"), interrupting=False), work("remind"),
        d.flows("late remind e"), d.catch("kind", d.timer("P1D")), d.catch("catch", d.timer("P1D")),
        work("inner"), work("beside"), work("left"), work("right"), work("third"),
        d.gateway("parallel", "f"), d.gateway("parallel", "j"), work("many"),
        d.el("userTask", "call", camunda_candidateGroups="unit_head@PIER"),
        d.el("userTask", "lost", camunda_assignee="nobody_here"),
        d.flow("g", "ok"), _way("kind", "catch", "many", "call", "lost", "inner"),
        d.flow("g", "f", when='=to = "left"'),
        d.flows("f left j e", "f right j", "f third j", "ok e", "kind e", "catch e", "many e", "call e", "lost e"),
        d.flows("inner beside e"),
    )  # fmt: skip


def publish(
    session: Session, text: str, *, number: int, at: datetime = MORNING, tables: Mapping[str, str] | None = None
) -> int:
    """As a version, though it has no picture: what the laws want to see is not the matter here."""
    content, tables = text.encode(), tables or {}
    drawing = bpmn.read(content)
    id = (session.execute(select(Version.id).order_by(Version.id.desc()).limit(1)).scalar() or 0) + 1
    fact = f.VersionPublished(drawing.process, id, number, "各站", "Stations", digest_of(content, tables), "", [])
    record_office(session, [fact], by=CLOCK, at=at, enclosed={digest_of(content, tables): (content, dict(tables))})
    return id


def opened(sessions: sessionmaker[Session], cast: Cast, to: str, *, at: datetime = MORNING) -> int:
    with sessions() as session, session.begin():
        return cases.open(session, "drawn", {"to": to, "who": "clerk"}, by=cast.actor(session, "clerk"), at=at)
