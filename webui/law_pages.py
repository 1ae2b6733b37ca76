"""A page for each law of the check: what it wants and why, a diagram that breaks it and one that keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine.notation import checks
from engine.notation import diagram as bpmn
from engine.notation.checks import examples
from engine.notation.checks.examples import INVALID, TABLE, VALID
from engine.notation.differences import Difference, differences
from engine.notation.tables import Table, tables_in
from engine.notation.xml import local, open_xml
from engine.words.errors import Finding, NotFound
from engine.words.terms import Term
from webui import guards
from webui.law_pictures import Drawn

room = Blueprint("law_pages", __name__, url_prefix="/designer/help/laws")
guards.for_roles(room, "designer", "auditor", "admin")


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the two examples. `tables` where the law is about decision tables; `rows`: ids of rows that are wrong,
    `cells`: of columns in them."""

    sheet: Drawn
    findings: tuple[Finding, ...]
    tables: dict[str, Table]
    rows: frozenset[str]
    cells: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pages:
    """`changes`: what is different in the diagram that keeps the law."""

    invalid: Shown
    valid: Shown
    changes: tuple[Difference, ...]


ALL = (*(id for id, _en, _zh in checks.OF_THE_FILE), *(law.id for law in checks.LAWS))
_LAWS = {law.id: law for law in checks.LAWS}
_OF_TABLES = frozenset(law.LAW for law in checks.OF_TABLES)


@room.app_template_test("law")
def is_law(id: str) -> bool:
    """Whether there is a page for what a finding names."""
    return id in ALL


@room.get("/<law>")
def page(law: str) -> ResponseReturnValue:
    if law not in ALL:
        raise NotFound(f"没有规则“{law[:100]}”。", f'There is no law "{law[:100]}".')
    at = ALL.index(law)
    around = {"before": ALL[at - 1] if at else None, "after": ALL[at + 1] if at + 1 < len(ALL) else None}
    if law in _LAWS:
        told = _LAWS[law]
        wants, why = Term(told.meaning_zh, told.meaning), Term(told.why_zh, told.why)
        return render_template("designer/law.html", id=law, wants=wants, why=why, shown=_shown(law), **around)
    wants = next(Term(zh, en) for id, en, zh in checks.OF_THE_FILE if id == law)
    why_en, why_zh, bad, good = examples.OF_THE_FILE[law]
    texts = (bad, good)
    return render_template("designer/law.html", id=law, wants=wants, why=Term(why_zh, why_en), texts=texts, **around)


@cache
def _shown(law: str) -> Pages:
    """Laws and examples come with the program: each is checked once."""
    invalid, valid = examples.example(law, INVALID), examples.example(law, VALID)
    found = checks.check(invalid.content, invalid.tables, known=invalid.known, previous=invalid.previous)
    findings = tuple(finding for finding in found if finding.law == law)
    before, after = bpmn.read(invalid.content), bpmn.read(valid.content)
    if invalid.previous is not None:  # the one to keep to is the version before
        before, after = before, invalid.previous
    changes = differences(before, after, invalid.tables, valid.tables)
    return Pages(
        _example(law, invalid, findings),
        _example(law, valid, ()),
        tuple(change for change in changes if change.what != "picture"),
    )


def _example(law: str, one: examples.Example, findings: tuple[Finding, ...]) -> Shown:
    sheet = Drawn(bpmn.read(one.content), one.content)
    if law not in _OF_TABLES:
        return Shown(sheet, findings, {}, frozenset(), frozenset())
    text = one.tables[TABLE]
    bad = {finding.element for finding in findings}
    rows, cells = set[str](), set[str]()
    for node in open_xml(text.encode()).iter():
        if local(node) == "rule" and (node.get("id") in bad or any(cell.get("id") in bad for cell in node)):
            rows.add(node.get("id", ""))
            cells |= {cell.get("id", "") for cell in node if cell.get("id") in bad}
    return Shown(sheet, findings, tables_in(text), frozenset(rows), frozenset(cells))
