"""Rows of the case itself, and who takes part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.record.page import Page
from engine.record.writers import leaves_only_its_entry, writes
from engine.words import facts as f
from engine.words.kept import COLUMNS
from engine.words.values import from_json
from models import Case, Party

for _kind in (
    f.TokensMoved,
    f.Counted,
    f.SampleDrawn,
    f.DecisionMade,
    f.BooksAsked,
    f.ElementSkipped,
    f.StepUndone,
    f.TransactionCancelled,
):
    leaves_only_its_entry(_kind)


def _party_key(unit: int | None, officer: int | None, part: str) -> str:
    return f"unit:{unit}:{part}" if unit is not None else f"officer:{officer}:{part}"


@writes(f.CaseOpened)
def case_opened(page: Page, fact: f.CaseOpened) -> None:
    page.add(
        Case,
        id=page.book,
        process_id=fact.process,
        version_id=fact.version,
        opened_at=page.at,
        opened_by=page.officer,
        raiser_unit_id=fact.raiser_unit,
        external_id=fact.external_id,
        parent_id=fact.parent,
        call_id=fact.call,
        depth=fact.depth,
        key=fact.key,
        stage="registered",
        round=1,
        level=0,
        title="",
        place="",
        category="",
        severity="",
        mode="",
        source="",
        variables={},
        state=b"",
        revision=0,
        entries=0,
        head="",
        serial=0,
    )


@writes(f.VariablesChanged)
def variables_changed(page: Page, fact: f.VariablesChanged) -> None:
    _set(page, fact.after)


@writes(f.FieldsCorrected)
def fields_corrected(page: Page, fact: f.FieldsCorrected) -> None:
    _set(page, fact.after)


def _set(page: Page, after: Mapping[str, Any]) -> None:
    page.variables = {**page.variables, **after}
    columns = {name: str(from_json(after[name]) or "")[:length] for name, length in COLUMNS.items() if name in after}
    page.change(Case, page.book, variables=page.variables, **columns)


@writes(f.StageChanged)
def stage_changed(page: Page, fact: f.StageChanged) -> None:
    page.change(Case, page.book, stage=fact.after)


@writes(f.LeadUnitChanged)
def lead_unit_changed(page: Page, fact: f.LeadUnitChanged) -> None:
    page.change(Case, page.book, lead_unit_id=fact.after)


@writes(f.PartyJoined)
def party_joined(page: Page, fact: f.PartyJoined) -> None:
    key = _party_key(fact.unit, fact.officer, fact.part)
    page.add(Party, case_id=page.book, key=key, part=fact.part, unit_id=fact.unit, officer_id=fact.officer)


@writes(f.PartyLeft)
def party_left(page: Page, fact: f.PartyLeft) -> None:
    page.remove(Party, page.book, _party_key(fact.unit, fact.officer, fact.part))


@writes(f.RoundOpened)
def round_opened(page: Page, fact: f.RoundOpened) -> None:
    page.change(Case, page.book, round=fact.round, level=0, closed_at=None, outcome=None)


@writes(f.LevelRaised)
def level_raised(page: Page, fact: f.LevelRaised) -> None:
    page.change(Case, page.book, level=fact.after)


@writes(f.CaseMerged)
def case_merged(page: Page, fact: f.CaseMerged) -> None:
    page.change(Case, page.book, merged_into=fact.into)


@writes(f.CaseMoved)
def case_moved(page: Page, fact: f.CaseMoved) -> None:
    page.change(Case, page.book, version_id=fact.after)


@writes(f.CaseClosed)
def case_closed(page: Page, fact: f.CaseClosed) -> None:
    page.change(Case, page.book, outcome=fact.outcome, closed_at=page.at)


@writes(f.CaseReopened)
def case_reopened(page: Page, fact: f.CaseReopened) -> None:
    page.change(Case, page.book, outcome=None, closed_at=None)


@writes(f.CaseEnded)
def case_ended(page: Page, fact: f.CaseEnded) -> None:
    page.change(Case, page.book, ended_at=page.at)


@writes(f.CaseStuck)
def case_stuck(page: Page, fact: f.CaseStuck) -> None:
    why = {"element": fact.element, "zh": fact.zh, "en": fact.en, "trigger": fact.trigger}
    page.change(Case, page.book, stuck_at=page.at, stuck_why=why)


@writes(f.CaseFreed)
def case_freed(page: Page, fact: f.CaseFreed) -> None:
    page.change(Case, page.book, stuck_at=None, stuck_why=None)
