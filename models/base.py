"""The common ground of all tables: names of constraints, moments that always know their zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import JSON, DateTime, Dialect, Index, MetaData, Table, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

# JSONB on PostgreSQL, JSON text on SQLite; the program never depends on the difference.
JsonValue = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Stored as UTC; a naive one is refused, because it would take the zone of whoever reads it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone cannot be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


M = TypeVar("M", bound="Base")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table_of(model: type[Base]) -> Table:
    """The table behind a model, for statements that write without the object layer."""
    return cast(Table, model.__table__)


def index_where(name: str, *columns: str, where: str) -> Index:
    """An index that holds only the rows of which `where` (SQL) is true: the others cost it nothing."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def index_on_sqlite(name: str, *columns: str) -> Index:
    """An index that only SQLite has. PostgreSQL writes a changed row into every index of its table anew, unless no
    indexed column has changed: an index on what each step changes costs it all the others as well."""
    return Index(name, *columns, info={"only": "sqlite"}).ddl_if(dialect="sqlite")


def written_at_each_step(model: type[M]) -> type[M]:
    """People and units are never removed; that their ids are some of theirs, only SQLite asks anew for each row.
    PostgreSQL would lock their rows against being removed: a row that all the officers of a unit have in common."""
    for key in table_of(model).foreign_key_constraints:
        if {part.target_fullname for part in key.elements} & {"officers.id", "units.id"}:
            key.info["only"] = "sqlite"
            key.ddl_if(dialect="sqlite")
    return model


def belongs(thing: Any, dialect: str) -> bool:
    """Whether an index, or whatever else tables are made of, is meant for this kind of database."""
    return bool(getattr(thing, "info", {}).get("only", dialect) == dialect)
