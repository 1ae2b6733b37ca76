"""Every element of BPMN 2.0, and what becomes of it: it runs, it is documentation, or it is refused with a sentence.

The help page shows this table. Tests hold it against the laws, against the token game and against their own names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.notation.checks.naming import KINDS, TRIGGERS
from engine.notation.checks.nothing_unsupported import ELEMENTS
from engine.notation.checks.nothing_unsupported import TRIGGERS as NO_TRIGGERS
from engine.words.terms import Term

_NOTHING = Term("", "")
RUNS, DRAWN, REFUSED = "runs", "drawn", "refused"


@dataclass(frozen=True, slots=True)
class Part:
    """One element, or an event with one trigger. `test`: below tests/engine, file::function, the one that runs it;
    `law`: the one that refuses it; `said`: what is worth knowing, or the sentence of the law."""

    group: str
    tag: str
    trigger: str
    name: Term
    state: str
    test: str = ""
    law: str = ""
    said: Term = _NOTHING


GROUPS: Mapping[str, Term] = {
    "start": Term("开始事件", "Start events"),
    "event_sub_process": Term("事件子流程的开始事件", "Start events of event sub-processes"),
    "catch": Term("中间捕获事件", "Intermediate catch events"),
    "boundary": Term("边界事件", "Boundary events"),
    "throw": Term("中间抛出事件", "Intermediate throw events"),
    "end": Term("结束事件", "End events"),
    "task": Term("任务", "Tasks"),
    "scope": Term("子流程与调用", "Sub-processes and calls"),
    "repeat": Term("循环、多实例与补偿", "Loops, multi-instance, compensation"),
    "gateway": Term("网关", "Gateways"),
    "flow": Term("连线", "Flows"),
    "data": Term("数据", "Data"),
    "around": Term("泳道与注释", "Lanes and notes"),
    "elsewhere": Term("编排与会话", "Choreographies and conversations"),
}
_TAG = {
    "start": "startEvent", "event_sub_process": "startEvent", "catch": "intermediateCatchEvent",
    "boundary": "boundaryEvent", "throw": "intermediateThrowEvent", "end": "endEvent",
}  # fmt: skip

_EVERY = "tokens/test_nothing_slips_through::test_every_event_runs_or_is_refused"
_SUB = "tokens/test_event_subprocesses::test_event_subprocess_"
_EVENTS, _UNDO = "tokens/test_events::test_", "tokens/test_compensation::test_"
_GATES, _WAYS = "breadth/test_gateways::test_", "tokens/test_gateways_and_ways::test_"
_AGAIN, _MORE = "tokens/test_repeats_and_boundaries::test_", "breadth/test_boundaries_and_repeats::test_"
_ADHOC, _DATA = "tokens/test_adhoc::test_ad_hoc_", "tokens/test_data_objects::test_data_object_"
_CALLS, _IO = "breadth/test_calls::test_", "breadth/test_data_associations::test_"
_MESSAGES, _FILES = "breadth/test_messages::test_", "breadth/test_structure::test_"

# What runs, by group and trigger: the test. Both kinds of borders and event sub-processes, interrupting and not.
EVENTS: Mapping[str, Mapping[str, str]] = {
    "start": dict.fromkeys(("none", "message", "timer", "signal"), _EVERY),
    "event_sub_process": {
        "message": _SUB + "message_interrupting",
        "timer": _SUB + "timer_interrupting",
        "signal": _SUB + "signal",
        "conditional": _SUB + "conditional_non_interrupting",
        "error": _SUB + "error_start_runs_only_on_the_error",
        "escalation": _SUB + "escalation_start_runs_only_on_the_escalation",
        "compensate": _UNDO + "event_subprocess_compensation_start_runs_only_on_the_compensation",
    },
    "catch": {
        "message": _MESSAGES + "message_catch_external_message_with_payload",
        "timer": _FILES + "timer_loop_waits_each_time",
        "signal": _EVENTS + "signal_throw_reaches_all_catchers",
        "conditional": _EVENTS + "intermediate_conditional_event_changed_by_another_branch",
        "link": _EVENTS + "link_throw_to_link_catch",
    },
    "boundary": {
        "message": _AGAIN + "boundary_message_non_interrupting_twice",
        "timer": _AGAIN + "interrupting_timer_whose_flow_goes_straight_back_to_its_own_task",
        "signal": _EVENTS + "boundary_signal",
        "conditional": _EVENTS + "boundary_conditional_non_interrupting_happens_each_time_it_becomes_true",
        "error": _EVENTS + "error_end_event_to_error_boundary",
        "escalation": _EVENTS + "escalation_throw_in_a_subprocess_to_non_interrupting_boundary_both_go_on",
        "cancel": _UNDO + "transaction_cancel_undoes_what_completed_inside_in_reverse",
        "compensate": _MORE + "compensation_boundary_event_the_main_path_goes_on",
    },
    "throw": {
        "none": _EVERY,
        "message": _MESSAGES + "message_throw_end_and_send_task_are_thrown",
        "signal": _EVENTS + "signal_throw_reaches_all_catchers",
        "escalation": _EVENTS + "uncaught_escalation_goes_on",
        "link": _EVENTS + "link_throw_to_link_catch",
        "compensate": _UNDO + "compensation_throw_event_runs_the_handler",
    },
    "end": {
        "none": _EVERY,
        "message": _MESSAGES + "message_throw_end_and_send_task_are_thrown",
        "signal": _EVENTS + "signal_end_event_is_thrown",
        "error": _EVENTS + "error_end_event_to_error_boundary",
        "escalation": _EVENTS + "escalation_end_event_to_interrupting_boundary",
        "terminate": _WAYS + "terminate_end_event_ends_only_its_scope",
        "cancel": _UNDO + "transaction_cancel_undoes_what_completed_inside_in_reverse",
        "compensate": _UNDO + "compensation_end_event_keeps_its_scope_open_until_all_is_undone",
    },
}
# What BPMN knows besides, and the law that refuses it. Triggers it has in no such place are not listed.
REFUSED_EVENTS: Mapping[str, Mapping[str, str]] = {
    "start": dict.fromkeys(("conditional", "multiple"), "one_start"),
    "event_sub_process": {"multiple": "event_subprocesses_begin"},
    **{group: {"multiple": "nothing_unsupported"} for group in ("catch", "boundary", "throw", "end")},
}
_SENTENCES: Mapping[tuple[str, str], Term] = {
    ("event_sub_process", "multiple"): Term(
        "里面必须有恰好一个开始事件，并由消息、定时、信号、条件、错误、升级或补偿触发。",
        "it needs exactly one start event, triggered by a message, timer, signal, condition, error, escalation or "
        "compensation.",
    ),
}


def _events() -> Iterator[Part]:
    for group, tag in _TAG.items():
        for trigger, test in EVENTS[group].items():
            yield Part(group, tag, trigger, _event(tag, trigger), RUNS, test)
        for trigger, law in REFUSED_EVENTS[group].items():
            word_zh, word_en = TRIGGERS.get(trigger, (trigger, trigger))
            said = Term(
                f"由“{word_zh}”触发，这里还不能执行，请用普通开始事件。",
                f"is started by {word_en}, which cannot be run here; use a plain start event.",
            )
            if law == "nothing_unsupported":
                said = Term(*NO_TRIGGERS[trigger])
            said = _SENTENCES.get((group, trigger), said)
            yield Part(group, tag, trigger, _event(tag, trigger), REFUSED, "", law, said)


def _event(tag: str, trigger: str) -> Term:
    (zh, en), (word_zh, word_en) = KINDS[tag], TRIGGERS.get(trigger, ("普通", "plain"))
    return Term(f"{word_zh}{zh}", f"{word_en} {en}")


def _runs(group: str, tag: str, test: str, zh: str = "", en: str = "", name: Term | None = None) -> Part:
    return Part(group, tag, "", name or Term(*KINDS.get(tag, (tag, tag))), RUNS, test, "", Term(zh, en))


def _drawn(group: str, tag: str, name: Term, zh: str, en: str, law: str = "") -> Part:
    return Part(group, tag, "", name, DRAWN, "", law, Term(zh, en))


def _no(group: str, tag: str, attribute: str, name: Term) -> Part:
    """An element, or an attribute that would change how it runs."""
    if not attribute:
        return Part(group, tag, "", name, REFUSED, "", "nothing_unsupported", Term(*ELEMENTS[tag]))
    said = Term(
        "不起作用，流程不会按它执行。请删掉，或换一种画法。",
        "has no effect here. Remove it, or draw it in another way.",
    )
    return Part(group, tag, attribute, name, REFUSED, "", "every_word_is_read", said)


_NODE = "tokens/test_nothing_slips_through::test_every_node_runs_or_is_refused"
PARTS: tuple[Part, ...] = (
    *_events(),
    _runs("task", "userTask", _NODE),
    _runs("task", "manualTask", _NODE, "与用户任务一样，交给人办。", "Done by an officer, like a user task."),
    _runs(
        "task", "serviceTask", _FILES + "service_task_is_done_and_saved",
        "按主题（topic），也可交给外部程序。", "By topic; or a program outside does it.",
    ),
    _runs("task", "scriptTask", _DATA + "write_and_read", "FEEL 上下文。", "A FEEL context."),
    _runs("task", "businessRuleTask", _NODE, "DMN 决策表。", "A DMN decision."),
    _runs("task", "sendTask", _MESSAGES + "message_throw_end_and_send_task_are_thrown"),
    _runs("task", "receiveTask", _GATES + "event_based_gateway_receive_tasks_as_branches"),
    _runs("task", "task", _NODE, "不做任何事，有提示。", "Does nothing; the check says so."),
    _no("task", "receiveTask", "instantiate", Term("启动流程的接收任务", "receive task that starts a process")),
    _runs("scope", "subProcess", _AGAIN + "standard_loop_of_a_subprocess_writes_to_the_case"),
    _runs(
        "scope", "subProcess", _SUB + "inside_a_subprocess_message_interrupting",
        name=Term("事件子流程", "event sub-process"),
    ),
    _runs("scope", "transaction", _UNDO + "transaction_cancel_undoes_what_completed_inside_in_reverse"),
    _runs(
        "scope", "adHocSubProcess", _ADHOC + "finished_by_one_task_takes_the_others_back",
        name=Term("特设子流程（并行）", "ad-hoc sub-process, parallel"),
    ),
    _runs(
        "scope", "adHocSubProcess", _ADHOC + "sequential_one_at_a_time_as_officers_choose",
        name=Term("特设子流程（依次）", "ad-hoc sub-process, sequential"),
    ),
    _runs(
        "scope", "callActivity", _CALLS + "a_call_begins_a_case_of_its_own_and_goes_on_when_that_has_ended",
        "发起另一流程的一个事项，等它办完；传入、取回的值写在 camunda:in、camunda:out 或 ioSpecification。",
        "Begins a case of another process and waits until it is done; camunda:in and camunda:out, or an "
        "ioSpecification, say what goes over.",
    ),
    _runs(
        "repeat", "standardLoopCharacteristics", _AGAIN + "standard_loop_condition_do_while",
        name=Term("循环", "standard loop"),
    ),
    _runs(
        "repeat", "multiInstanceLoopCharacteristics",
        _AGAIN + "parallel_multi_instance_outputs_in_order_of_the_members",
        name=Term("并行多实例", "parallel multi-instance"),
    ),
    _runs(
        "repeat", "multiInstanceLoopCharacteristics",
        _AGAIN + "sequential_multi_instance_over_a_collection_outputs_in_order",
        name=Term("依次多实例", "sequential multi-instance"),
    ),
    _no(
        "repeat", "multiInstanceLoopCharacteristics", "behavior",
        Term("自行抛出事件的多实例", "multi-instance that throws events"),
    ),
    _runs(
        "repeat", "isForCompensation", _UNDO + "order_is_the_reverse_of_completion",
        name=Term("补偿步骤", "compensation handler"),
    ),
    _runs("gateway", "exclusiveGateway", _WAYS + "exclusive_gateway_two_conditions_true_the_order_of_the_file_counts"),
    _runs("gateway", "parallelGateway", _WAYS + "parallel_join_in_a_loop_waits_for_both_every_time"),
    _runs("gateway", "inclusiveGateway", _WAYS + "inclusive_join_token_comes_by_the_second_parent_of_an_input"),
    _runs("gateway", "eventBasedGateway", _GATES + "event_based_gateway_message_first_the_timer_is_dropped"),
    _no("gateway", "eventBasedGateway", "eventGatewayType", Term("并行事件网关", "parallel event-based gateway")),
    _no(
        "gateway", "eventBasedGateway", "instantiate",
        Term("启动流程的事件网关", "event-based gateway that starts a process"),
    ),
    _no("gateway", "complexGateway", "", Term(*KINDS["complexGateway"])),
    _runs("flow", "sequenceFlow", _WAYS + "sequence_flow_without_an_id"),
    _runs(
        "flow", "conditionExpression", _WAYS + "conditional_flow_out_of_a_task",
        "网关和任务之后都可以写条件。", "Behind gateways and behind tasks.", Term("条件连线", "conditional flow"),
    ),
    _runs("flow", "default", _WAYS + "conditional_flow_out_of_a_task", name=Term("默认连线", "default flow")),
    _runs(
        "flow", "association", _UNDO + "compensation_throw_event_runs_the_handler",
        "连到补偿步骤；连到注释只作说明。", "To a compensation handler; to a note it is documentation.",
        Term("关联线", "association"),
    ),
    _drawn(
        "flow", "messageFlow", Term("消息流", "message flow"),
        "只作说明：消息按名称和关联键送达。", "Documentation: messages go by name and correlation.",
    ),
    _runs("data", "dataObject", _DATA + "of_the_process_used_one_two_and_three_levels_down"),
    _runs(
        "data", "dataObjectReference", _DATA + "is_called_by_its_variable",
        name=Term("数据对象引用", "data object reference"),
    ),
    _runs(
        "data", "dataOutputAssociation",
        _DATA + "of_the_process_written_by_each_instance_of_a_repeated_sub_process",
        name=Term("写入数据对象的关联", "association to a data object"),
    ),
    _drawn(
        "data", "dataInputAssociation", Term("读取数据对象的关联", "association from a data object"),
        "只作说明：表达式本来就能看到字段。", "Documentation: expressions see the field anyway.",
    ),
    _drawn(
        "data", "dataStoreReference", Term(*KINDS["dataStoreReference"]),
        "只作说明，不会读写", "documentation only, nothing is read or written", "data_objects_are_fields",
    ),
    _runs(
        "data", "ioSpecification", _IO + "a_call_is_given_and_gives_back_what_the_associations_say",
        "与 camunda:in、camunda:out 同义；转换和赋值用 FEEL。",
        "Means what camunda:in and camunda:out mean; transformations and assignments are FEEL.",
        Term("调用活动的输入输出", "inputs and outputs of a call"),
    ),
    _runs(
        "data", "ioSpecification", _IO + "a_program_outside_is_given_and_gives_back_what_the_associations_say",
        "与 camunda:in、camunda:out 同义。", "Means what camunda:in and camunda:out mean.",
        Term("外部任务的输入输出", "inputs and outputs of a program outside"),
    ),
    _runs(
        "data", "loopDataInputRef", _IO + "a_repeated_call_takes_its_members_from_an_input",
        "成员叫 inputDataItem 的名称。", "A member is called as inputDataItem is.",
        Term("多实例的输入集合", "collection of a multi-instance step"),
    ),
    Part(
        "data", "ioSpecification", "", Term("其他步骤的输入输出", "inputs and outputs of other steps"), REFUSED, "",
        "inputs_and_outputs_go_over",
        Term(
            "不会传递：只有调用活动和外部任务才有。",
            "goes nowhere: only calls and work of other programs have them.",
        ),
    ),
    Part(
        "data", "loopDataOutputRef", "", Term("多实例的输出集合", "gathered outputs of a multi-instance step"), REFUSED,
        "", "every_word_is_read", Term("在这个位置不起作用", "has no effect where it stands"),
    ),
    _drawn(
        "data", "ioSpecification", Term("流程自己的输入输出", "inputs and outputs of the process itself"),
        "说明调用它要给什么；调用时没有给，会有提示。",
        "Says what a caller is to give; a call that does not is warned of.",
    ),
    _runs("around", "lane", _FILES + "lanes_a_task_knows_its_innermost_lane_also_in_a_sub_process"),
    _drawn("around", "participant", Term("参与者（池）", "pool"), "只作说明。", "Documentation."),
    _drawn("around", "textAnnotation", Term("文本注释", "text annotation"), "只作说明。", "Documentation."),
    _drawn("around", "group", Term("分组", "group"), "只作说明。", "Documentation."),
    Part(
        "elsewhere", "choreography", "", Term("编排", "choreography"), REFUSED, "", "process_is_executable",
        Term("文件中没有可执行的流程", "No process in the file is marked as executable"),
    ),
    Part(
        "elsewhere", "conversation", "", Term("会话", "conversation"), REFUSED, "", "process_is_executable",
        Term("文件中没有可执行的流程", "No process in the file is marked as executable"),
    ),
)  # fmt: skip
