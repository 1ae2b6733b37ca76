"""Whether a story fits its diagram: the tasks, buttons and fields it names must be there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from engine.notation.answers import SHOWN_ONLY
from engine.notation.diagram import Diagram, Element
from engine.notation.story_book import Failure, Step, Story

NUMBER = re.compile(r"(\d{4})-(\d{6,})")
_RECEIVES = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


def misfits(story: Story, diagram: Diagram, beside: Mapping[str, Diagram] = MappingProxyType({})) -> list[Failure]:
    """Every name that the diagram does not know. A wrong name in a refused step would otherwise pass unnoticed.
    `beside`: the other processes of the book; which one a step is about is known while the story names it."""
    found: list[Failure] = []
    drawings = {**beside, diagram.process: diagram}
    spoken_of: Diagram | None = diagram
    for step in story.steps:
        if step.kind in {"raise", "case"}:
            which = step.what or diagram.process
            spoken_of = drawings.get(which)
            if spoken_of is None and not (step.kind == "case" and (which == "parent" or NUMBER.fullmatch(which))):
                found.append(Failure(step.number, f"故事书的 with 里没有流程 {which}",
                                     f"The book names no process {which} under with"))  # fmt: skip
        if step.kind == "arrives":
            takers = [one for one in (spoken_of, *drawings.values()) if one is not None and element_of(step, one)]
            spoken_of = takers[0] if takers else spoken_of or diagram
        if spoken_of is not None:
            found += _misfits(step, spoken_of)
    return found


def element_of(step: Step, diagram: Diagram) -> Element | None:
    """Whose form the step fills in; None when there is no such element."""
    if step.kind == "raise":
        return diagram.start
    if step.kind == "does":
        return next((element for element in diagram.user_tasks if element.id == step.what), None)
    if step.kind == "arrives":
        return next((element for element in letters(diagram) if step.what == element.trigger.name), None)
    return next((element for element in buttons(diagram) if step.what in {element.trigger.name, element.id}), None)


def letters(diagram: Diagram) -> Sequence[Element]:
    """The events that a message of another process may reach."""
    return [e for e in diagram.elements.values() if e.trigger.kind == "message" and e.kind in _RECEIVES]


def buttons(diagram: Diagram) -> Sequence[Element]:
    """The message events that officers may set off, and the steps they may choose."""
    elements = diagram.elements.values()
    events = [e for e in elements if e.trigger.kind == "message" and e.property("button")]
    return [*events, *(e.pressed for e in elements if _is_chosen(e, diagram))]


def _is_chosen(element: Element, diagram: Diagram) -> bool:
    """A step of an ad-hoc sub-process in which one is chosen after the other."""
    around = diagram.elements.get(element.inside)
    chosen = around is not None and around.kind == "adHocSubProcess" and around.in_turn
    return chosen and not (diagram.incoming(element.id) or element.attached_to or element.by_event or element.undoes)


def _misfits(step: Step, diagram: Diagram) -> Iterator[Failure]:
    if step.kind == "arrives" and element_of(step, diagram) is None:
        yield _unknown(step, diagram)
    if step.kind == "worker" and not any(e.outside and e.topic == step.what for e in diagram.elements.values()):
        yield Failure(step.number, f"流程里没有交给外部程序的主题 {step.what}",
                      f"The process has no step for a program outside with the topic {step.what}")  # fmt: skip
    if step.kind in {"raise", "does", "button"}:
        element = element_of(step, diagram)
        if element is None:
            yield _unknown(step, diagram)
            return
        fields = {field.id: field for field in element.form}
        for name in step.answers:
            if name not in fields:
                yield Failure(step.number, f"“{element.name}”的表单没有字段 {name}",
                              f"The form of {element.id} has no field {name}")  # fmt: skip
            elif fields[name].readonly or fields[name].type in SHOWN_ONLY:
                yield Failure(step.number, f"“{element.name}”的字段 {name} 只读，不能填写",
                              f"The field {name} of {element.id} is read only")  # fmt: skip
    known = {task.id for task in diagram.user_tasks}
    for name in step.expect.get("tasks", ()):
        if name not in known:
            yield Failure(step.number, f"流程里没有任务 {name}", f"The process has no task {name}")


def _unknown(step: Step, diagram: Diagram) -> Failure:
    if step.kind == "raise":
        return Failure(step.number, "这个流程不能由人员发起", "This process cannot be started by an officer")
    if step.kind == "does":
        return Failure(step.number, f"流程里没有任务 {step.what}", f"The process has no task {step.what}")
    if step.kind == "arrives":
        return Failure(step.number, f"流程不接收消息 {step.what}", f"The process receives no message {step.what}")
    known = ", ".join(element.trigger.name or element.id for element in buttons(diagram)) or "—"
    return Failure(step.number, f"流程里没有按钮 {step.what}，有：{known}",
                   f"The process has no button {step.what}; there are: {known}")  # fmt: skip
