"""What is to be said about a stranger's file as a whole: taken in, taken in with work to do, refused, or no BPMN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml import etree

from engine.notation import checks
from engine.notation.checks.groups import HOUSE, group_of
from engine.notation.imports import Brought, audit, bring
from engine.notation.imports.look import look
from engine.notation.imports.manifest import Remark
from engine.notation.imports.weighing import HINT, REFUSES, TO_DO, kind_of, to_tie_in, weigh
from engine.notation.xml import line_of, local, open_xml
from engine.words.errors import Finding, NotPublishable

ACCEPTED, WARNED, TO_DOS = "accepted", "accepted with warnings", "accepted with to-dos"
DRAWING, REFUSED, NO_BPMN = "drawing, not executable", "refused", "not BPMN"
# Of each of these there is a draft.
TAKEN = frozenset({ACCEPTED, WARNED, TO_DOS, DRAWING})
_KINDS = {"": ACCEPTED, HINT: WARNED, TO_DO: TO_DOS, REFUSES: REFUSED}
_OF_THE_FILE = frozenset({"file_is_readable", "file_is_bpmn"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`findings`: of the laws any engine would ask for, with the lines of the file itself; `weights`: which of them
    refuse, are to do before publishing, or hint; `house`: findings of our own laws (they are a designer's next work and
    decide nothing here); `remarks`: what the import kept, mapped and left; `foreign`: all that was counted before;
    `executable`: it was meant to be run; `lost`: words with meaning of which nobody spoke, a fault of ours."""

    kind: str
    vendors: tuple[str, ...]
    processes: tuple[str, ...]
    findings: tuple[Finding, ...]
    house: tuple[Finding, ...]
    remarks: tuple[Remark, ...]
    foreign: frozenset[str] = frozenset()
    weights: tuple[str, ...] = ()
    executable: bool = False
    lost: tuple[str, ...] = ()


def judge(content: bytes, tables: Mapping[str, str], forms: Mapping[str, str] | None = None) -> Verdict:
    """Never raises for what is in the file."""
    try:
        found = bring(content, forms)
    except NotPublishable as refusal:
        kind = NO_BPMN if all(f.law in _OF_THE_FILE for f in refusal.findings) else REFUSED
        return Verdict(kind, (), (), tuple(refusal.findings), (), (), weights=(REFUSES,) * len(refusal.findings))
    return judge_brought(found, content, tables)


def judge_brought(found: Brought, content: bytes, tables: Mapping[str, str]) -> Verdict:
    """As `judge`, of what has been brought already."""
    root = open_xml(content)
    if not found.arrivals:
        nothing, hints = _nothing_to_run(root), look(root)
        kind = REFUSED if found.executable else DRAWING
        weight = REFUSES if found.executable else TO_DO
        return Verdict(
            kind,
            found.vendors,
            (),
            (nothing, *hints),
            (),
            found.remarks,
            found.foreign,
            (weight, *(HINT for _ in hints)),
            found.executable,
        )
    standard: dict[Finding, str] = {}
    house: dict[Finding, str] = {}
    for hint in look(root):
        (house if group_of(hint.law) == HOUSE else standard).setdefault(hint, HINT)
    tied = to_tie_in(root, found.remarks)
    for arrival in found.arrivals:
        for finding in checks.check(arrival.content, tables):
            placed = _on_the_line(finding, arrival.lines, arrival.process)
            if group_of(finding.law) == HOUSE:
                house[placed] = HINT
            else:
                standard[placed] = weigh(placed, tied, drawing=not found.executable)
    heaviest = kind_of(standard, found.remarks)
    kind = DRAWING if heaviest != REFUSES and not found.executable else _KINDS[heaviest]
    names = tuple(arrival.process for arrival in found.arrivals)
    told = frozenset({each.element for each in found.remarks} | {each.element for each in (*standard, *house)})
    drafts = [arrival.content for arrival in found.arrivals]
    lost = audit.losses(content, drafts, told) if kind in TAKEN else ()  # of what is turned away nothing is kept
    return Verdict(
        kind, found.vendors, names, tuple(standard), tuple(house), found.remarks, found.foreign,
        tuple(standard.values()), found.executable, lost,
    )  # fmt: skip


def _on_the_line(finding: Finding, lines: Mapping[str, int | None], process: str) -> Finding:
    """The draft was written anew; a designer looks into the file that was sent."""
    element = finding.element or process
    return replace(finding, element=element, line=lines.get(element) or finding.line or 1)


def _nothing_to_run(root: etree._Element) -> Finding:
    """A collaboration, a choreography, an empty process: BPMN, but nothing an engine could do."""
    parts = [node for node in root if local(node) in {"process", "collaboration", "choreography"}]
    named: etree._Element = parts[0] if parts else root
    return Finding(
        "process_is_executable",
        "error",
        named.get("id") or local(named),
        line_of(named) or 1,
        "文件里没有可以执行的流程：没有任何步骤。请画上开始事件、步骤和结束事件。",
        "There is no process to run in this file: it has no steps. Draw a start event, steps and an end event.",
    )
