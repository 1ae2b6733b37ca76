"""Called by Alembic for every step of the schema; the connection is handed over by `models.migrate`."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

import models
from models.base import UtcDateTime, belongs


def render(kind: str, thing: Any, around: AutogenContext) -> str | Literal[False]:
    """A step names only what SQLAlchemy itself knows: our own types may change, an old step may not."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, sa.JSON):
        around.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=models.Base.metadata,
    # SQLite cannot alter a table: Alembic then copies it.
    render_as_batch=True,
    render_item=render,
    include_object=lambda thing, *_: belongs(thing, context.get_bind().dialect.name),
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
