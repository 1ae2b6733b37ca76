"""Which laws are of this house (people, forms, clocks, labels, topics), and which any BPMN engine would ask for."""

from __future__ import annotations

STANDARD, HOUSE = "standard", "house"
# Whatever is not named here is of the standard.
OF_THE_HOUSE = frozenset(
    {
        "calls_give_what_is_asked", "clocks_exist", "decisions_exist", "every_input_has_a_rule",
        "every_rule_counts", "fields_are_used", "forms_are_well_formed", "ids_are_free", "ids_stay",
        "imports_are_settled", "labels_are_bilingual", "labels_can_be_read", "lanes_hold_everything",
        "limits_are_readable", "messages_find_their_way", "one_process_a_file", "papers_are_labelled",
        "persons_are_kept_apart", "picture_is_complete",
        "process_is_executable", "references_lead_somewhere", "roles_are_known", "rules_do_not_clash",
        "stages_are_known", "tables_are_readable", "tasks_have_a_deadline", "tasks_have_a_form",
        "tasks_have_a_role", "topics_are_known",
    }
)  # fmt: skip


def group_of(law: str) -> str:
    return HOUSE if law in OF_THE_HOUSE else STANDARD
