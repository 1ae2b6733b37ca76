"""Rows of tasks, waits, messages, papers, notices and evidence."""

from __future__ import annotations

from typing import Any

from engine.record.page import Page
from engine.record.writers import writes
from engine.words import facts as f
from models import (
    Addressee,
    Attachment,
    Bar,
    Candidate,
    Document,
    Notice,
    OutgoingMessage,
    PaperCopy,
    Receipt,
    Subscription,
    Task,
)


def _want(page: Page, owner: str, wanted: list[f.Wanted]) -> None:
    for wish in wanted:
        page.add(
            Candidate, owner=owner, role=wish.get("role"), unit_id=wish.get("unit"), officer_id=wish.get("officer")
        )


def _bar(page: Page, task: str, bars: list[dict[str, Any]]) -> None:
    for bar in bars:
        page.add(Bar, task_id=task, officer_id=bar.get("officer"), unit_id=bar.get("unit"), because=bar["because"])


def _unwant(page: Page, owner: str) -> None:
    """Only what is open has candidates: the inbox stays as quick as it is short."""
    page.remove_loose(Candidate, "owner", owner)
    page.remove_loose(Bar, "task_id", owner)


@writes(f.TaskOpened)
def task_opened(page: Page, fact: f.TaskOpened) -> None:
    page.add(
        Task,
        id=fact.task,
        case_id=page.book,
        element=fact.element,
        name=fact.name,
        name_en=fact.name_en,
        token=fact.token,
        round=fact.round,
        item=fact.item,
        unit_id=fact.unit,
        priority=fact.priority,
        opened_at=page.at,
        due_at=fact.due,
        clock=fact.clock,
    )
    _want(page, fact.task, fact.wanted)
    _bar(page, fact.task, fact.bars)


@writes(f.TaskClaimed)
def task_claimed(page: Page, fact: f.TaskClaimed) -> None:
    page.change(Task, fact.task, claimed_by=page.officer, claimed_at=page.at)


@writes(f.TaskReleased)
def task_released(page: Page, fact: f.TaskReleased) -> None:
    page.change(Task, fact.task, claimed_by=None, claimed_at=None)


@writes(f.TaskCompleted)
def task_completed(page: Page, fact: f.TaskCompleted) -> None:
    page.change(Task, fact.task, done_at=page.at, done_by=page.officer, outcome="completed")
    _unwant(page, fact.task)


@writes(f.TaskCancelled)
def task_cancelled(page: Page, fact: f.TaskCancelled) -> None:
    page.change(Task, fact.task, done_at=page.at, done_by=None, outcome="cancelled")
    _unwant(page, fact.task)


@writes(f.TaskDueChanged)
def task_due_changed(page: Page, fact: f.TaskDueChanged) -> None:
    page.change(Task, fact.task, due_at=fact.after)


@writes(f.TaskRedrawn)
def task_redrawn(page: Page, fact: f.TaskRedrawn) -> None:
    columns = {"unit": "unit_id"}
    changed = {columns.get(name, name): value for name, value in fact.after.items() if name not in {"wanted", "bars"}}
    if changed:
        page.change(Task, fact.task, **changed)
    if "wanted" in fact.after:
        page.remove_loose(Candidate, "owner", fact.task)
        _want(page, fact.task, fact.after["wanted"])
    if "bars" in fact.after:
        page.remove_loose(Bar, "task_id", fact.task)
        _bar(page, fact.task, fact.after["bars"])


@writes(f.WorkPassed)
def work_passed(page: Page, fact: f.WorkPassed) -> None:
    for owner, wanted in fact.wanted.items():
        page.remove_loose(Candidate, "owner", owner)
        _want(page, owner, wanted)
    for task in fact.tasks:
        page.change(Task, task, unit_id=fact.to)
    for task in fact.claims:
        page.change(Task, task, claimed_by=None, claimed_at=None)
    for task in fact.bars:
        page.add(Bar, task_id=task, officer_id=None, unit_id=fact.to, because="unit")


@writes(f.WaitOpened)
def wait_opened(page: Page, fact: f.WaitOpened) -> None:
    page.add(
        Subscription,
        id=fact.wait,
        case_id=page.book,
        element=fact.element,
        token=fact.token,
        name=fact.name,
        correlation=fact.correlation,
        kind=fact.kind,
        button=fact.button,
        button_en=fact.button_en,
        opened_at=page.at,
    )
    _want(page, fact.wait, fact.wanted)


@writes(f.WaitDropped)
def wait_dropped(page: Page, fact: f.WaitDropped) -> None:
    page.remove(Subscription, fact.wait)
    page.remove_loose(Candidate, "owner", fact.wait)


@writes(f.StepChosen)
def step_chosen(page: Page, fact: f.StepChosen) -> None:
    page.remove(Subscription, fact.wait)
    page.remove_loose(Candidate, "owner", fact.wait)


@writes(f.WaitRedrawn)
def wait_redrawn(page: Page, fact: f.WaitRedrawn) -> None:
    changed = {name: value for name, value in fact.after.items() if name != "wanted"}
    if changed:
        page.change(Subscription, fact.wait, **changed)
    if "wanted" in fact.after:
        page.remove_loose(Candidate, "owner", fact.wait)
        _want(page, fact.wait, fact.after["wanted"])


@writes(f.MessageReceived)
def message_received(page: Page, fact: f.MessageReceived) -> None:
    page.remove(Subscription, fact.wait)
    page.remove_loose(Candidate, "owner", fact.wait)


@writes(f.MessageSent)
def message_sent(page: Page, fact: f.MessageSent) -> None:
    page.add(
        OutgoingMessage,
        id=fact.message,
        case_id=page.book,
        element=fact.element,
        name=fact.name,
        correlation=fact.correlation,
        kind="message",
        payload=fact.payload,
        sent_at=page.at,
        due_at=page.at,
        attempts=0,
    )


@writes(f.MessageDelivered)
def message_delivered(page: Page, fact: f.MessageDelivered) -> None:
    page.change(
        OutgoingMessage,
        fact.message,
        delivered_at=page.at,
        delivered_to=fact.to,
        due_at=None,
        dead_at=None,
        dead_why=None,
    )


@writes(f.MessagePutAside)
def message_put_aside(page: Page, fact: f.MessagePutAside) -> None:
    page.change(OutgoingMessage, fact.message, dead_at=page.at, dead_why=fact.why, due_at=None, attempts=fact.attempts)


@writes(f.DocumentIssued)
def document_issued(page: Page, fact: f.DocumentIssued) -> None:
    page.add(
        Document,
        id=fact.document,
        case_id=page.book,
        kind=fact.kind,
        number=fact.number,
        title=fact.title,
        fields=fact.fields,
        to_unit_id=fact.to_unit,
        round=fact.round,
        level=fact.level,
        template=fact.template,
        issued_at=page.at,
        issued_by=page.officer,
    )
    for unit in dict.fromkeys(fact.to_units):
        if unit != fact.to_unit:
            page.add(Addressee, document_id=fact.document, unit_id=unit)


@writes(f.PaperMade)
def paper_made(page: Page, fact: f.PaperMade) -> None:
    page.add(
        PaperCopy,
        document_id=fact.document,
        template=fact.template,
        sha=fact.sha,
        size=fact.size,
        made_at=page.at,
        # The bytes are too large for an entry; the fact holds their digest.
        content=page.enclosed.get(fact.sha, b""),
    )


@writes(f.PaperRead)
def paper_read(page: Page, fact: f.PaperRead) -> None:
    page.add(Receipt, document_id=fact.document, unit_id=fact.unit, read_at=page.at, read_by=page.officer)


@writes(f.NoticeSent)
def notice_sent(page: Page, fact: f.NoticeSent) -> None:
    page.add(Notice, id=fact.notice, case_id=page.book, text=fact.text, text_en=fact.text_en, sent_at=page.at)
    _want(page, fact.notice, fact.wanted)


@writes(f.EvidenceAttached)
def evidence_attached(page: Page, fact: f.EvidenceAttached) -> None:
    page.add(
        Attachment,
        id=fact.attachment,
        case_id=page.book,
        task_id=fact.task,
        sha=fact.sha,
        name=fact.name,
        kind=fact.kind,
        field=fact.field,
        round=fact.round,
        added_at=page.at,
        added_by=page.officer,
    )
