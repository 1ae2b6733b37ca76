"""The one sentence for a whole act: of all the facts it left, what did the officer do?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.reads.names import Names
from engine.reads.sentences.line import Body, Line, Voice
from engine.reads.sentences.work import answers
from engine.reads.tongues import EMPTY, joined, say
from engine.words.terms import Term

Fact = tuple[str, Body | None, Line]

# Which fact of an act speaks for it; what is not listed speaks only when it is alone.
SPEAKERS = (
    "CaseOpened", "CaseMoved", "TaskCompleted", "MessageReceived", "StepChosen", "TaskClaimed", "TaskReleased",
    "TimerFired", "CaseStuck", "FieldsCorrected", "ElementSkipped", "CaseFreed", "MessageMatched", "MessageDropped",
    "MessageResent", "MessageDelivered", "MessagePutAside",
)  # fmt: skip

# What an officer is said to have done when a case came from one stage into another; "" stands for any stage.
_DEEDS: dict[tuple[str, str], Term] = {
    ("", "rejected"): Term("决定不予立案", "decided not to file the issue"),
    ("", "filed"): Term("同意立案，交派发", "filed the issue for dispatch"),
    ("", "dispatched"): Term("将问题派发给 {unit}", "dispatched the issue to {unit}"),
    ("disputed", "dispatched"): Term("裁定改派给 {unit}", "ruled: dispatched anew to {unit}"),
    ("disputed", "rectifying"): Term("裁定维持，由 {unit} 继续整改", "ruled: {unit} stays responsible"),
    ("dispatched", "rectifying"): Term("签收，开始整改", "signed for the issue; rectification begins"),
    ("suspended", "rectifying"): Term("恢复整改", "resumed the rectification"),
    ("submitted", "rectifying"): Term("审核未通过，退回整改", "reviewed and sent back for rework"),
    ("verifying", "rectifying"): Term("核查不通过，退回整改", "verified and sent back for rework"),
    ("rechecking", "rectifying"): Term("回头看发现反弹，重新整改", "found a relapse at re-check"),
    ("closed", "rectifying"): Term("重开问题，重新整改", "reopened the issue"),
    ("", "disputed"): Term("退回问题，请求裁定", "returned the issue for a ruling"),
    ("", "suspended"): Term("同意挂账", "suspended the issue"),
    ("", "submitted"): Term("提交整改反馈", "reported the rectification"),
    ("submitted", "verifying"): Term("审核通过，报请核查", "approved the report; verification is next"),
    ("registered", "verifying"): Term("现场整改，报请核查", "had it fixed on the spot; verification is next"),
    ("", "closed"): Term("予以销号", "closed off the issue"),
    ("", "merged"): Term("并案办理", "merged the issue into another"),
    ("", "voided"): Term("作废问题", "voided the issue"),
    ("closed", "rechecking"): Term("启动回头看", "started a re-check"),
}  # fmt: skip
# The words above are said of processes that go the way of an issue; elsewhere a step is called by its own name.
_OF_AN_ISSUE = frozenset({"filed", "rectifying", "verifying", "closed"})


@dataclass(frozen=True, slots=True)
class Deed:
    """`speaker`: which fact speaks (its place among the facts of the act); `said`: those the line has said, too."""

    speaker: int
    line: Line
    said: frozenset[int]


def deed(facts: Sequence[Fact], voice: Voice) -> Deed:
    """The line for a whole act."""
    speaker = _speaker(facts)
    kind, body, line = facts[speaker]
    line = replace(line, folded=False)
    if kind == "TimerFired":
        return _escalated(facts, speaker, line)
    if kind != "TaskCompleted" or body is None:
        return Deed(speaker, line, frozenset())
    repeated = _repeated(facts, body, voice.names)
    line = replace(line, details=answers(body, voice.names, repeated))
    done = _done(facts, voice)
    if done is None:
        return Deed(speaker, replace(line, text=_with_choice(line, body, voice.names, repeated)), frozenset())
    late = Term("（已超期）", " (late)") if body.get("late") else Term("", "")
    clock = _deadline(facts)
    text = say(
        "{done}{deadline}{late}", "{done}{deadline}{late}", done=done, deadline=_said(facts, clock, voice), late=late
    )
    said = {place for place, (kind, _, _) in enumerate(facts) if kind in {"StageChanged", "LeadUnitChanged"}}
    line = replace(line, text=text, mood=line.mood or _mood(facts))
    return Deed(speaker, line, frozenset(said | ({clock} if clock is not None else set())))


def _escalated(facts: Sequence[Fact], speaker: int, line: Line) -> Deed:
    """When the clock raised the level of supervision, that is what it did."""
    raised = next((place for place, (kind, _, _) in enumerate(facts) if kind == "LevelRaised"), None)
    if raised is None:
        return Deed(speaker, line, frozenset())
    other = facts[raised][2]
    text = say("{fired}，{raised}", "{fired}: {raised}", fired=line.text, raised=other.text)
    return Deed(speaker, replace(line, text=text, mood="bad", why=other.why), frozenset({raised}))


def _repeated(facts: Sequence[Fact], body: Body, names: Names) -> frozenset[str]:
    """Answers that only confirm what the case was raised with."""
    changed = {id for kind, other, _ in facts if kind == "VariablesChanged" and other for id in other["after"]}
    start = names.diagram.start if names.diagram else None
    raised = {field.id for field in start.form} if start else set()
    return frozenset(id for id in body["answers"] if id in raised and id not in changed)


def _speaker(facts: Sequence[Fact]) -> int:
    for wanted in SPEAKERS:
        for place, (kind, body, _line) in enumerate(facts):
            if kind == wanted and body is not None:
                return place
    return next((place for place, (_, _, line) in enumerate(facts) if not line.folded), 0)


def _moves(facts: Sequence[Fact]) -> list[tuple[str, str]]:
    return [(body["before"], body["after"]) for kind, body, _ in facts if kind == "StageChanged" and body is not None]


def _done(facts: Sequence[Fact], voice: Voice) -> Term | None:
    moves = _moves(facts)
    if not moves or not voice.names.stages >= _OF_AN_ISSUE:
        return None
    before, after = moves[0][0], moves[-1][1]
    if (before, after) == ("disputed", "dispatched") and not any(kind == "LeadUnitChanged" for kind, _, _ in facts):
        after = "rectifying"  # upheld: the same unit signs once more
    known = _DEEDS.get((before, after)) or _DEEDS.get(("", after))
    if known is None or before == after:
        return None
    unit = _unit(facts, voice.names)
    if "{unit}" in known.zh and unit is None:
        return None
    return say(known.zh, known.en, unit=unit or EMPTY)


def _unit(facts: Sequence[Fact], names: Names) -> Term | None:
    """The unit that became responsible in this act, or that has the next task."""
    for kind, body, _ in facts:
        if kind == "LeadUnitChanged" and body is not None and body["after"] is not None:
            return names.unit(body["after"])
    for kind, body, _ in facts:
        if kind == "TaskOpened" and body is not None and body["unit"] is not None:
            return names.unit(body["unit"])
    return None


def _deadline(facts: Sequence[Fact]) -> int | None:
    """Of the deadlines that begin to run with this act: that of the case's main work, or else the last one."""
    begun = [place for place, (kind, body, _) in enumerate(facts) if kind == "ClockStarted" and body is not None]
    main = [place for place in begun if (facts[place][1] or {})["clock"] == "rectify"]
    return (main or begun)[-1] if begun else None


def _said(facts: Sequence[Fact], clock: int | None, voice: Voice) -> Term:
    body = facts[clock][1] if clock is not None else None
    if body is None:
        return Term("", "")
    due = voice.moment(body["original"])
    return say("（{clock} {due}）", " ({clock}: {due})", clock=voice.names.clock(body["clock"]), due=due)


def _mood(facts: Sequence[Fact]) -> str:
    after = _moves(facts)[-1][1]
    if after == "closed":
        return "good"
    back = any(after == "rectifying" and before in {"submitted", "verifying"} for before, _ in _moves(facts))
    return "bad" if back or after in {"disputed", "rejected", "voided"} else ""


def _with_choice(line: Line, body: Body, names: Names, repeated: frozenset[str]) -> Term:
    """An act without a change of stage is told with what was chosen: 办结「签发」：同意."""
    known = names.diagram.elements.get(body["element"]) if names.diagram else None
    chosen = [
        names.value(field.id, body["answers"][field.id], body["element"])
        for field in (known.form if known else ())
        if field.type == "enum" and body["answers"].get(field.id) and field.id not in repeated
    ]
    if not chosen:
        return line.text
    return say("{text}：{chosen}", "{text}: {chosen}", text=line.text, chosen=joined(chosen[:2]))
