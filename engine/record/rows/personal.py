"""Rows of personal values, which lie beside the case."""

from __future__ import annotations

from engine.record.page import Page
from engine.record.writers import leaves_only_its_entry, writes
from engine.words import facts as f
from models import PersonalValue

leaves_only_its_entry(f.PersonalRead)


@writes(f.PersonalKept)
def personal_kept(page: Page, fact: f.PersonalKept) -> None:
    """The fact says that there is a value; value and salt themselves come enclosed."""
    value, salt = page.enclosed.get(fact.personal, (None, None))
    page.add(
        PersonalValue,
        id=fact.personal,
        case_id=page.book,
        field=fact.field,
        value=value,
        salt=salt,
        kept_at=page.at,
        deleted_at=None,
    )


@writes(f.PersonalDeleted)
def personal_deleted(page: Page, fact: f.PersonalDeleted) -> None:
    for id in fact.personal:
        page.change(PersonalValue, id, value=None, salt=None, deleted_at=page.at)
