"""On PostgreSQL a page is one journey: what fails on the way is told as on any database, and nothing stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from engine.record.page import Page
from models import Base, Unit
from models.prepared import together
from models.session import open_database, sessions
from tests import postgresql
from tests.cast import MORNING


@pytest.fixture
def database() -> Iterator[Engine]:
    if postgresql.programs() is None:
        pytest.skip(postgresql.MISSING)
    with postgresql.cluster() as address:
        opened = open_database(address)
        Base.metadata.create_all(opened)
        yield opened
        opened.dispose()


def test_what_fails_on_the_way_is_told_as_on_any_database(database: Engine) -> None:
    opened = sessions(database)

    def write(*units: tuple[int, str]) -> None:
        page = Page(0, officer=None, unit=None, at=MORNING)
        for id, code in units:
            page.add(Unit, id=id, code=code, name=code, name_en="", kind="", parent_id=None, path=f"{id}.")
        with opened() as session, session.begin():
            connection = session.connection()
            with together(connection):
                page.write(connection)

    write((1, "CITY"))
    with pytest.raises(IntegrityError):
        write((2, "HARBOUR"), (3, "CITY"))
    write((2, "HARBOUR"))
    with opened() as session:
        assert session.scalar(select(func.count()).select_from(Unit)) == 2
