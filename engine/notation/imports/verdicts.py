"""What is to be said about a stranger's file as a whole: taken as it is, taken with remarks, refused, or no BPMN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml import etree

from engine.notation import checks
from engine.notation.checks.groups import HOUSE, group_of
from engine.notation.imports import Brought, bring
from engine.notation.imports.manifest import LEFT, MEANING, Remark
from engine.notation.xml import line_of, local, open_xml
from engine.words.errors import Finding, NotPublishable

ACCEPTED, WARNED, REFUSED, NO_BPMN = "accepted", "accepted with warnings", "refused", "not BPMN"
_OF_THE_FILE = frozenset({"file_is_readable", "file_is_bpmn"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`findings`: of the laws any engine would ask for, with the lines of the file itself; `house`: of ours alone (they
    are a designer's next work and decide nothing here); `remarks`: what the import kept, mapped and left; `foreign`:
    all that was counted before."""

    kind: str
    vendors: tuple[str, ...]
    processes: tuple[str, ...]
    findings: tuple[Finding, ...]
    house: tuple[Finding, ...]
    remarks: tuple[Remark, ...]
    foreign: frozenset[str] = frozenset()


def judge(content: bytes, tables: Mapping[str, str], forms: Mapping[str, str] | None = None) -> Verdict:
    """Never raises for what is in the file."""
    try:
        found = bring(content, forms)
    except NotPublishable as refusal:
        kind = NO_BPMN if all(f.law in _OF_THE_FILE for f in refusal.findings) else REFUSED
        return Verdict(kind, (), (), tuple(refusal.findings), (), ())
    if not found.arrivals:
        return Verdict(REFUSED, found.vendors, (), (_nothing_to_run(content),), (), found.remarks, found.foreign)
    standard: dict[Finding, None] = {}
    house: dict[Finding, None] = {}
    for arrival in found.arrivals:
        for finding in checks.check(arrival.content, tables):
            told = _on_the_line(finding, arrival.lines, arrival.process)
            (house if group_of(finding.law) == HOUSE else standard)[told] = None
    kind = _kind(found, standard)
    names = tuple(arrival.process for arrival in found.arrivals)
    return Verdict(kind, found.vendors, names, tuple(standard), tuple(house), found.remarks, found.foreign)


def _kind(found: Brought, standard: Mapping[Finding, None]) -> str:
    if any(finding.severity == "error" for finding in standard):
        return REFUSED
    remarked = any(remark.verdict == LEFT and remark.weight == MEANING for remark in found.remarks)
    return WARNED if remarked or any(finding.severity == "warning" for finding in standard) else ACCEPTED


def _on_the_line(finding: Finding, lines: Mapping[str, int | None], process: str) -> Finding:
    """The draft was written anew; a designer looks into the file that was sent."""
    element = finding.element or process
    return replace(finding, element=element, line=lines.get(element) or finding.line or 1)


def _nothing_to_run(content: bytes) -> Finding:
    """A collaboration, a choreography, an empty process: BPMN, but nothing an engine could do."""
    root = open_xml(content)
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
