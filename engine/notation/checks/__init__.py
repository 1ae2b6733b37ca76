"""The gate: every law a diagram must keep before it may be published. One law, one file; all findings at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.notation import diagram as diagrams
from engine.notation.checks import (
    adhoc_can_finish,
    boundary_events_cling,
    calls_give_what_is_asked,
    calls_reach_a_process,
    cases_can_end,
    clocks_exist,
    compensation_is_drawn,
    conditions_count,
    data_objects_are_fields,
    decisions_exist,
    errors_are_caught,
    event_gateways_wait,
    event_subprocesses_begin,
    every_input_has_a_rule,
    every_rule_counts,
    every_word_is_read,
    expressions_are_feel,
    fields_are_used,
    flows_join_neighbours,
    forms_are_well_formed,
    gateways_have_a_direction,
    ids_are_free,
    ids_are_there,
    ids_are_unique,
    ids_stay,
    imports_are_settled,
    inputs_and_outputs_go_over,
    joins_get_all,
    labels_are_bilingual,
    labels_can_be_read,
    lanes_hold_everything,
    limits_are_readable,
    links_and_signals_meet,
    messages_find_their_way,
    messages_have_names,
    names_are_known,
    nodes_are_reached,
    nothing_is_ignored,
    nothing_unsupported,
    one_start,
    papers_are_labelled,
    persons_are_kept_apart,
    picture_is_complete,
    references_lead_somewhere,
    repeats_are_complete,
    roles_are_known,
    rules_do_not_clash,
    scripts_have_text,
    soundness_is_decided,
    splits_decide,
    stages_are_known,
    steps_can_happen,
    tables_are_readable,
    tasks_have_a_deadline,
    tasks_have_a_form,
    tasks_have_a_role,
    timers_are_readable,
    topics_are_known,
    transactions_cancel,
    types_go_together,
    values_are_set,
    ways_end,
    ways_meet_in_joins,
)
from engine.notation.checks.drawing import Drawing, Known
from engine.notation.checks.groups import group_of
from engine.notation.checks.topics_are_known import TOPICS
from engine.notation.diagram import Diagram
from engine.notation.xml import open_xml
from engine.words.errors import Finding, NotPublishable

__all__ = ["LAWS", "OF_THE_FILE", "Drawing", "Known", "Law", "check", "check_tables"]


@dataclass(frozen=True, slots=True)
class Law:
    """What it wants and why, in both languages, as the head of its file says it; for the help page."""

    id: str
    meaning: str
    meaning_zh: str
    why: str
    why_zh: str
    check: Callable[[Drawing], Iterator[Finding]]

    @property
    def group(self) -> str:
        """`standard`: any BPMN engine would ask for it; `house`: only we do."""
        return group_of(self.id)


def _meaning(doc: str | None) -> tuple[str, str, str, str]:
    english, chinese, why, why_zh = (part.strip() for part in (doc or "").split("\n\n"))
    return english, chinese, _joined(why, "Why: ", " "), _joined(why_zh, "为什么：", "")


def _joined(text: str, begins: str, between: str) -> str:
    return between.join(line.strip() for line in text.removeprefix(begins).splitlines())


# Nobody reads more findings than this at once.
MOST = 500

# Without ids nothing else can be said about an element, so these come first and alone.
_FIRST = (ids_are_there, ids_are_unique)
_THEN = (
    ids_are_free,
    nothing_unsupported,
    one_start,
    flows_join_neighbours,
    nodes_are_reached,
    ways_end,
    splits_decide,
    joins_get_all,
    cases_can_end,
    steps_can_happen,
    ways_meet_in_joins,
    soundness_is_decided,
    gateways_have_a_direction,
    conditions_count,
    event_gateways_wait,
    event_subprocesses_begin,
    errors_are_caught,
    compensation_is_drawn,
    transactions_cancel,
    adhoc_can_finish,
    data_objects_are_fields,
    links_and_signals_meet,
    calls_reach_a_process,
    calls_give_what_is_asked,
    inputs_and_outputs_go_over,
    boundary_events_cling,
    expressions_are_feel,
    scripts_have_text,
    names_are_known,
    types_go_together,
    values_are_set,
    timers_are_readable,
    limits_are_readable,
    clocks_exist,
    messages_have_names,
    messages_find_their_way,
    tasks_have_a_role,
    tasks_have_a_deadline,
    tasks_have_a_form,
    roles_are_known,
    labels_are_bilingual,
    forms_are_well_formed,
    fields_are_used,
    persons_are_kept_apart,
    papers_are_labelled,
    tables_are_readable,
    decisions_exist,
    rules_do_not_clash,
    every_rule_counts,
    every_input_has_a_rule,
    repeats_are_complete,
    topics_are_known,
    stages_are_known,
    references_lead_somewhere,
    imports_are_settled,
    nothing_is_ignored,
    every_word_is_read,
    lanes_hold_everything,
    picture_is_complete,
    labels_can_be_read,
    ids_stay,
)
LAWS: tuple[Law, ...] = tuple(
    Law(module.LAW, *_meaning(module.__doc__), check=module.check) for module in (*_FIRST, *_THEN)
)


OF_TABLES = (tables_are_readable, rules_do_not_clash, every_rule_counts, every_input_has_a_rule)

# What is said about the file itself, before there is anything to draw: by `engine/notation/diagram.py`.
OF_THE_FILE: tuple[tuple[str, str, str], ...] = (
    (
        "file_is_readable",
        "The file is well-formed XML in the encoding it names, at most 20 MB, 200 levels deep, without entities.",
        "文件是有效的 XML，编码与声明一致，不超过 20 MB、嵌套不超过 200 层，不含实体定义。",
    ),
    ("file_is_bpmn", "The file is BPMN 2.0.", "文件是 BPMN 2.0。"),
    ("process_is_executable", "One process is marked as executable.", "有一个流程标为可执行。"),
    ("one_process_a_file", "Only one process of a file is executable.", "一个文件只有一个可执行流程。"),
)


def check_tables(file: str, tables: Mapping[str, str]) -> list[Finding]:
    """What the laws say of one decision table file; `tables` are all files beside it, which it may import from."""
    found = [finding for law in OF_TABLES for finding in law.findings(tables)]
    return [finding for finding in found if len(tables) == 1 or finding.zh.startswith(f"{file}：")][:MOST]


def check(
    content: bytes, tables: Mapping[str, str], *, known: Known | None = None, previous: Diagram | None = None
) -> list[Finding]:
    """Every finding of every law, errors first, then in the order of the file. Without an error among them the diagram
    may be published. Never raises, whatever the bytes are: what cannot be read at all is a finding, too."""
    try:
        diagram = diagrams.read(content)
    except NotPublishable as refusal:
        return list(refusal.findings)
    drawing = Drawing(diagram, open_xml(content), dict(tables), known or Known(), previous, frozenset(TOPICS))
    found = [finding for law in LAWS[: len(_FIRST)] for finding in law.check(drawing)]
    if not found:
        found = [finding for law in LAWS[len(_FIRST) :] for finding in law.check(drawing)]
    found = sorted(dict.fromkeys(found), key=lambda finding: (finding.severity != "error", finding.line or 0))
    if len(found) > MOST:
        zh = f"另有 {len(found) - MOST} 条未列出，请先处理以上各条。"
        en = f"{len(found) - MOST} more are not listed; mend these first."
        found[MOST:] = [Finding("and_more", "info", "", None, zh, en)]
    return found
