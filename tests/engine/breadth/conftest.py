"""A town on SQLite, and the same on PostgreSQL where its programs are on this machine."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.cast import Cast
from tests.engine.breadth.town import Town


@pytest.fixture
def town(engine: Engine, cast: Cast) -> Town:
    return Town(engine, cast)
