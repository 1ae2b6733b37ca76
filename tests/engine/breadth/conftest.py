"""A town on SQLite, and the same on PostgreSQL where its programs are on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from models import Base
from models.session import open_database
from tests import postgresql
from tests.engine.breadth.town import Town


@pytest.fixture(scope="session")
def breadth_server() -> Iterator[str]:
    if postgresql.programs() is None:
        pytest.skip(postgresql.MISSING)
    with postgresql.cluster() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'town.db'}"
    else:
        server: str = request.getfixturevalue("breadth_server")
        with open_database(server).connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("DROP DATABASE IF EXISTS town WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE town"))
        url = server.replace("/postgres?", "/town?")
    database = open_database(url)
    Base.metadata.create_all(database)
    yield Town(database)
    database.dispose()
