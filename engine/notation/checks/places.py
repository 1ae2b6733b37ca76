"""Where a designer may write an expression: every such place of a diagram, with a name for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.notation.checks.naming import clip
from engine.notation.diagram import Diagram, Element, Field, Flow
from engine.notation.timings import is_plain_timing
from engine.notation.wishes import split_wishes

FIELD_FEEL = {
    "show": ("显示条件", "show"),
    "required_if": ("必填条件", "required_if"),
    "check": ("校验", "check"),
    "items": ("检查项", "items"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One expression. `text` is what FEEL gets: without the leading "=". `foreign`: it sees what another case or a
    program outside has answered, so nobody knows its names beforehand."""

    thing: Element | Flow
    zh: str
    en: str
    text: str
    line: int | None = None
    foreign: bool = False

    @property
    def shown(self) -> str:
        return clip(self.text, 160)


# Nobody reads a longer one; reading it could take for ever.
LONGEST_EXPRESSION = 20_000


def is_juel(text: str) -> bool:
    return text.startswith(("${", "#{"))


def is_expression(text: str) -> bool:
    """Literal text otherwise. JUEL counts: it was meant as an expression, and must be refused as one."""
    return text.startswith("=") or is_juel(text)


def without_sign(text: str) -> str:
    return text.strip().removeprefix("=").strip()


def places(diagram: Diagram) -> Iterator[Place]:
    if is_expression(hidden := diagram.properties.get("hidden_from", "")) and diagram.elements:
        first = next(iter(diagram.elements.values()))
        yield Place(first, "流程属性 hidden_from ", "property hidden_from of the process", without_sign(hidden))
    for flow in diagram.flows:
        if flow.condition:
            yield Place(flow, "条件", "condition", without_sign(flow.condition), flow.line)
    for element in diagram.elements.values():
        yield from _of_work(element)
        yield from _of_events(element)
        yield from _of_properties(element)
        for field in element.form:
            yield from _of_field(element, field)


def _of_work(element: Element) -> Iterator[Place]:
    if element.kind == "scriptTask" and element.script and element.script_format.lower() in {"feel", ""}:
        yield Place(element, "脚本", "script", without_sign(element.script))
    for text, zh, en in (
        (element.assignee, "办理人", "assignee"),
        (element.due, "到期时间", "due date"),
        (element.priority, "优先级", "priority"),
    ):
        if is_expression(text):
            yield Place(element, zh, en, without_sign(text))
    yield from _of_parties(element, element.groups, "办理角色", "candidate groups")
    if element.kind == "adHocSubProcess" and element.until:
        yield Place(element, "完成条件", "completion condition", without_sign(element.until))
    if is_expression(element.calls):
        yield Place(element, "所调用的流程", "called process", without_sign(element.calls))
    for one in element.hands_in:
        if one.expression:
            yield Place(element, "传入值", "value handed over", one.expression)
    for one in element.hands_out:
        if one.expression:
            yield Place(element, "取回值", "value that comes back", one.expression, foreign=True)
    if element.repeat is not None:
        for each, zh, en in (
            (element.repeat.collection, "多实例集合", "multi-instance collection"),
            (element.repeat.cardinality, "多实例次数", "multi-instance cardinality"),
            (element.repeat.until, "多实例完成条件", "multi-instance completion condition"),
            (element.repeat.condition, "循环条件", "loop condition"),
        ):
            if each and each.strip():
                yield Place(element, zh, en, without_sign(each))


def _of_parties(element: Element, text: str, zh: str, en: str) -> Iterator[Place]:
    for party in split_wishes(text):
        for part in (party.role, party.unit, party.login):
            if is_expression(part):
                yield Place(element, zh, en, without_sign(part))


def _of_events(element: Element) -> Iterator[Place]:
    trigger = element.trigger
    if trigger.kind == "conditional" and trigger.text:
        yield Place(element, "条件", "condition", without_sign(trigger.text))
    if trigger.kind == "timer" and trigger.text and not is_plain_timing(trigger.text):
        yield Place(element, "定时", "timer", without_sign(trigger.text))


def _of_properties(element: Element) -> Iterator[Place]:
    for name, value in element.properties.items():
        if (name == "to" and element.topic == "notify") or name == "role":
            yield from _of_parties(element, value, f"属性 {name} ", f"property {name}")
        elif is_expression(value):
            yield Place(element, f"属性 {name} ", f"property {name}", without_sign(value))


def _of_field(element: Element, field: Field) -> Iterator[Place]:
    label = field.label or field.id
    if field.default and is_expression(field.default):
        zh, en = f"字段“{label}”的默认值", f'default of field "{field.label_en or label}"'
        yield Place(element, zh, en, without_sign(field.default), field.line)
    for name, (word_zh, word_en) in FIELD_FEEL.items():
        if value := field.properties.get(name, ""):
            zh, en = f"字段“{label}”的{word_zh}", f'{word_en} of field "{field.label_en or label}"'
            yield Place(element, zh, en, without_sign(value), field.line)
    for name, value in (*field.constraints.items(), *field.properties.items()):
        if name not in FIELD_FEEL and is_expression(value):
            zh, en = f"字段“{label}”的 {name} ", f'{name} of field "{field.label_en or label}"'
            yield Place(element, zh, en, without_sign(value), field.line)
