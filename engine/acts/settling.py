"""A designer settles what an import left to do, with the reason why nothing more is to be done; or opens it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.acts import definitions
from engine.notation import todos
from engine.reads import designs
from engine.words.errors import Fault, NotAllowed, NotFound, NotValid
from engine.words.officers import Actor
from models import Draft


def settle(
    session: Session, process_id: str, element: str, number: int, reason: str, *, revision: int, by: Actor, at: datetime
) -> Draft:
    """Raises `NotValid` without a reason, `NotFound` when the draft has no such to-do, `OutOfDate` when somebody saved
    meanwhile."""
    said = " ".join(reason.split())
    if not said or len(said) > todos.LONGEST_REASON:
        zh = f"请写明怎样处理的、为什么可以了结（最多 {todos.LONGEST_REASON} 个字）。"
        en = f"Say what was done, or why nothing is to be done (at most {todos.LONGEST_REASON} characters)."
        raise NotValid([Fault(f"reason-{element}-{number}", zh, en)])
    return _write(session, process_id, element, number, said, revision=revision, by=by, at=at)


def reopen(
    session: Session, process_id: str, element: str, number: int, *, revision: int, by: Actor, at: datetime
) -> Draft:
    """Raises `NotFound`, `OutOfDate`."""
    return _write(session, process_id, element, number, "", revision=revision, by=by, at=at)


def _write(
    session: Session, process_id: str, element: str, number: int, reason: str, *, revision: int, by: Actor, at: datetime
) -> Draft:
    if not by.has("designer"):
        raise NotAllowed("只有流程设计人员可以修改流程。", "Only process designers may change processes.")
    content = todos.settle(designs.working(session, process_id).diagram, element, number, reason, by.login)
    if content is None:
        raise NotFound(
            f"元素“{element[:100]}”上没有第 {number} 条导入待办。",
            f'There is no to-do {number} from an import at "{element[:100]}".',
        )
    return definitions.save_draft(session, process_id, diagram=content, revision=revision, by=by, at=at)
