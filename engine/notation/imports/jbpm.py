"""Diagrams of jBPM and Kogito: people and form names come in as data inputs, variables as item definitions."""

from __future__ import annotations

import re

from lxml import etree

from engine.notation.imports import manifest as m
from engine.notation.imports import pieces, translate
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import B, C, Work
from engine.notation.xml import local

_SPELT = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?")
NAME = "jBPM"
SPACE = "http://www.jboss.org/drools"
NAMESPACES = frozenset({SPACE, "http://www.jboss.org/drools/flow", "http://www.jboss.org/drools/flow/gpd"})
_GROUPS = ("GroupId", "groupId")
_NO_MATTER = frozenset({"packageName", "version", "adHoc", "priority", "independent", "dtype", "ruleFlowGroup"})
_TASKS = (
    "userTask",
    "manualTask",
    "task",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "callActivity",
)


def begin(work: Work) -> None:
    """Only where the diagram comes from jBPM: there, data inputs are how people and forms are named."""
    named = (work.root.get("expressionLanguage", ""), work.root.get("targetNamespace", ""), *work.root.nsmap.values())
    if any("jboss.org" in str(space) or "mvel.org" in str(space) for space in named):
        _timers(work)
    if not any(etree.QName(key).namespace in NAMESPACES for node in work.root.iter(f"{B}*") for key in node.attrib):
        return
    for tag in _TASKS:
        for node in list(work.root.iter(f"{B}{tag}")):
            _data_of(work, node)


def _timers(work: Work) -> None:
    """`1h30m`, `500ms`, `5s###1m` (after five seconds, then every minute): a spelling of its own."""
    for body in list(work.root.iter(f"{B}timeDuration", f"{B}timeCycle")):
        text = (body.text or "").strip()
        first, _, every = text.partition("###")
        after, again = _iso(first), _iso(every)
        if not after or (every and not again):
            continue
        event = next((each for each in body.iterancestors() if local(each).endswith("Event")), None)
        once = event is not None and local(event) == "intermediateCatchEvent"
        if (again or local(body) == "timeCycle") and not once:
            after, tag = f"R/{again or after}", "timeCycle"
        else:
            tag = "timeDuration"
        if again and not once and again != _iso(first):
            zh, en = "周期从间隔算起，另设的首次等待没有带来", "the first wait is as long as the others here"
            work.warn(body, local(body), text, zh, en, m.BINDING)
        work.note(body, local(body), text, after, "改写成 ISO 时长", "now an ISO duration")
        body.tag, body.text = f"{B}{tag}", after


def _iso(text: str) -> str:
    """Nothing for what is not spelt jBPM's way."""
    found = _SPELT.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        return ""
    days, hours, minutes, seconds, parts = (int(part) if part else 0 for part in found.groups())
    return f"P{days}DT{hours}H{minutes}M{seconds + -(-parts // 1000)}S"


def attribute(work: Work, node: etree._Element, key: str) -> None:
    name = etree.QName(key).localname
    if name == "adHoc" and local(node) == "process" and node.get(key) == "true":
        zh = "流程没有固定顺序，由人随时选步骤：请画上开始事件和一个特设子流程"
        en = "its steps are chosen freely: draw a start event and an ad-hoc sub-process around them"
        work.leave(node, key, m.BINDING, zh, en)
    elif name in _NO_MATTER:
        work.leave(node, key, m.NOTHING, "只管原引擎的程序包", "it is about the other engine's packages only")
    else:
        work.leave(
            node,
            key,
            m.BINDING,
            "原引擎的程序设置，请在这里重新设置",
            "a program of the other engine; set it up anew here",
        )


def extension(work: Work, owner: etree._Element, node: etree._Element) -> None:
    if local(node) == "metaData":
        work.leave(node, None, m.NOTHING, "只管原工具的显示", "it steers the other tool's pages only")
    elif local(node) in {"import", "global"}:
        work.leave(node, None, m.BINDING, "引用的 Java 程序不会执行", "Java programs are not run here")
    else:
        work.leave(
            node,
            None,
            m.BINDING,
            f"{local(node)} 是程序，请在这里重新设置",
            f"{local(node)} is a program; set it up anew here",
        )


def _data_of(work: Work, node: etree._Element) -> None:
    named = {each.get("id", ""): each.get("name", "") for each in node.iter(f"{B}dataInput", f"{B}dataOutput")}
    if not named and node.find(f"{B}dataInputAssociation") is None and node.find(f"{B}dataOutputAssociation") is None:
        return
    if local(node) == "callActivity":
        _call(work, node)
        return
    is_task = local(node) in {"userTask", "manualTask"}
    for each in list(node.findall(f"{B}dataInputAssociation")):
        target = named.get((each.findtext(f"{B}targetRef") or "").strip(), "")
        source = (each.findtext(f"{B}sourceRef") or "").strip()
        fixed = (each.findtext(f"{B}assignment/{B}from") or "").strip()
        _input(work, node, each, target, source, fixed, is_task=is_task)
    for each in list(node.findall(f"{B}dataOutputAssociation")):
        name = named.get((each.findtext(f"{B}sourceRef") or "").strip(), "")
        variable = _variable(work, (each.findtext(f"{B}targetRef") or "").strip())
        _pass(work, each, name, variable)
    for each in list(node.findall(f"{B}ioSpecification")):
        work.note(
            each,
            "ioSpecification",
            ", ".join(filter(None, named.values())),
            "-",
            "输入输出已逐条说明；本系统共用一份变量",
            "its inputs and outputs are named one by one; there is one dictionary here",
            away=True,
        )


def _call(work: Work, node: etree._Element) -> None:
    """What a call hands over stays as it is; a fixed value there is a text, or an expression in #{…}."""
    for each in list(node.iterfind(f"{B}dataInputAssociation/{B}assignment/{B}from")):
        fixed = (each.text or "").strip()
        if not fixed:
            continue
        try:
            given = translate.value(fixed, known=work.known)
        except NotCertain as reason:
            zh, en = f"不能译成 FEEL：{reason.zh}", f"cannot be put into FEEL: {reason.en}"
            work.warn(each, "from", fixed, zh, en, m.BINDING)
            continue
        each.text = f"={(given if given is not None else pieces.text(fixed)).text}"
        m.drop(each, "language")
        work.note(
            each, "from", fixed, each.text, "传给被调用流程的值，改写成 FEEL", "what the call hands over, as FEEL"
        )


def _variable(work: Work, id: str) -> str:
    for each in work.root.iter(f"{B}property"):
        if each.get("id") == id:
            return str(each.get("name") or id)
    return id


def _input(
    work: Work, node: etree._Element, each: etree._Element, target: str, source: str, fixed: str, *, is_task: bool
) -> None:
    if source:
        _pass(work, each, target, _variable(work, source))
        return
    if is_task and target in _GROUPS and fixed and "#{" not in fixed:
        work.candidates(node, fixed)
        work.note(each, target, fixed, f"candidateGroups {fixed}", "改为办理角色", "now candidate groups", away=True)
    elif is_task and target == "ActorId" and fixed:
        try:
            given = translate.value(fixed, known=work.known)
        except NotCertain as reason:
            work.warn(
                each,
                target,
                fixed,
                f"不能译成 FEEL：{reason.zh}",
                f"cannot be put into FEEL: {reason.en}",
                m.BINDING,
                away=True,
            )
        else:
            node.set(f"{C}assignee", f"={given.text}" if given is not None else f"={pieces.text(fixed).text}")
            work.note(each, target, fixed, f"assignee {fixed}", "改为办理人", "now the assignee", away=True)
    elif target in {
        "TaskName",
        "Comment",
        "Description",
        "Skippable",
        "Priority",
        "Content",
        "CreatedBy",
        "Locale",
        "NodeName",
    }:
        work.warn(
            each,
            target,
            fixed,
            "只管原工具的任务列表",
            "it is about the other engine's list of tasks only",
            m.NOTHING,
            away=True,
        )
    else:
        work.warn(
            each,
            target or "dataInput",
            fixed,
            "固定参数没有带来，请在这里重新设置",
            "a fixed parameter; set it up anew here",
            m.BINDING,
            away=True,
        )


def _pass(work: Work, each: etree._Element, name: str, variable: str) -> None:
    what = local(each)
    if name == variable:
        work.note(
            each,
            what,
            f"{name} ↔ {variable}",
            variable,
            "同名变量，本系统共用",
            "the same variable; there is one dictionary here",
            away=True,
        )
    else:
        work.warn(
            each,
            what,
            f"{name} ↔ {variable}",
            f"变量“{variable}”与参数“{name}”不同名，请改成同名字段",
            f'the variable "{variable}" and the parameter "{name}" differ; give them one name',
            m.MEANING,
            away=True,
        )
