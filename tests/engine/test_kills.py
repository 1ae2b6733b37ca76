"""Kill -9 at commits, before and after: nothing lost, nothing twice, no case left standing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgresql
from tests.benchmarks import kills


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whoever_dies_at_a_commit_leaves_the_books_whole(database: str, tmp_path: Path) -> None:
    if database == "postgresql" and postgresql.programs() is None:
        pytest.skip(postgresql.MISSING)
    with kills.place(database, tmp_path) as url:
        found = kills.at_points(url, tmp_path, most=1)
    assert found["kills"] == 4
    assert found["acknowledged"] > 0
    assert {name: found[name] for name in kills.FAULTS if found[name]} == {}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_death_at_any_commit_of_a_life_changes_nothing(database: str, tmp_path: Path) -> None:
    """Just before and just after each commit of a case's whole life; a program of its own, because it forks."""
    if database == "postgresql" and postgresql.programs() is None:
        pytest.skip(postgresql.MISSING)
    told = ["--database", database, "--folder", str(tmp_path), "--json", str(tmp_path / "lives.json")]
    subprocess.run([sys.executable, "-m", "tests.benchmarks.lives", *told], check=False)
    found = json.loads((tmp_path / "lives.json").read_text())
    assert found["faults"] == []
    assert found["commits"] >= 5
    assert found["deaths"] == 2 * found["commits"]
