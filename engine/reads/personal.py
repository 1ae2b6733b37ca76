"""Personal values: who may be shown them in full, and how everybody else reads them."""

from __future__ import annotations

from typing import Literal

import orjson
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from engine.reads.sight import for_me, may_see, meant, not_hidden
from engine.words.officers import Actor
from engine.words.personal import masked
from engine.words.values import from_json
from models import Case, PersonalValue, Subscription, Task

Standing = Literal["on", "auditor", "outside", "stranger"]


def on_the_case(actor: Actor) -> ColumnElement[bool]:
    """A condition on Case: this officer raised it, holds or held a task of it, or is asked to do one now. To belong to
    the same unit, or to see the case in a list, is not enough."""
    if actor.id is None:
        return Case.id.is_(None)
    held = select(Task.case_id).where(or_(Task.claimed_by == actor.id, Task.done_by == actor.id))
    asked = select(Task.case_id).where(Task.done_at.is_(None), for_me(actor))
    pressed = select(Subscription.case_id).where(Subscription.button.is_not(None), meant(Subscription.id, actor))
    return or_(Case.opened_by == actor.id, Case.id.in_(held), Case.id.in_(asked), Case.id.in_(pressed))


def standing(session: Session, case_id: int, actor: Actor) -> Standing:
    """on (the case) · auditor · outside (sees the case, and no more) · stranger."""
    mine = select(Case.id).where(Case.id == case_id, on_the_case(actor), not_hidden(Case.id, actor))
    if session.scalar(mine) is not None:
        return "on"
    if not may_see(session, case_id, actor):
        return "stranger"
    return "auditor" if actor.has("auditor") else "outside"


def masks(session: Session, names: set[str]) -> dict[str, str]:
    """How references are shown to everybody: 张＊. What is deleted has no mask."""
    if not names:
        return {}
    rows = session.execute(
        select(PersonalValue.id, PersonalValue.value).where(
            PersonalValue.id.in_(names), PersonalValue.value.is_not(None)
        )
    )
    return {row.id: mask_of(row.value) for row in rows}


def mask_of(text: str) -> str:
    """Of a kept value (JSON)."""
    value = from_json(orjson.loads(text))
    return masked(value) if isinstance(value, str | int | float) else "＊＊"
