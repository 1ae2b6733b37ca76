"""What the engine does by itself when a token comes: scripts, decisions, messages. Services are in `topics.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.notation.decisions import DecisionFailed, Outcome
from engine.notation.diagram import Element
from engine.notation.feel import script as javascript
from engine.notation.feel import sentences
from engine.words import facts as f
from engine.words.commas import listed
from engine.words.errors import CannotGoOn
from engine.words.values import to_json
from engine.words.worktime import HOME

if TYPE_CHECKING:
    from engine.notation.spiff.play import Play


def script(play: Play, element: Element, task: Any) -> None:
    if element.script_format.lower() in javascript.LANGUAGES:
        play.assign(task, _scripted(play, element, task))
        return
    result = play.value(element, element.script, task)
    if not isinstance(result, dict):
        raise CannotGoOn(
            element.id,
            f"脚本“{element.name}”的结果不是上下文 {{…}}",
            f"The script {element.name_en or element.id} does not give a context {{…}}",
        )
    play.assign(task, result)


def _scripted(play: Play, element: Element, task: Any) -> dict[str, Any]:
    try:
        here = play.at.astimezone(HOME)
        near = play.names(task).near(lambda: javascript.spoken_of(element.script))
        return javascript.run(element.script, near | {"now": here, "today": here.date()})
    except javascript.ScriptFailed as failed:
        zh, en = (failed.said, failed.said) if failed.said else sentences.OUT_OF_BUDGET
        raise CannotGoOn(
            element.id,
            f"脚本“{element.name}”没有得出结果：{zh}",
            f"The script {element.name_en or element.id} came to nothing: {en}",
        ) from failed


def decide(play: Play, element: Element, task: Any) -> None:
    decisions = play.scene.published.decisions.get(element.decision)
    if decisions is None:
        raise CannotGoOn(
            element.id, f"找不到决策表 {element.decision}", f"There is no decision table {element.decision}"
        )
    try:
        near = play.names(task).near(lambda: decisions.names_used(element.decision))
        outcome = decisions.decide(element.decision, near, at=play.at)
    except DecisionFailed as failed:
        raise CannotGoOn(element.id, failed.zh, failed.en) from failed
    # The decisions it rests on come first, each with its own inputs and rules.
    for id, taken in (*_before(outcome).items(), (element.decision, outcome)):
        play.note(f.DecisionMade(element.id, id, to_json(taken.inputs), to_json(taken.rules), to_json(taken.value)))
    play.assign(task, {element.result or element.decision: outcome.value})


def _before(outcome: Outcome) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for id, taken in outcome.before.items():
        found |= _before(taken) | {id: taken}
    return found


def send(play: Play, element: Element, task: Any) -> None:
    """A message leaves the case."""
    payload = play.text_or_value(element, element.property("payload"), task) if element.property("payload") else {}
    key = play.correlation(element, task)
    id = play.new_id()
    play.note(f.MessageSent(id, element.id, element.trigger.name, key, to_json(payload)))
    if element.property("slip"):
        play.note(_slip(play, element, id, task))


def _slip(play: Play, element: Element, message: str, task: Any) -> f.SlipLaid:
    limit = play.text_or_value(element, element.property("slip.due"), task) if element.property("slip.due") else None
    due = play.moment(element, limit, play.at, play.calendar(element, task)) if limit is not None else None
    title, title_en = (str(play.text_or_value(element, element.property(p), task)) for p in ("slip", "slip.en"))
    accepts, returns = (listed(element.property(part)) for part in ("slip.accept", "slip.return"))
    return f.SlipLaid(message, element.id, title[:200], (title_en or title)[:200], accepts, returns, due)


def signal(play: Play, element: Element, task: Any) -> None:
    """A signal leaves the case, unless the diagram keeps it inside."""
    if element.property("scope") == "case":
        return
    payload = play.text_or_value(element, element.property("payload"), task) if element.property("payload") else {}
    kept = to_json(payload) if isinstance(payload, dict) else {}
    play.note(f.SignalSent(play.new_id(), element.id, element.trigger.name, kept))
