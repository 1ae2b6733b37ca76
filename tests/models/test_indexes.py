"""Indexes hold only what is looked for by them; a question that does not say the same words would read everything."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.reads import journal_pages
from engine.reads.journal_pages import Sieve
from engine.reads.sight import not_hidden, sees_case
from engine.words.facts import PartyJoined
from engine.words.officers import Actor
from engine.words.written import KINDS
from models import Base, Candidate, Case, Entry, Party, Task
from models.base import belongs, table_of
from models.entry import EVERYDAY
from models.session import open_database, sessions

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def _plan(session: Session, question: Select[tuple[int]]) -> str:
    text = question.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()
    return "; ".join(row[-1] for row in rows)


def test_what_every_step_leaves_are_facts() -> None:
    assert set(EVERYDAY) <= set(KINDS)
    assert PartyJoined.__name__ in EVERYDAY


def test_what_every_step_changes_of_a_case_is_in_no_index_of_postgresql() -> None:
    """It would write the case into all of its indexes anew, those included of which no column has changed."""
    changed = {"stage", "variables", "state", "revision", "entries", "head", "serial"}
    there = [index for index in table_of(Case).indexes if belongs(index, "postgresql")]
    assert len(there) > 5
    assert [index.name for index in there if changed & {*index.columns.keys()}] == []


def test_sqlite_finds_rare_facts_and_what_an_officer_does_by_their_indexes() -> None:
    database = open_database("sqlite://")
    Base.metadata.create_all(database)
    with sessions(database)() as session:
        rare = select(Entry.id).where(*journal_pages._conditions(Sieve(kinds=("CaseMoved",)), UTC))
        assert "ix_entries_rare_kind" in _plan(session, rare.order_by(Entry.id.desc()).limit(31))
        everyday = select(Entry.id).where(*journal_pages._conditions(Sieve(kinds=("TaskOpened",)), UTC))
        assert "ix_entries_rare_kind" not in _plan(session, everyday.order_by(Entry.id.desc()).limit(31))
        assert "ix_tasks_claimed_by" in _plan(session, select(Task.case_id).where(Task.claimed_by == 4))
        done = select(Task.case_id).where(Task.done_by == 4, Task.done_at >= AT)
        assert "ix_tasks_done_by_done_at" in _plan(session, done)
        assert "ix_parties_unit_id_case_id" in _plan(session, select(Party.case_id).where(Party.unit_id.in_([3, 4])))
        meant = select(Candidate.id).where((Candidate.officer_id == 4) | (Candidate.role == "clerk"))
        plan = _plan(session, meant)
        assert "ix_candidates_officer_id" in plan
        assert "ix_candidates_role_unit_id" in plan
        clerk = Actor(4, "clerk", "港口经办", unit_id=3, unit_path="1.3.")
        # By the few that are hidden or by unit and case: as good as each other, and SQLite takes the one made first.
        hidden = _plan(session, select(Case.id).where(not_hidden(Case.id, clerk)))
        assert re.search(r"SEARCH parties_1 USING (COVERING )?INDEX \w+ \([^)]*case_id=\?", hidden), hidden
        one = _plan(session, select(Case.id).where(Case.id == 2026000001, sees_case(clerk)))
        assert set(re.findall(r"SCAN (\w+)", one)) <= {"units", "CONSTANT"}


def test_people_and_units_are_never_removed() -> None:
    """So PostgreSQL is not asked at each step whether they are still there (`models.base.written_at_each_step`)."""
    root = Path(__file__).resolve().parents[2]
    who = r"\s*(Unit|Officer)\b"
    removes = re.compile(
        rf"\bdelete\({who}|\.remove(_loose)?\({who}|DELETE FROM (units|officers)\b|\.delete\((unit|officer)\)"
    )
    found = [
        str(file.relative_to(root))
        for room in ("engine", "models", "webui")
        for file in (root / room).rglob("*.py")
        if "node_modules" not in file.parts and removes.search(file.read_text("utf-8"))
    ]
    assert found == []
