"""Diagrams of Camunda 8 (Zeebe): FEEL already; forms, people, decisions and job types under other names."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from engine.notation import expressions
from engine.notation.imports import form_js, pieces, workers
from engine.notation.imports import manifest as m
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import B, C, Work
from engine.notation.xml import local

NAME = "Camunda 8"
SPACE = "http://camunda.org/schema/zeebe/1.0"
NAMESPACES = frozenset({SPACE})
_Z = f"{{{SPACE}}}"
_NO_MATTER = frozenset({"userTask", "versionTag", "properties", "adHoc", "linkedResources"})
_EMBEDDED = "camunda-forms:bpmn:"


def begin(work: Work) -> None:
    """Forms inside the file are known before the tasks that show them."""
    for node in work.root.iter(f"{_Z}userTaskForm"):
        work.forms.setdefault(_EMBEDDED + node.get("id", ""), (node.text or "").strip())


def attribute(work: Work, node: etree._Element, key: str) -> None:
    work.leave(node, key, m.NOTHING, "只管原工具的模板和界面", "it steers the other tool's templates and pages only")


def extension(work: Work, owner: etree._Element, node: etree._Element) -> None:
    reader = _READERS.get(local(node))
    if reader is not None:
        reader(work, owner, node)
    elif local(node) in _NO_MATTER:
        work.leave(node, None, m.NOTHING, "本系统不需要", "not needed here")
    else:
        work.leave(
            node,
            None,
            m.BINDING,
            f"{local(node)} 本系统没有，请在这里重新设置",
            f"there is no {local(node)} here; set it up anew",
        )


def _plain(text: str) -> str:
    """Checked FEEL or a literal, as it stands; `="x"` becomes x where only a literal will do."""
    if text.startswith("="):
        found = expressions.problems(text)
        if found:
            raise NotCertain(found[0].zh.rstrip("。"), found[0].en.rstrip("."))
    return text


def _job(work: Work, owner: etree._Element, node: etree._Element) -> None:
    type = node.get("type", "")
    if local(owner) in workers.TASKS and type and not type.startswith("="):
        workers.job(work, owner, node)
    else:
        work.leave(
            node,
            None,
            m.BINDING,
            "由程序办理，请改用服务任务的 topic",
            "a program does it; choose the topic of a service task",
        )


def _people(work: Work, owner: etree._Element, node: etree._Element) -> None:
    told = []
    for key in ("candidateGroups", "candidateUsers", "assignee"):
        text = node.get(key, "").strip()
        if not text:
            continue
        if key == "candidateGroups" and text.startswith("="):
            groups = _literals(text)
            if groups is None:
                work.warn(
                    node,
                    key,
                    text,
                    "组由变量决定，请写明角色",
                    "the group comes from a variable; name a role",
                    m.BINDING,
                )
                continue
            text = ", ".join(groups)
        try:
            _plain(text)
        except NotCertain as reason:
            work.warn(
                node, key, text, f"不是能读懂的 FEEL：{reason.zh}", f"no FEEL that can be read: {reason.en}", m.BINDING
            )
            continue
        if key == "assignee":
            owner.set(f"{C}assignee", text)
        elif key == "candidateGroups":
            work.candidates(owner, text)
        else:
            users = (
                [text] if text.startswith("=") else [f"={pieces.text(part.strip()).text}" for part in text.split(",")]
            )
            work.candidates(owner, ", ".join(users))
        told.append(f"{key} {text}")
    work.map(node, None, "; ".join(told), zh="改为办理人和办理角色", en="now assignee and candidate groups")


def _literals(text: str) -> list[str] | None:
    """The texts of `=["a", "b"]` or `="a"`."""
    import json

    try:
        found = json.loads(text[1:])
    except ValueError:
        return None
    if isinstance(found, str):
        return [found]
    return found if isinstance(found, list) and all(isinstance(each, str) for each in found) else None


def _schedule(work: Work, owner: etree._Element, node: etree._Element) -> None:
    if node.get("followUpDate"):
        work.warn(
            node,
            "followUpDate",
            node.get("followUpDate", ""),
            "本系统没有跟进日期，请用时限",
            "there is no follow-up date here; use limits",
            m.BINDING,
        )
    due = node.get("dueDate", "")
    if due:
        owner.set(f"{C}dueDate", due)
    work.map(node, None, f"dueDate {due}" if due else "-")


def _priority(work: Work, owner: etree._Element, node: etree._Element) -> None:
    owner.set(f"{C}priority", node.get("priority", ""))
    work.map(node, None, f"priority {node.get('priority', '')}")


def _form(work: Work, owner: etree._Element, node: etree._Element) -> None:
    """`formKey` of a form inside the file, `formId` of one in a .form file that came along."""
    wanted = node.get("formKey") or node.get("formId") or node.get("externalReference") or ""
    text = work.forms.get(wanted)
    if text is None or local(owner) not in {"userTask", "startEvent"}:
        work.leave(
            node, None, m.BINDING, f"表单“{wanted[:60]}”不在文件里", f'the form "{wanted[:60]}" is not in the file'
        )
        return
    count = form_js.fields(work, node, owner, text)
    work.map(node, None, f"{count} fields", zh="改为表单字段", en="now fields of the form")


def _embedded(work: Work, owner: etree._Element, node: etree._Element) -> None:
    used = f"{_EMBEDDED}{node.get('id', '')}"
    work.map(node, None, used, zh="字段已写到用它的任务上", en="its fields are now on the tasks that show it")


def _decision(work: Work, owner: etree._Element, node: etree._Element) -> None:
    decision, result = node.get("decisionId", ""), node.get("resultVariable", "")
    if not decision or decision.startswith("=") or local(owner) != "businessRuleTask":
        work.leave(node, None, m.BINDING, "决策表的 id 运行前无法确定", "which table it is is unknown before it runs")
        return
    owner.set(f"{C}decisionRef", decision)
    if result:
        owner.set(f"{C}resultVariable", result)
    work.map(node, None, f"decisionRef {decision}, resultVariable {result}")


def _script(work: Work, owner: etree._Element, node: etree._Element) -> None:
    expression, result = expressions.plain(node.get("expression", "")).strip(), node.get("resultVariable", "")
    try:
        pieces.name(result)
        if found := expressions.problems(expression):
            raise NotCertain(found[0].zh.rstrip("。"), found[0].en.rstrip("."))
    except NotCertain as reason:
        work.uncertain(node, None, reason, m.MEANING)
        return
    script = f"{{{result}: {expression}}}"
    work.map(node, None, script, zh="改为 FEEL 脚本", en="now a FEEL script")
    owner.set("scriptFormat", "feel")
    body = owner.find(f"{B}script")
    if body is None:
        body = etree.SubElement(owner, f"{B}script")
    body.text = script


def _each(work: Work, owner: etree._Element, node: etree._Element) -> None:
    collection, element = node.get("inputCollection", ""), node.get("inputElement", "")
    try:
        _plain(collection)
    except NotCertain as reason:
        work.uncertain(node, None, reason, m.MEANING)
        return
    if node.get("outputCollection"):
        work.warn(
            node,
            "outputCollection",
            node.get("outputCollection", ""),
            "各实例的结果不会收进集合；需要时用属性 collect",
            "what they give is not gathered; use the property collect",
            m.MEANING,
        )
    owner.set(f"{C}collection", collection)
    owner.set(f"{C}elementVariable", element or "item")
    work.map(node, None, f"collection {collection}, elementVariable {element or 'item'}")


def _called(work: Work, owner: etree._Element, node: etree._Element) -> None:
    process = node.get("processId", "")
    if not process or process.startswith("="):
        work.leave(
            node, None, m.MEANING, "被调用的流程运行前无法确定", "which process it calls is unknown before it runs"
        )
        return
    owner.set("calledElement", process)
    if node.get("propagateAllParentVariables", "true") != "false":
        etree.SubElement(work.extensions(owner), f"{C}in", {"variables": "all"})
    if node.get("propagateAllChildVariables", "true") != "false":
        etree.SubElement(work.extensions(owner), f"{C}out", {"variables": "all"})
    work.map(node, None, f"calledElement {process}")


def _passed(work: Work, owner: etree._Element, node: etree._Element) -> None:
    """Inputs and outputs: handed to a called process, or set beside a task that sets nothing itself."""
    for each in list(node):
        source, target = each.get("source", ""), each.get("target", "")
        way = {"input": "in", "output": "out"}.get(local(each))
        plain = expressions.plain(source).strip()
        if way is None:
            continue
        if plain == target:
            work.map(
                each, None, target, zh="同名变量，本系统共用", en="the same variable; there is one dictionary here"
            )
        elif workers.passed(work, owner, each, way, plain, target):
            continue
        elif local(owner) == "callActivity" and not expressions.problems(plain):
            etree.SubElement(work.extensions(owner), f"{C}{way}", {"sourceExpression": f"={plain}", "target": target})
            work.map(each, None, f"{way} ={plain} → {target}")
        else:
            work.leave(
                each,
                None,
                m.MEANING,
                f"变量“{target[:60]}”没有设置，请加一个脚本任务",
                f'the variable "{target[:60]}" is not set; add a script task',
            )
    if node.getparent() is not None:
        work.map(node, None, "-", zh="映射已逐条说明", en="its mappings are named one by one")


def _subscription(work: Work, owner: etree._Element, node: etree._Element) -> None:
    """The key stands on the message; here it stands on each event that waits for it."""
    key, message = node.get("correlationKey", ""), owner.get("id", "")
    waiting = [
        each if local(each) == "receiveTask" else each.getparent()
        for each in work.root.iter(f"{B}messageEventDefinition", f"{B}receiveTask")
        if each.get("messageRef") == message and message
    ]
    for event in waiting:
        if event is not None and local(event) in {
            "receiveTask",
            "intermediateCatchEvent",
            "boundaryEvent",
            "startEvent",
        }:
            work.property(event, "correlation", key)
    work.map(
        node,
        None,
        f"correlation {key}",
        zh="改为等待它的事件的属性 correlation",
        en="now the property correlation of the events that wait for it",
    )


def _headers(work: Work, owner: etree._Element, node: etree._Element) -> None:
    if not workers.headers(work, owner, node):
        zh, en = "没有程序来读它，请在这里重新设置", "no program reads them; set it up anew"
        work.leave(node, None, m.BINDING, zh, en)


_READERS: dict[str, Callable[[Work, etree._Element, etree._Element], None]] = {
    "taskDefinition": _job,
    "taskHeaders": _headers,
    "assignmentDefinition": _people,
    "taskSchedule": _schedule,
    "priorityDefinition": _priority,
    "formDefinition": _form,
    "userTaskForm": _embedded,
    "calledDecision": _decision,
    "script": _script,
    "loopCharacteristics": _each,
    "calledElement": _called,
    "ioMapping": _passed,
    "subscription": _subscription,
}
