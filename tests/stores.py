"""The databases tests work on: SQLite's files and, on a private server, PostgreSQL's. Each test has one of its own.

What many tests begin with is made once (a model) and copied: a copy costs some hundredths of a second on either side.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine

from models import Base
from models.session import open_database

KINDS = ("sqlite", "postgresql")
ON_BOTH = pytest.mark.parametrize("store", KINDS, indirect=True)
ON_POSTGRESQL_ONLY = pytest.mark.parametrize("store", ["postgresql"], indirect=True)
Filled = Callable[[Engine], object]


class Files:
    """SQLite: a database is a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def model(self, name: str, fill: Filled, *, like: str = "") -> None:
        """Makes a model, unless it is there: all tables, or a copy of another model, and what `fill` puts in."""
        path = self._folder / f"{name}.db"
        if not path.exists():
            if like:
                shutil.copyfile(self._folder / f"{like}.db", path)
            _made(f"sqlite:///{path}", fill)  # the last connection closed: SQLite has folded its log into the file

    @contextmanager
    def copy(self, name: str, home: Path) -> Iterator[str]:
        """The address of a copy of a model, in the test's own folder."""
        path = home / "bihuan.db"
        shutil.copyfile(self._folder / f"{name}.db", path)
        yield f"sqlite:///{path}"


class Server:
    """PostgreSQL: a database is made by the server, from another one that nobody is connected to."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._models: set[str] = set()
        self._number = 0

    def model(self, name: str, fill: Filled, *, like: str = "") -> None:
        if name not in self._models:
            self._say("CREATE DATABASE {} TEMPLATE {}", name, like or "template0")
            _made(self.of(name), fill)
            self._models.add(name)

    @contextmanager
    def copy(self, name: str, _home: Path) -> Iterator[str]:
        with self.empty(name) as url:
            yield url

    @contextmanager
    def empty(self, model: str = "template0") -> Iterator[str]:
        """The address of a new database, for as long as the block lasts: without any table, or like a model."""
        self._number += 1
        name = f"test_{self._number}"
        self._say("CREATE DATABASE {} TEMPLATE {}", name, model)
        try:
            yield self.of(name)
        finally:
            self._say("DROP DATABASE {} WITH (FORCE)", name)

    def of(self, name: str) -> str:
        return self.address.replace("/postgres?", f"/{name}?")

    def _say(self, words: str, *names: str) -> None:
        address = self.address.replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(SQL(words).format(*(Identifier(name) for name in names)))


def _made(url: str, fill: Filled) -> None:
    database = open_database(url)
    Base.metadata.create_all(database)
    fill(database)
    database.dispose()
