"""A page of rows (on PostgreSQL it goes with the commit): what fails on the way is told alike, and nothing stays."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from engine.record.page import Page
from models import Unit
from models.session import sessions
from tests.cast import MORNING


def test_what_fails_on_the_way_is_told_as_on_any_database(engine: Engine) -> None:
    opened = sessions(engine)

    def write(*units: tuple[int, str]) -> None:
        page = Page(0, officer=None, unit=None, at=MORNING)
        for id, code in units:
            page.add(Unit, id=id, code=code, name=code, name_en="", kind="", parent_id=None, path=f"{id}.")
        with opened() as session, session.begin():
            page.write(session.connection())

    write((1, "CITY"))
    with pytest.raises(IntegrityError):
        write((2, "HARBOUR"), (3, "CITY"))
    write((2, "HARBOUR"))
    with opened() as session:
        assert session.scalar(select(func.count()).select_from(Unit)) == 2
