"""What changed between two versions of a process, in a designer's words: which step, what about it, before, after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from lxml import etree

from engine.notation import table_differences
from engine.notation.checks.naming import TRIGGERS, called, kind_of
from engine.notation.diagram import Choice, Diagram, Element, Field, Flow, Repeat, Trigger
from engine.notation.xml import BPMNDI, open_xml


@dataclass(frozen=True, slots=True)
class Difference:
    """`element`: an id of the diagram, or the file name of a table. `what`: "added", "removed" or a stable code such as
    "due", "property stage", "field photo label". `before` and `after` are texts, None where there was nothing."""

    element: str
    what: str
    before: str | None
    after: str | None
    zh: str
    en: str
    what_zh: str
    what_en: str

    def kept(self) -> dict[str, str | None]:
        """As it is written into the fact of a publication."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


# Element fields that are compared as they are, and what designers call them.
_PLAIN: dict[str, tuple[str, str]] = {
    "name": ("名称", "name"),
    "documentation": ("说明", "documentation"),
    "lane": ("泳道", "lane"),
    "inside": ("所在子流程", "sub-process around it"),
    "groups": ("办理角色", "candidate groups"),
    "assignee": ("办理人", "assignee"),
    "due": ("到期时间", "due date"),
    "priority": ("优先级", "priority"),
    "attached_to": ("附着于", "attached to"),
    "decision": ("决策", "decision"),
    "result": ("结果字段", "result variable"),
    "topic": ("动作（topic）", "topic"),
    "script": ("脚本", "script"),
    "calls": ("调用的流程", "called process"),
}
_FIELD: dict[str, tuple[str, str]] = {
    "type": ("类型", "type"),
    "label": ("标签", "label"),
    "default": ("默认值", "default"),
}


def differences(
    before: Diagram | None,
    after: Diagram,
    tables_before: Mapping[str, str] | None = None,
    tables_after: Mapping[str, str] | None = None,
) -> list[Difference]:
    """All differences in the order of the newer file, what was removed last of its kind. A first version has none."""
    if before is None:
        return []
    found = [
        *_process(before, after),
        *_elements(before, after),
        *_flows(before, after),
        *_tables(tables_before or {}, tables_after or {}),
    ]
    if not found and _picture(before) != _picture(after):
        found.append(_said(after, after.process, "picture", ("版面", "layout"), "", "…"))
    return found


def _said(
    diagram: Diagram,
    thing: Element | Flow | str,
    what: str,
    words: tuple[str, str],
    before: str | None,
    after: str | None,
) -> Difference:
    zh, en = called(diagram, thing)
    id = thing if isinstance(thing, str) else thing.id
    return Difference(id, what, before or None, after or None, zh, en, *words)


_ADDED = ("新增", "added")
_REMOVED = ("删除", "removed")


def _process(before: Diagram, after: Diagram) -> Iterator[Difference]:
    for name, words in {"name": ("名称", "name"), "documentation": ("说明", "documentation")}.items():
        if getattr(before, name) != getattr(after, name):
            yield _said(after, after.process, name, words, getattr(before, name), getattr(after, name))
    yield from _properties(after, after.process, before.properties, after.properties)
    if before.lanes != after.lanes:
        yield _said(after, after.process, "lanes", ("泳道", "lanes"), "、".join(before.lanes), "、".join(after.lanes))


def _properties(
    diagram: Diagram, thing: Element | str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Difference]:
    for name in (*after, *(name for name in before if name not in after)):
        if before.get(name) != after.get(name):
            words = ("英文名称", "English name") if name == "name.en" else (f"属性 {name}", f"property {name}")
            yield _said(diagram, thing, f"property {name}", words, before.get(name), after.get(name))


def _elements(before: Diagram, after: Diagram) -> Iterator[Difference]:
    for element in after.elements.values():
        old = before.elements.get(element.id)
        if old is None:
            yield _said(after, element, "added", _ADDED, None, called(after, element)[0])
        else:
            yield from _element(after, old, element)
    for old in before.elements.values():
        if old.id not in after.elements:
            yield _said(before, old, "removed", _REMOVED, called(before, old)[0], None)


def _element(diagram: Diagram, old: Element, new: Element) -> Iterator[Difference]:
    if old.kind != new.kind:
        yield _said(diagram, new, "kind", ("类型", "kind"), kind_of(old.kind)[0], kind_of(new.kind)[0])
    for name, words in _PLAIN.items():
        if getattr(old, name) != getattr(new, name):
            yield _said(diagram, new, name, words, getattr(old, name), getattr(new, name))
    if old.trigger != new.trigger:
        yield _said(diagram, new, "trigger", ("触发", "trigger"), _trigger(old.trigger), _trigger(new.trigger))
    if old.interrupting != new.interrupting:
        words = ("是否中断", "interrupting")
        yield _said(diagram, new, "interrupting", words, _yes(old.interrupting), _yes(new.interrupting))
    if old.repeat != new.repeat:
        yield _said(diagram, new, "repeat", ("多实例", "multi-instance"), _repeat(old.repeat), _repeat(new.repeat))
    yield from _properties(diagram, new, old.properties, new.properties)
    yield from _forms(diagram, old, new)


def form_changes(diagram: Diagram, old: Element, new: Element) -> list[Difference]:
    """What the form of `new` asks otherwise than that of `old`, which it takes the place of; `diagram` is the newer."""
    return list(_forms(diagram, old, new))


def _forms(diagram: Diagram, old: Element, new: Element) -> Iterator[Difference]:
    were, are = {field.id: field for field in old.form}, {field.id: field for field in new.form}
    for field in new.form:
        label_zh, label_en = f"表单字段“{field.label}”", f'form field "{field.label_en or field.label}"'
        was = were.get(field.id)
        if was is None:
            words = (f"新增{label_zh}", f"new {label_en}")
            yield _said(diagram, new, f"field {field.id}", words, None, f"{field.label}（{field.type}）")
            continue
        for what, words, before, after in _field(was, field):
            words = (f"{label_zh}的{words[0]}", f"{words[1]} of {label_en}")
            yield _said(diagram, new, f"field {field.id} {what}", words, before, after)
    for gone in old.form:
        if gone.id not in are:
            words = (f"删除表单字段“{gone.label}”", f'form field "{gone.label_en or gone.label}" removed')
            yield _said(diagram, new, f"field {gone.id}", words, f"{gone.label}（{gone.type}）", None)
    kept_before, kept_after = [id for id in were if id in are], [id for id in are if id in were]
    if kept_before != kept_after:
        words = ("表单字段的顺序", "order of the form fields")
        yield _said(diagram, new, "field order", words, ", ".join(kept_before), ", ".join(kept_after))


def _field(was: Field, field: Field) -> Iterator[tuple[str, tuple[str, str], str | None, str | None]]:
    for name, words in _FIELD.items():
        if getattr(was, name) != getattr(field, name):
            yield name, words, getattr(was, name), getattr(field, name)
    if was.choices != field.choices:
        yield "choices", ("选项", "values"), _choices(was.choices), _choices(field.choices)
    for sort, zh, en, before, after in (
        ("constraint", "约束", "constraint", was.constraints, field.constraints),
        ("property", "属性", "property", was.properties, field.properties),
    ):
        for name in (*after, *(name for name in before if name not in after)):
            if before.get(name) != after.get(name):
                yield f"{sort} {name}", (f"{zh} {name}", f"{en} {name}"), before.get(name), after.get(name)


def _flows(before: Diagram, after: Diagram) -> Iterator[Difference]:
    were, are = {flow.id: flow for flow in before.flows}, {flow.id: flow for flow in after.flows}
    for flow in after.flows:
        was = were.get(flow.id)
        if was is None:
            yield _said(after, flow, "added", _ADDED, None, flow.condition or called(after, flow)[0])
            continue
        if (was.source, was.target) != (flow.source, flow.target):
            words = ("走向", "way")
            yield _said(after, flow, "way", words, called(before, was)[0], called(after, flow)[0])
        if was.condition != flow.condition:
            yield _said(after, flow, "condition", ("条件", "condition"), was.condition, flow.condition)
        if was.default != flow.default:
            yield _said(after, flow, "default", ("默认连线", "default flow"), _yes(was.default), _yes(flow.default))
        if (was.name, was.name_en) != (flow.name, flow.name_en):
            words = ("文字", "label")
            yield _said(after, flow, "name", words, _both(was.name, was.name_en), _both(flow.name, flow.name_en))
    for was in before.flows:
        if was.id not in are:
            yield _said(before, was, "removed", _REMOVED, was.condition or called(before, was)[0], None)


def _tables(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for file in sorted({*before, *after}):
        for change in table_differences.changes(before.get(file), after.get(file)):
            name_zh, name_en = change.table or file, change.table or file
            yield Difference(
                file, change.what, change.before or None, change.after or None,
                f"决策表“{name_zh}”", f'table "{name_en}"', change.what_zh, change.what_en,
            )  # fmt: skip


def _picture(diagram: Diagram) -> bytes:
    root = open_xml(diagram.content)
    return b"".join(etree.tostring(node, method="c14n") for node in root.iter(f"{{{BPMNDI}}}BPMNDiagram"))


def _trigger(trigger: Trigger) -> str:
    kind = TRIGGERS.get(trigger.kind, ("", ""))[0]
    return " ".join(part for part in (kind, trigger.name, trigger.text) if part)


def _repeat(repeat: Repeat | None) -> str:
    if repeat is None:
        return ""
    parts = [
        "循环" if repeat.loop else "逐个" if repeat.sequential else "并行",
        repeat.collection or "",
        repeat.cardinality or "",
        repeat.until or "",
        repeat.condition or "",
        f"≤ {repeat.maximum}" if repeat.maximum is not None else "",
        "先判断" if repeat.test_before else "",
    ]
    return " · ".join(part for part in parts if part)


def _choices(choices: tuple[Choice, ...]) -> str:
    return "、".join(f"{choice.name}（{choice.id}）" for choice in choices)


def _both(zh: str, en: str) -> str:
    return f"{zh} / {en}" if zh and en else zh or en


def _yes(value: bool) -> str:
    return "✓" if value else "✗"
