"""What was tried on the stock engine, one by one, and the tests that say how it is with us: it runs, or is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Experiment:
    area: str
    what: str
    tests: tuple[str, ...]  # below tests/engine: file::function


EXPERIMENTS = (
    Experiment(
        "event subprocess",
        "event subprocess, message, interrupting",
        ("tokens/test_event_subprocesses::test_event_subprocess_message_interrupting",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess, message, non-interrupting",
        ("tokens/test_event_subprocesses::test_event_subprocess_message_non_interrupting_twice",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess, message, non-interrupting, twice",
        ("tokens/test_event_subprocesses::test_event_subprocess_message_non_interrupting_twice",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess, message, never triggered: process completes",
        ("tokens/test_event_subprocesses::test_event_subprocess_never_triggered_the_process_completes",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess, signal, interrupting",
        ("tokens/test_event_subprocesses::test_event_subprocess_signal",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess, error start (handler must run only on the error)",
        ("tokens/test_event_subprocesses::test_event_subprocess_error_start_runs_only_on_the_error",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess, escalation start (handler must run only on the escalation)",
        ("tokens/test_event_subprocesses::test_event_subprocess_escalation_start_runs_only_on_the_escalation",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess, compensation start",
        ("tokens/test_compensation::test_event_subprocess_compensation_start_runs_only_on_the_compensation",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess, timer, interrupting",
        ("tokens/test_event_subprocesses::test_event_subprocess_timer_interrupting",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess, timer, not fired: process completes with its main path",
        (
            "tokens/test_event_subprocesses::test_event_subprocess_timer_not_fired_the_process_completes_with_its_main_path",
        ),
    ),
    Experiment(
        "event subprocess",
        "event subprocess, conditional, non-interrupting",
        ("tokens/test_event_subprocesses::test_event_subprocess_conditional_non_interrupting",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess inside a subprocess, message, interrupting",
        ("tokens/test_event_subprocesses::test_event_subprocess_inside_a_subprocess_message_interrupting",),
    ),
    Experiment(
        "event subprocess",
        "event subprocess survives save and restore",
        ("tokens/test_event_subprocesses::test_event_subprocess_message_interrupting",),
    ),
    Experiment(
        "boundary",
        "boundary message, interrupting",
        ("breadth/test_boundaries_and_repeats::test_boundary_message_interrupting",),
    ),
    Experiment(
        "boundary",
        "boundary message, non-interrupting, twice",
        ("tokens/test_repeats_and_boundaries::test_boundary_message_non_interrupting_twice",),
    ),
    Experiment(
        "boundary",
        "boundary signal, interrupting",
        ("tokens/test_events::test_boundary_signal",),
    ),
    Experiment(
        "boundary",
        "boundary conditional, interrupting, data set by a parallel branch's data object",
        ("tokens/test_events::test_boundary_conditional_interrupting_set_by_a_parallel_branch",),
    ),
    Experiment(
        "boundary",
        "boundary event without a definition / compensation boundary event",
        (
            "breadth/test_boundaries_and_repeats::test_compensation_boundary_event_the_main_path_goes_on",
            "breadth/test_boundaries_and_repeats::test_boundary_event_without_a_definition_is_refused",
        ),
    ),
    Experiment(
        "error",
        "error end event -> error boundary with the same code",
        ("tokens/test_events::test_error_end_event_to_error_boundary",),
    ),
    Experiment(
        "error",
        "error end event -> catch-all error boundary",
        ("tokens/test_events::test_error_end_event_to_error_boundary",),
    ),
    Experiment(
        "error",
        "error end event, code does not match: the error must not be swallowed",
        ("tokens/test_events::test_error_end_event_code_does_not_match_the_error_is_not_swallowed",),
    ),
    Experiment(
        "error",
        "error end event at process level, nobody catches",
        ("tokens/test_events::test_error_end_event_at_process_level_nobody_catches",),
    ),
    Experiment(
        "error",
        "error end event cancels the rest of the subprocess",
        ("tokens/test_events::test_error_end_event_cancels_the_rest_of_the_subprocess",),
    ),
    Experiment(
        "error",
        "script task raising a Python exception -> error boundary on it",
        ("tokens/test_events::test_script_task_that_fails_goes_on_at_its_error_boundary",),
    ),
    Experiment(
        "error",
        "error boundary through a call activity",
        ("breadth/test_calls::test_an_error_comes_out_of_the_call_activity",),
    ),
    Experiment(
        "escalation",
        "escalation throw in a subprocess -> non-interrupting boundary, both go on",
        ("tokens/test_events::test_escalation_throw_in_a_subprocess_to_non_interrupting_boundary_both_go_on",),
    ),
    Experiment(
        "escalation",
        "escalation end event -> interrupting boundary",
        ("tokens/test_events::test_escalation_end_event_to_interrupting_boundary",),
    ),
    Experiment(
        "escalation",
        "uncaught escalation: goes on",
        ("tokens/test_events::test_uncaught_escalation_goes_on",),
    ),
    Experiment(
        "compensation",
        "compensation throw event runs the handler",
        ("tokens/test_compensation::test_compensation_throw_event_runs_the_handler",),
    ),
    Experiment(
        "compensation",
        "compensation throw without any handler drawn: said or ignored",
        ("breadth/test_boundaries_and_repeats::test_compensation_throw_without_any_handler_drawn_is_refused",),
    ),
    Experiment(
        "transaction",
        "transaction: cancel end event -> cancel boundary",
        ("tokens/test_compensation::test_transaction_cancel_with_nothing_done_goes_to_the_cancel_boundary",),
    ),
    Experiment(
        "transaction",
        "transaction: normal end",
        ("tokens/test_compensation::test_transaction_normal_end",),
    ),
    Experiment(
        "transaction",
        "transaction: cancel rolls back data / compensates completed activities",
        ("tokens/test_compensation::test_transaction_cancel_undoes_what_completed_inside_in_reverse",),
    ),
    Experiment(
        "multi-instance",
        "parallel multi-instance over a collection, outputs in order",
        ("tokens/test_repeats_and_boundaries::test_parallel_multi_instance_outputs_in_order_of_the_members",),
    ),
    Experiment(
        "multi-instance",
        "parallel multi-instance, completionCondition cancels the rest",
        ("tokens/test_repeats_and_boundaries::test_parallel_multi_instance_completion_condition_cancels_the_rest",),
    ),
    Experiment(
        "multi-instance",
        "sequential multi-instance over a collection",
        ("tokens/test_repeats_and_boundaries::test_sequential_multi_instance_over_a_collection_outputs_in_order",),
    ),
    Experiment(
        "multi-instance",
        "multi-instance, loopCardinality 3",
        ("breadth/test_boundaries_and_repeats::test_multi_instance_loop_cardinality_3",),
    ),
    Experiment(
        "multi-instance",
        "multi-instance over an empty collection",
        ("tokens/test_repeats_and_boundaries::test_multi_instance_over_an_empty_collection",),
    ),
    Experiment(
        "multi-instance",
        "multi-instance subprocess with a user task inside",
        ("tokens/test_repeats_and_boundaries::test_multi_instance_subprocess_keeps_its_answers_and_collects_them",),
    ),
    Experiment(
        "multi-instance",
        "multi-instance survives save and restore halfway",
        ("breadth/test_boundaries_and_repeats::test_multi_instance_survives_save_and_restore_halfway",),
    ),
    Experiment(
        "multi-instance",
        "interrupting boundary timer on a parallel multi-instance user task",
        (
            "tokens/test_repeats_and_boundaries::test_interrupting_boundary_timer_on_a_parallel_multi_instance_user_task",
        ),
    ),
    Experiment(
        "multi-instance",
        "multi-instance with loopCardinality and an output list, run twice (in a loop)",
        (
            "breadth/test_boundaries_and_repeats::test_multi_instance_with_cardinality_and_collected_answers_run_twice_in_a_loop",
        ),
    ),
    Experiment(
        "loop",
        "standard loop, loopMaximum 3",
        ("tokens/test_repeats_and_boundaries::test_standard_loop_maximum_3",),
    ),
    Experiment(
        "loop",
        "standard loop, loopCondition (do while n < 3)",
        ("tokens/test_repeats_and_boundaries::test_standard_loop_condition_do_while",),
    ),
    Experiment(
        "inclusive gateway",
        "inclusive split 2 of 3, inclusive join waits for both",
        ("breadth/test_gateways::test_inclusive_split_2_of_3_the_join_waits_for_both",),
    ),
    Experiment(
        "inclusive gateway",
        "inclusive join: token comes by the second parent of an input (merge before the join)",
        ("tokens/test_gateways_and_ways::test_inclusive_join_token_comes_by_the_second_parent_of_an_input",),
    ),
    Experiment(
        "inclusive gateway",
        "inclusive join: the same, with the live token behind the FIRST parent (control)",
        ("breadth/test_gateways::test_inclusive_join_with_the_live_token_behind_the_first_parent",),
    ),
    Experiment(
        "inclusive gateway",
        "inclusive join: a token that can no longer arrive does not block",
        ("tokens/test_gateways_and_ways::test_inclusive_join_token_that_can_no_longer_arrive_does_not_block",),
    ),
    Experiment(
        "inclusive gateway",
        "inclusive join: other branch leaves by its own end event",
        ("breadth/test_gateways::test_inclusive_join_other_branch_leaves_by_its_own_end_event",),
    ),
    Experiment(
        "parallel gateway",
        "parallel split and join",
        ("breadth/test_gateways::test_parallel_split_and_join",),
    ),
    Experiment(
        "parallel gateway",
        "parallel join after an exclusive split (deadlock): said or stuck for ever",
        ("tokens/test_gateways_and_ways::test_parallel_join_after_an_exclusive_split_is_said",),
    ),
    Experiment(
        "parallel gateway",
        "two parallel branches merge in a plain task (BPMN: task runs twice)",
        ("tokens/test_gateways_and_ways::test_two_parallel_branches_merge_in_a_plain_task_it_runs_twice",),
    ),
    Experiment(
        "parallel gateway",
        "parallel branches change the same list: join keeps a whole list of one branch",
        ("tokens/test_data_objects::test_parallel_branches_change_the_same_list_one_whole_list_is_kept",),
    ),
    Experiment(
        "parallel gateway",
        "parallel branches: a deletion in one branch survives the join",
        ("tokens/test_data_objects::test_parallel_branches_a_deletion_in_one_branch_survives_the_join",),
    ),
    Experiment(
        "parallel gateway",
        "parallel branches set the same variable: last finished branch wins",
        ("tokens/test_data_objects::test_parallel_branches_set_the_same_field_the_last_wins",),
    ),
    Experiment(
        "parallel gateway",
        "parallel branches: a variable changed by the branch that finishes first (untouched by the other) is kept",
        ("tokens/test_data_objects::test_parallel_branches_what_the_first_finished_changed_is_kept",),
    ),
    Experiment(
        "parallel gateway",
        "parallel gateway that joins two and splits two",
        ("breadth/test_gateways::test_parallel_gateway_that_joins_two_and_splits_two",),
    ),
    Experiment(
        "exclusive gateway",
        "exclusive gateway: no condition true and no default",
        ("tokens/test_gateways_and_ways::test_gateway_no_condition_true_and_no_default_is_said",),
    ),
    Experiment(
        "exclusive gateway",
        "exclusive gateway: two conditions true, order of evaluation = order in the file",
        ("tokens/test_gateways_and_ways::test_exclusive_gateway_two_conditions_true_the_order_of_the_file_counts",),
    ),
    Experiment(
        "complex gateway",
        "complex gateway",
        ("breadth/test_gateways::test_complex_gateway_is_refused",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway: message first, timer dropped",
        ("breadth/test_gateways::test_event_based_gateway_message_first_the_timer_is_dropped",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway: timer first",
        ("breadth/test_gateways::test_event_based_gateway_timer_first",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway: message, after save and restore",
        ("breadth/test_gateways::test_event_based_gateway_message_first_the_timer_is_dropped",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway: timer, after save and restore",
        ("breadth/test_gateways::test_event_based_gateway_timer_first",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway: payload of the message reaches the branch",
        ("breadth/test_gateways::test_event_based_gateway_message_first_the_timer_is_dropped",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway: two timers, the shorter is second in the file",
        ("breadth/test_gateways::test_event_based_gateway_two_timers_the_shorter_is_due_first_wherever_it_stands",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway: two timers, the shorter is first in the file: only its branch runs",
        ("breadth/test_gateways::test_event_based_gateway_two_timers_the_shorter_is_due_first_wherever_it_stands",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway: two timers with the same label, shorter second",
        ("breadth/test_gateways::test_event_based_gateway_two_timers_with_the_same_label",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway: receive tasks as branches",
        ("breadth/test_gateways::test_event_based_gateway_receive_tasks_as_branches",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway: conditional branch",
        ("tokens/test_events::test_event_based_gateway_conditional_branch",),
    ),
    Experiment(
        "event-based gateway",
        "event-based gateway reached twice (loop), message each time",
        ("breadth/test_gateways::test_event_based_gateway_reached_twice_message_each_time",),
    ),
    Experiment(
        "message",
        "message catch, external message with payload",
        ("breadth/test_messages::test_message_catch_external_message_with_payload",),
    ),
    Experiment(
        "message",
        "message arrives before the catch event is reached",
        (
            "breadth/test_keys_and_pools::test_a_message_that_comes_before_its_catch_is_reached_is_kept_for_it",
            "breadth/test_keys_and_pools::test_a_message_that_comes_far_too_early_is_put_aside_and_can_be_given_by_hand",
        ),
    ),
    Experiment(
        "message",
        "throw and catch in parallel branches of one process",
        ("breadth/test_keys_and_pools::test_a_message_is_thrown_and_caught_in_parallel_branches_of_one_case",),
    ),
    Experiment(
        "message correlation",
        "correlation: a message with another key is not taken",
        (
            "breadth/test_keys_and_pools::test_a_message_with_another_key_is_not_taken_not_even_by_the_first_catch_of_a_case",
        ),
    ),
    Experiment(
        "message correlation",
        "correlation: a message with the right key is taken",
        ("breadth/test_between_cases::test_two_keys_find_the_one_case",),
    ),
    Experiment(
        "message correlation",
        "correlation: a message without any key is not taken",
        ("breadth/test_keys_and_pools::test_a_message_without_any_key_is_not_taken_by_a_case_that_has_one",),
    ),
    Experiment(
        "message correlation",
        "correlation: the first catch of an instance takes any key",
        (
            "breadth/test_keys_and_pools::test_a_message_with_another_key_is_not_taken_not_even_by_the_first_catch_of_a_case",
        ),
    ),
    Experiment(
        "message",
        "two pools in one run (get_collaboration): message starts the other pool",
        (
            "breadth/test_between_cases::test_a_message_begins_a_case_and_a_second_one_with_its_key_does_not",
            "breadth/test_keys_and_pools::test_two_pools_of_one_file_become_two_processes_and_the_message_of_one_starts_the_other",
        ),
    ),
    Experiment(
        "message",
        "send task without a message: said or ignored",
        ("breadth/test_messages::test_send_or_receive_task_without_a_message_is_refused",),
    ),
    Experiment(
        "message",
        "receive task without a message: said or ignored",
        ("breadth/test_messages::test_send_or_receive_task_without_a_message_is_refused",),
    ),
    Experiment(
        "message",
        "message event whose messageRef points to nothing",
        ("breadth/test_messages::test_message_event_without_a_message_or_one_that_leads_nowhere_is_refused",),
    ),
    Experiment(
        "message",
        "message event without messageRef",
        ("breadth/test_messages::test_message_event_without_a_message_or_one_that_leads_nowhere_is_refused",),
    ),
    Experiment(
        "conditional",
        "intermediate conditional event, already true",
        ("tokens/test_events::test_intermediate_conditional_event_already_true",),
    ),
    Experiment(
        "conditional",
        "intermediate conditional event, data object changed by another branch",
        ("tokens/test_events::test_intermediate_conditional_event_changed_by_another_branch",),
    ),
    Experiment(
        "signal",
        "signal throw -> all catchers",
        ("tokens/test_events::test_signal_throw_reaches_all_catchers",),
    ),
    Experiment(
        "signal",
        "signal END event is thrown",
        ("tokens/test_events::test_signal_end_event_is_thrown",),
    ),
    Experiment(
        "message",
        "message END event is thrown",
        ("breadth/test_messages::test_message_throw_end_and_send_task_are_thrown",),
    ),
    Experiment(
        "link",
        "link throw -> link catch",
        ("tokens/test_events::test_link_throw_to_link_catch",),
    ),
    Experiment(
        "terminate",
        "terminate end event in the process",
        ("breadth/test_structure::test_terminate_end_event_in_the_process_ends_it",),
    ),
    Experiment(
        "terminate",
        "terminate end event in a subprocess ends only the subprocess",
        ("tokens/test_gateways_and_ways::test_terminate_end_event_ends_only_its_scope",),
    ),
    Experiment(
        "call activity",
        "call activity with a callee in the same file",
        (
            "breadth/test_calls::test_a_call_begins_a_case_of_its_own_and_goes_on_when_that_has_ended",
            "breadth/test_keys_and_pools::test_a_called_process_in_the_same_file_becomes_one_beside_it",
        ),
    ),
    Experiment(
        "call activity",
        "call activity whose callee is missing: said at parse time",
        (
            "breadth/test_calls::test_a_called_process_that_is_missing_is_an_incident_until_it_is_published",
            "breadth/test_keys_and_pools::test_a_call_of_a_process_that_is_missing_is_refused",
        ),
    ),
    Experiment(
        "call activity",
        "call activity, io mapping: only the declared input goes in",
        ("breadth/test_calls::test_only_what_is_declared_goes_in_and_comes_out",),
    ),
    Experiment(
        "call activity",
        "call activity that calls its own process (recursion with a stop condition)",
        ("breadth/test_calls::test_a_process_may_call_itself_until_its_condition_says_stop",),
    ),
    Experiment(
        "data object",
        "data object write and read",
        ("tokens/test_data_objects::test_data_object_write_and_read",),
    ),
    Experiment(
        "data object",
        "data object of the process used in a subprocess",
        ("tokens/test_data_objects::test_data_object_of_the_process_used_one_two_and_three_levels_down",),
    ),
    Experiment(
        "data object",
        "data object of the process used in a sub-subprocess (two levels down)",
        ("tokens/test_data_objects::test_data_object_of_the_process_used_one_two_and_three_levels_down",),
    ),
    Experiment(
        "data store",
        "data store",
        ("breadth/test_structure::test_data_store_as_bpmn_js_draws_it_is_documentation",),
    ),
    Experiment(
        "data store",
        "data store reference only (as bpmn-js draws it), associated with a task",
        ("breadth/test_structure::test_data_store_as_bpmn_js_draws_it_is_documentation",),
    ),
    Experiment(
        "data object",
        "data object reference drawn in bpmn-js and read before anything was written",
        ("tokens/test_data_objects::test_data_object_read_before_anything_was_written_is_empty",),
    ),
    Experiment(
        "ad-hoc",
        "ad-hoc WITH a data object inside (works round a KeyError): finished by one task",
        ("tokens/test_adhoc::test_ad_hoc_with_a_data_object_inside",),
    ),
    Experiment(
        "ad-hoc",
        "ad-hoc with a data object inside, cancelRemainingInstances=false",
        ("tokens/test_adhoc::test_ad_hoc_with_a_data_object_inside",),
    ),
    Experiment(
        "ad-hoc",
        "ad-hoc with a data object inside, ordering=Sequential",
        ("tokens/test_adhoc::test_ad_hoc_with_a_data_object_inside",),
    ),
    Experiment(
        "ad-hoc",
        "ad-hoc with a data object inside, save and restore halfway",
        ("tokens/test_adhoc::test_ad_hoc_with_a_data_object_inside",),
    ),
    Experiment(
        "ad-hoc",
        "ad-hoc subprocess, no completionCondition",
        ("tokens/test_adhoc::test_ad_hoc_no_completion_condition_goes_on_when_all_is_done",),
    ),
    Experiment(
        "ad-hoc",
        "ad-hoc subprocess with completionCondition, finished by one task",
        ("tokens/test_adhoc::test_ad_hoc_finished_by_one_task_takes_the_others_back",),
    ),
    Experiment(
        "ad-hoc",
        "ad-hoc, cancelRemainingInstances=false waits for the running ones",
        ("tokens/test_adhoc::test_ad_hoc_cancel_remaining_instances_false_waits_for_the_open_ones",),
    ),
    Experiment(
        "ad-hoc",
        "ad-hoc, ordering=Sequential",
        ("tokens/test_adhoc::test_ad_hoc_sequential_one_at_a_time_as_officers_choose",),
    ),
    Experiment(
        "ad-hoc",
        "ad-hoc, save and restore halfway",
        ("tokens/test_adhoc::test_ad_hoc_no_completion_condition_goes_on_when_all_is_done",),
    ),
    Experiment(
        "structure",
        "sequence flow without an id (legal: id is optional)",
        ("tokens/test_gateways_and_ways::test_sequence_flow_without_an_id",),
    ),
    Experiment(
        "structure",
        "start event whose id is 'Start'",
        ("breadth/test_structure::test_an_id_that_the_engine_uses_itself_is_refused",),
    ),
    Experiment(
        "structure",
        "end event whose id is 'End'",
        ("breadth/test_structure::test_an_id_that_the_engine_uses_itself_is_refused",),
    ),
    Experiment(
        "structure",
        "process without isExecutable (default is false in BPMN)",
        ("breadth/test_structure::test_a_process_is_executable_only_if_it_says_so",),
    ),
    Experiment(
        "structure",
        "process with isExecutable='1' (legal xsd:boolean)",
        ("breadth/test_structure::test_a_process_is_executable_only_if_it_says_so",),
    ),
    Experiment(
        "structure",
        "task with two outgoing flows (BPMN: parallel split)",
        ("tokens/test_gateways_and_ways::test_task_with_two_outgoing_flows_is_a_parallel_split",),
    ),
    Experiment(
        "structure",
        "conditional flow out of a task (only one flow)",
        (
            "tokens/test_gateways_and_ways::test_conditional_flow_out_of_a_task",
            "tokens/test_gateways_and_ways::test_the_only_flow_out_of_a_task_has_a_condition",
        ),
    ),
    Experiment(
        "structure",
        "process without a start event",
        ("breadth/test_structure::test_process_without_a_start_event_is_refused",),
    ),
    Experiment(
        "structure",
        "task without outgoing flow (implicit end)",
        ("tokens/test_gateways_and_ways::test_task_without_outgoing_flow_implicit_end",),
    ),
    Experiment(
        "structure",
        "subprocess with an implicit end (no end event)",
        (
            "tokens/test_gateways_and_ways::test_subprocess_with_implicit_start_and_end",
            "tokens/test_gateways_and_ways::test_subprocess_with_a_start_and_an_implicit_end",
        ),
    ),
    Experiment(
        "structure",
        "unreachable node: said or ignored",
        ("breadth/test_structure::test_unreachable_node_is_refused",),
    ),
    Experiment(
        "structure",
        "flow to a missing target",
        ("breadth/test_structure::test_flow_to_a_missing_target_is_refused",),
    ),
    Experiment(
        "structure",
        "same subprocess id in two deployed files (copies of a diagram)",
        ("breadth/test_keys_and_pools::test_two_published_files_with_the_same_sub_process_id",),
    ),
    Experiment(
        "structure",
        "timer loop without an exclusive gateway (poll for ever)",
        ("breadth/test_structure::test_timer_loop_waits_each_time",),
    ),
    Experiment(
        "structure",
        "timer loop without any gateway (poll for ever)",
        ("breadth/test_structure::test_timer_loop_without_any_gateway_is_refused_for_it_never_ends",),
    ),
    Experiment(
        "structure",
        "parallel gateway with a flow back to itself's source task",
        ("breadth/test_structure::test_parallel_gateway_with_a_flow_back_to_its_own_source_task",),
    ),
    Experiment(
        "structure",
        "chain of 400 user tasks",
        ("breadth/test_structure::test_chain_of_400_user_tasks_saved_and_restored_at_each",),
    ),
    Experiment(
        "structure",
        "chain of 150 user tasks: run, save, restore",
        ("breadth/test_structure::test_chain_of_400_user_tasks_saved_and_restored_at_each",),
    ),
    Experiment(
        "structure",
        "a loop run 1000 times (user task + exclusive gateway)",
        ("tokens/test_gateways_and_ways::test_a_loop_run_1000_times_stays_as_light_as_at_first",),
    ),
    Experiment(
        "structure",
        "the same loop: save and restore afterwards",
        ("tokens/test_gateways_and_ways::test_a_loop_run_1000_times_stays_as_light_as_at_first",),
    ),
    Experiment(
        "structure",
        "a loop run 400 times (3 nodes a round: task tree deeper than 1000)",
        ("breadth/test_structure::test_a_loop_of_three_nodes_run_400_times",),
    ),
    Experiment(
        "structure",
        "base parser: service task can be saved",
        ("breadth/test_structure::test_service_task_is_done_and_saved",),
    ),
    Experiment(
        "structure",
        "base parser: service task without a registered implementation",
        ("breadth/test_structure::test_service_task_that_nothing_does_is_refused",),
    ),
    Experiment(
        "structure",
        "lanes: task knows its lane",
        ("breadth/test_structure::test_lanes_a_task_knows_its_innermost_lane_also_in_a_sub_process",),
    ),
    Experiment(
        "structure",
        "nested lanes: task knows its innermost lane",
        ("breadth/test_structure::test_lanes_a_task_knows_its_innermost_lane_also_in_a_sub_process",),
    ),
    Experiment(
        "structure",
        "lane of a task inside a subprocess that lies in a lane",
        ("breadth/test_structure::test_lanes_a_task_knows_its_innermost_lane_also_in_a_sub_process",),
    ),
    Experiment(
        "structure",
        "documentation of a subprocess is its own, not a child's",
        ("breadth/test_structure::test_documentation_of_a_sub_process_is_its_own",),
    ),
    Experiment(
        "structure",
        "script task can reach the operating system (sandbox)",
        ("breadth/test_structure::test_a_script_cannot_reach_the_operating_system",),
    ),
    Experiment(
        "structure",
        "add_bpmn_str with a Python str that has an XML declaration",
        ("breadth/test_structure::test_a_file_with_an_xml_declaration_is_read",),
    ),
    Experiment(
        "structure",
        "entity bomb (billion laughs) in a BPMN file",
        ("breadth/test_structure::test_entities_are_refused_at_once",),
    ),
    Experiment(
        "structure",
        "external entity (file:///etc/hostname) in a BPMN file",
        ("breadth/test_structure::test_entities_are_refused_at_once",),
    ),
)
