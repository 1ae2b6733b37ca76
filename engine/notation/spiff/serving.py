"""Service tasks that programs outside do: a job is laid down with what they are given, the token waits for the answer.

What the worker says comes back through the diagram's own mapping; nothing else of it enters the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.util.task import TaskState

from engine.notation import expressions
from engine.notation.diagram import CONNECTORS, Element
from engine.notation.spiff.calling import TOLD, handed_in
from engine.notation.spiff.nodes import Held
from engine.words import backoff
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from engine.words.values import to_json

if TYPE_CHECKING:
    from engine.notation.spiff.play import Play

RETRIES = 3
# What a connector reads of its element, each a literal or an expression.
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "http": ("method", "url", "headers", "body", "timeout"),
    "mail": ("to", "cc", "subject", "text"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a job. `kind`: done · error · failed · skipped; `given`: the worker's answer, or, skipped, the
    fields as whoever repairs the case sets them."""

    kind: str
    worker: str = ""
    code: str = ""
    message: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    lease: str = ""


class Outside(Held, stock.ServiceTask):  # type: ignore[misc]
    """Its token stays until the job is over."""

    def __init__(self, *given: Any, **described: Any) -> None:
        super().__init__(*given, **described)
        self.manual = False


def waits_for_work(token: Any) -> bool:
    return bool(token.state == TaskState.STARTED and isinstance(token.task_spec, Outside))


def lay_down(play: Play, id: str, element: Element, token: Any) -> None:
    """The job waits, with what the worker is given."""
    retries, waits = patience(play, element, token)
    given, leases = inputs(play, element, token), endurance(play, element, token)
    play.note(f.JobMade(id, element.id, str(token.id), element.topic, given, retries, waits, leases))


def inputs(play: Play, element: Element, token: Any) -> dict[str, Any]:
    """What the worker is given, as JSON."""
    if element.topic not in CONNECTORS:
        given: dict[str, Any] = to_json(handed_in(play, element, token))
        return given
    said = {name: element.property(name) for name in PARAMETERS[element.topic] if element.property(name)}
    return {name: to_json(play.text_or_value(element, text, token)) for name, text in said.items()}


def patience(play: Play, element: Element, token: Any) -> tuple[int, str]:
    """How many further tries there are, and the waits between them."""
    told = play.text_or_value(element, element.property("retries"), token)
    retries = RETRIES if told in (None, "") else int(str(told)) if str(told).isdecimal() else -1
    waits = play.text_or_value(element, element.property("backoff"), token) or backoff.USUAL
    if not 0 <= retries <= backoff.MOST_RETRIES:
        raise CannotGoOn(
            element.id,
            f"“{element.name or element.id}”的重试次数（retries）须是 0 到 {backoff.MOST_RETRIES} 的整数，不是“{told}”",
            f"The retries of {element.name_en or element.id} are a whole number from 0 to "
            f"{backoff.MOST_RETRIES}, not {told}",
        )
    try:
        written = backoff.text_of(waits)
    except backoff.NotABackoff as wrong:
        raise CannotGoOn(
            element.id,
            f"“{element.name or element.id}”的重试间隔（backoff）：{wrong.zh}",
            f"The backoff of {element.name_en or element.id}: {wrong.en}",
        ) from wrong
    return retries, written


def endurance(play: Play, element: Element, token: Any) -> int:
    """How many leases in a row may run out before the job counts as failed for good."""
    told = play.text_or_value(element, element.property("leases"), token)
    leases = backoff.USUAL_LEASES if told in (None, "") else int(str(told)) if str(told).isdecimal() else 0
    if not 1 <= leases <= backoff.MOST_LEASES:
        raise CannotGoOn(
            element.id,
            f"“{element.name or element.id}”的领取次数上限（leases）须是 1 到 {backoff.MOST_LEASES} 的整数，"
            f"不是“{told}”",
            f"The leases of {element.name_en or element.id} are a whole number from 1 to {backoff.MOST_LEASES}, "
            f"not {told}",
        )
    return leases


def handed_back(play: Play, element: Element, token: Any, answer: Answer) -> dict[str, Any]:
    """What of the worker's answer becomes fields of the case. With an error, only what it has really told."""
    given = {name: play.whole(value) for name, value in answer.given.items() if name not in TOLD}
    if answer.kind == "skipped":
        return given
    if answer.kind != "done":
        whole = any(one.everything for one in element.hands_out)
        told = {one.target: given[one.source] for one in element.hands_out if one.source in given}
        return {**(given if whole else {}), **told}
    values: dict[str, Any] = {}
    for one in element.hands_out:
        if one.everything:
            values.update(given)
        elif one.expression:
            names = {**play.names(token), **given, "answer": given}
            try:
                values[one.target] = expressions.evaluate(one.expression, names, at=play.at)
            except expressions.ExpressionFailed as failed:
                raise CannotGoOn(
                    element.id,
                    f"“{element.name or element.id}”取回结果的表达式 {one.expression} 无法求值：{failed.sentence_zh}",
                    f"{element.name_en or element.id}: {one.expression} cannot be evaluated over what came back: "
                    f"{failed.sentence_en}",
                ) from failed
        else:
            values[one.target] = given.get(one.source)
    return values
