"""How much a finding counts in a diagram that was just taken in: it refuses it, is the designer's to do, or a hint.

A stranger's diagram is taken in as a draft. A draft may want work before it is published (the laws still hold then),
so what only has to be tied in here is no ground to turn it away. It is turned away for what is broken, or cannot run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from engine.notation.imports.manifest import BINDING, LEFT, MAPPED, MEANING, NOTHING, Remark
from engine.notation.xml import BPMN, local
from engine.words.errors import Finding

REFUSES, TO_DO, HINT = "refuses", "to do", "hint"
# Broken for any tool there is, even as a mere drawing.
_BROKEN = frozenset({"ids_are_there", "ids_are_unique", "flows_join_neighbours", "file_is_readable", "file_is_bpmn"})
# Programs around the other engine gave these variables: forms, listeners, whoever started it.
_FROM_OUTSIDE = frozenset({"names_are_known", "types_go_together"})
# The other engines run these and draw no harm from them; here they are to be drawn to the end before publishing.
_UNFINISHED = frozenset(
    {
        "errors_are_caught", "splits_decide", "conditions_count", "nodes_are_reached", "steps_can_happen",
        "event_gateways_wait", "data_objects_are_fields", "adhoc_can_finish", "scripts_have_text",
    }
)  # fmt: skip
# To do where the import has said at that element what is to be tied in; broken where nobody said anything.
_BOUND = frozenset(
    {
        "expressions_are_feel", "messages_have_names", "calls_reach_a_process",
        "boundary_events_cling", "event_subprocesses_begin", "nothing_unsupported", "timers_are_readable",
        "repeats_are_complete", "one_start", "every_word_is_read", "links_and_signals_meet",
        "ways_end",
    }
)  # fmt: skip


def to_tie_in(root: etree._Element, remarks: Sequence[Remark]) -> frozenset[str]:
    """The ids of elements at which the import left something to be tied in, of the scopes such an event starts, and of
    scopes without a start or an end: the standard lets both be left out, we want them drawn."""
    told = {each.element for each in remarks if each.verdict == LEFT and each.weight in {BINDING, MEANING}}
    for start in root.iter(f"{{{BPMN}}}startEvent"):
        around = start.getparent()
        if start.get("id") in told and around is not None:
            told.add(around.get("id", ""))
    for scope in root.iter(*(f"{{{BPMN}}}{tag}" for tag in ("process", "subProcess", "transaction"))):
        parts = {local(child) for child in scope}
        if scope.get("triggeredByEvent") != "true" and ("startEvent" not in parts or "endEvent" not in parts):
            told.add(scope.get("id", ""))
    for event in root.iter(f"{{{BPMN}}}message", f"{{{BPMN}}}signal"):
        if event.get("id") in told:
            told |= {_owner(each) for each in root.iter() if event.get("id") in (each.get(f"{local(event)}Ref"),)}
    return frozenset(told - {""})


def weigh(finding: Finding, tied: frozenset[str], *, drawing: bool) -> str:
    """`tied`: elements with something to be tied in; `drawing`: it never was meant to be run."""
    if finding.severity != "error":
        return HINT
    if finding.law in _BROKEN:
        return REFUSES
    if finding.law in _FROM_OUTSIDE:
        return HINT
    if drawing or finding.law in _UNFINISHED or (finding.law in _BOUND and finding.element in tied):
        return TO_DO
    return REFUSES


def kind_of(weights: Mapping[Finding, str], remarks: Sequence[Remark]) -> str:
    """The heaviest of all that is said: refuses, to do, hint, or "" for nothing at all."""
    found = set(weights.values())
    left = any(each.verdict == LEFT and each.weight in {BINDING, MEANING} for each in remarks)
    if REFUSES in found:
        return REFUSES
    if TO_DO in found or left:
        return TO_DO
    looked_at = any(each.verdict == MAPPED and each.weight != NOTHING for each in remarks)
    return HINT if looked_at or HINT in found else ""


def _owner(node: etree._Element) -> str:
    at: etree._Element | None = node
    if local(node).endswith("EventDefinition"):
        at = node.getparent()
    return at.get("id", "") if at is not None else ""
