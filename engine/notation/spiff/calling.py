"""Call activities: a case of another process begins, this one waits for what it says, and hears it.

The other case is a case of its own; between the two go messages only, so neither ever holds the other up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.util.task import TaskState

from engine.notation import expressions
from engine.notation.diagram import Element
from engine.notation.spiff.nodes import Held
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from engine.words.values import to_json

if TYPE_CHECKING:
    from engine.notation.spiff.play import Play

# Processes that call each other without end are stopped here.
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What a called case says: `kind` done · error · escalation, the code of an error or escalation, and what
    expressions see of that case."""

    kind: str
    code: str
    child: int
    names: Mapping[str, Any]


class CallActivity(Held, stock.CallActivity):  # type: ignore[misc]
    """Its token stays until the called case has answered."""


def waits_for_answer(token: Any) -> bool:
    return bool(token.state == TaskState.STARTED and isinstance(token.task_spec, CallActivity))


def call(play: Play, id: str, element: Element, token: Any) -> None:
    """The call goes out, with the values that are handed over."""
    process = str(play.text_or_value(element, element.calls, token) or "")
    if not process:
        raise CannotGoOn(
            element.id,
            f"“{element.name or element.id}”没有说明要调用哪个流程",
            f"{element.name_en or element.id} does not say which process it calls",
        )
    depth = play.scene.depth + 1
    if depth > DEEPEST:
        raise CannotGoOn(
            element.id,
            f"“{element.name or element.id}”已是第 {depth} 层调用，超过上限 {DEEPEST} 层：流程在互相调用",
            f"{element.name_en or element.id} would be call {depth} deep, more than {DEEPEST}: processes call each "
            "other without end",
        )
    values = to_json(handed_in(play, element, token))
    play.note(f.CallMade(id, element.id, str(token.id), process, values, depth))


def handed_in(play: Play, element: Element, token: Any) -> dict[str, Any]:
    """What the diagram hands over, to a called process or to a program outside."""
    given: dict[str, Any] = {}
    names = play.names(token)
    for one in element.hands_in:
        if one.everything:
            given.update({name: names[name] for name in names if name not in TOLD})
        elif one.expression:
            given[one.target] = play.value(element, one.expression, token)
        else:
            given[one.target] = names.get(one.source)
    return given


# What expressions are told of a case besides its variables.
TOLD = frozenset({"case", "clocks", "officer"})


def handed_out(play: Play, element: Element, answer: Answer) -> dict[str, Any]:
    """What comes back, seen with the eyes of the called case."""
    given: dict[str, Any] = {}
    for one in element.hands_out:
        if one.everything:
            given.update({name: value for name, value in answer.names.items() if name not in TOLD})
        elif one.expression:
            try:
                given[one.target] = expressions.evaluate(one.expression, answer.names, at=play.at)
            except expressions.ExpressionFailed as failed:
                raise CannotGoOn(
                    element.id,
                    f"“{element.name or element.id}”取回结果的表达式 {one.expression} 无法求值：{failed.sentence_zh}",
                    f"{element.name_en or element.id}: {one.expression} cannot be evaluated over what came back: "
                    f"{failed.sentence_en}",
                ) from failed
        else:
            given[one.target] = answer.names.get(one.source)
    return given
