"""Rows of what goes between cases: calls and their answers, signals on their way, starts that wait."""

from __future__ import annotations

from datetime import datetime

from engine.record.page import Page
from engine.record.writers import leaves_only_its_entry, writes
from engine.words import facts as f
from models import OutgoingMessage, Slip, Start

for _kind in (f.CallAnswered, f.CaseCancelled, f.SignalReceived, f.MessageMatched):
    leaves_only_its_entry(_kind)


def _send(page: Page, id: str, kind: str, element: str, name: str, correlation: str, payload: object) -> None:
    page.add(
        OutgoingMessage,
        id=id,
        case_id=page.book,
        element=element,
        name=name,
        correlation=correlation,
        kind=kind,
        payload=payload,
        sent_at=page.at,
        due_at=page.at,
        attempts=0,
    )


@writes(f.CallMade)
def call_made(page: Page, fact: f.CallMade) -> None:
    asked = {"values": fact.values, "depth": fact.depth}
    _send(page, fact.call, "call", fact.element, fact.process, fact.call, asked)


@writes(f.CallWithdrawn)
def call_withdrawn(page: Page, fact: f.CallWithdrawn) -> None:
    page.change(OutgoingMessage, fact.call, withdrawn_at=page.at)
    _send(page, fact.message, "cancel", fact.element, "cancel", fact.call, {})


@writes(f.AnswerSent)
def answer_sent(page: Page, fact: f.AnswerSent) -> None:
    _send(page, fact.message, "answer", "", fact.kind, fact.call, {"code": fact.code})


@writes(f.SignalSent)
def signal_sent(page: Page, fact: f.SignalSent) -> None:
    _send(page, fact.message, "signal", fact.element, fact.name, "", fact.payload)


@writes(f.SignalSpread)
def signal_spread(page: Page, fact: f.SignalSpread) -> None:
    page.change(OutgoingMessage, fact.message, delivered_at=page.at, due_at=None)
    for one in fact.to:
        _send(page, one["message"], "heard", "", fact.name, str(one.get("start") or one.get("case")), fact.payload)


@writes(f.MessageKept)
def message_kept(page: Page, fact: f.MessageKept) -> None:
    """The fact holds the digest; what the message says comes enclosed, with its salt."""
    content, salt = page.enclosed.get(fact.message, (None, None))
    page.add(
        OutgoingMessage,
        id=fact.message,
        case_id=None,
        token_id=fact.token,
        officer_id=page.officer,
        unit_id=page.unit,
        element="",
        name=fact.name,
        correlation=fact.correlation,
        kind="message",
        payload={"content": fact.content},
        content=content,
        salt=salt,
        sent_at=page.at,
        due_at=page.at,
        attempts=0,
    )


@writes(f.ContentErased)
def content_erased(page: Page, fact: f.ContentErased) -> None:
    page.change(OutgoingMessage, fact.message, content=None, salt=None)


@writes(f.MessageDropped)
def message_dropped(page: Page, fact: f.MessageDropped) -> None:
    page.change(OutgoingMessage, fact.message, dead_at=page.at, dead_why="dropped", due_at=None)


@writes(f.MessageResent)
def message_resent(page: Page, fact: f.MessageResent) -> None:
    page.change(OutgoingMessage, fact.message, dead_at=None, dead_why=None, due_at=page.at, attempts=0)


@writes(f.SlipLaid)
def slip_laid(page: Page, fact: f.SlipLaid) -> None:
    page.add(
        Slip,
        id=fact.message,
        case_id=page.book,
        title=fact.title,
        title_en=fact.title_en,
        accepts=fact.accepts,
        returns=fact.returns,
        asks=bool(fact.accepts or fact.returns),
        due_at=fact.due,
        reason="",
    )


@writes(f.SlipAnswered)
def slip_answered(page: Page, fact: f.SlipAnswered) -> None:
    answer = "accepted" if fact.accepted else "returned"
    page.change(Slip, fact.message, answered_at=page.at, answer=answer, reason=fact.reason, answered_by=fact.by)


@writes(f.StartsSet)
def starts_set(page: Page, fact: f.StartsSet) -> None:
    page.remove_loose(Start, "process_id", fact.process)
    for one in fact.starts:
        page.add(
            Start,
            id=one["start"],
            process_id=fact.process,
            version_id=fact.version,
            element=one["element"],
            kind=one["kind"],
            name=one["name"],
            due_at=datetime.fromisoformat(one["due"]) if one["due"] else None,
            set_at=page.at,
            times_left=one["left"],
        )


@writes(f.StartFired)
def start_fired(page: Page, fact: f.StartFired) -> None:
    page.change(Start, fact.start, due_at=fact.due, times_left=fact.left)
