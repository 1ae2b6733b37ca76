"""What the standard itself lets each tool write in its own way: conditions, scripts, timers, repeats, people, ids."""

from __future__ import annotations

from lxml import etree

from engine.notation.diagram import GATEWAYS, NODES
from engine.notation.imports import exchanges, performers, references, repeats, timers, translate
from engine.notation.imports import manifest as m
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import B, C, Work, language_of
from engine.notation.xml import local

_PERFORMERS = ("humanPerformer", "potentialOwner", "performer", "resourceRole")


def begin(work: Work) -> None:
    _ids(work)
    references.straighten(work)
    _defaults(work)


def read(work: Work) -> None:
    for flow in list(work.root.iter(f"{B}sequenceFlow")):
        _condition(work, flow, flow.find(f"{B}conditionExpression"))
    for event in list(work.root.iter(f"{B}conditionalEventDefinition")):
        _condition(work, event, event.find(f"{B}condition"))
    for loop in list(work.root.iter(f"{B}standardLoopCharacteristics")):
        _condition(work, loop, loop.find(f"{B}loopCondition"))
    for adhoc in list(work.root.iter(f"{B}adHocSubProcess")):
        _condition(work, adhoc, adhoc.find(f"{B}completionCondition"))
    for loop in list(work.root.iter(f"{B}multiInstanceLoopCharacteristics")):
        repeats.repeat(work, loop)
    for event in list(work.root.iter(f"{B}intermediateThrowEvent", f"{B}endEvent", f"{B}sendTask")):
        exchanges.sent(work, event)
    for scope in list(work.root.iter(f"{B}subProcess")):
        if scope.get("triggeredByEvent") == "true" and scope.get("isForCompensation") == "true":
            zh, en = "事件子流程由开始事件说明，不需要补偿标记", "its start event says it; the mark is not needed"
            work.note(scope, "isForCompensation", "true", "-", zh, en)
            m.drop(scope, "isForCompensation")
    for task in list(work.root.iter(f"{B}scriptTask")):
        _script(work, task)
    for timer in list(work.root.iter(f"{B}timerEventDefinition")):
        timers.timer(work, timer)
    for task in list(work.root.iter(f"{B}userTask", f"{B}manualTask")):
        for who in list(task):
            if local(who) in _PERFORMERS:
                performers.performer(work, task, who)
    for message in list(work.root.iter(f"{B}message", f"{B}signal", f"{B}error", f"{B}escalation")):
        exchanges.name(work, message)
    for task in list(work.root.iter(f"{B}receiveTask")):
        exchanges.awaited(work, task)
    for node in work.root.iter(f"{B}transformation", f"{B}from", f"{B}to"):
        if node.get("language"):
            zh, en = "用另一种语言换算，请改为脚本任务", "it is computed in another language; make it a script task"
            work.warn(node, local(node), (node.text or "").strip(), zh, en, m.BINDING)
    for call in list(work.root.iter(f"{B}callActivity")):
        exchanges.called(work, call)


def _condition(work: Work, owner: etree._Element, node: etree._Element | None) -> None:
    if node is None:
        return
    resource = node.get(f"{C}resource")
    text = (node.text or "").strip()
    if not text:
        if resource is None and isinstance(owner.tag, str) and local(owner) == "sequenceFlow":
            work.note(
                node, "conditionExpression", "", "-", "空条件等于没有条件", "an empty condition is none", away=True
            )
        return
    declared = language_of(work, node)
    try:
        given = translate.condition(text, declared, work.known)
    except NotCertain as reason:
        if translate.is_broken(text, declared, reason):
            return  # in our own language, and broken: the law on expressions says where
        work.warn(
            node, local(node), text, f"不能确切译成 FEEL：{reason.zh}", f"cannot be put into FEEL for sure: {reason.en}"
        )
        if not text.startswith(("${", "#{")):
            node.set("language", node.get("language") or "unknown")
        return
    if given.language != "FEEL" or node.get("language"):
        work.note(
            node,
            local(node),
            text,
            f"={given.text}",
            f"由 {given.language} 译成 FEEL",
            f"from {given.language} into FEEL",
        )
    m.drop(node, "language")
    node.text = f"={given.text}" if given.language != "FEEL" else text


def _script(work: Work, task: etree._Element) -> None:
    body = task.find(f"{B}script")
    text = (body.text or "").strip() if body is not None else ""
    if body is None or not text:
        if task.get("scriptFormat"):
            work.note(
                task, "scriptFormat", task.get("scriptFormat", ""), "feel", "脚本是空的", "there is no script yet"
            )
            task.set("scriptFormat", "feel")
        return
    result = next(
        (
            str(v)
            for k, v in task.attrib.items()
            if etree.QName(k).localname in {"resultVariable", "resultVariableName"}
        ),
        "",
    )
    vendor = next((etree.QName(k).namespace for k in task.attrib if etree.QName(k).namespace), None) or _vendor(work)
    keeps = vendor not in {"http://flowable.org/bpmn", "http://activiti.org/bpmn"} or any(
        etree.QName(k).localname == "autoStoreVariables" and v == "true" for k, v in task.attrib.items()
    )
    declared = task.get("scriptFormat", "")
    try:
        given = translate.script(text, declared, result=result, keeps_bindings=keeps)
    except NotCertain as reason:
        work.warn(
            task,
            "script",
            text,
            f"{declared or '脚本'} 不能确切译成 FEEL：{reason.zh}",
            f"cannot be put into FEEL for sure: {reason.en}",
        )
        return
    if given.language != "FEEL" or declared.lower() != "feel":
        work.note(
            task, "script", text, given.text, f"由 {given.language} 译成 FEEL", f"from {given.language} into FEEL"
        )
    body.text = given.text
    task.set("scriptFormat", "feel")


def _vendor(work: Work) -> str | None:
    spaces = set(work.root.nsmap.values())
    return next((space for space in ("http://flowable.org/bpmn", "http://activiti.org/bpmn") if space in spaces), None)


def _defaults(work: Work) -> None:
    """A condition on a default flow is never asked."""
    defaults = {node.get("default") for node in work.manifest.nodes if node.get("default")}
    for flow in list(work.root.iter(f"{B}sequenceFlow")):
        node = flow.find(f"{B}conditionExpression")
        if node is not None and flow.get("id") in defaults:
            text = (node.text or "").strip()
            work.note(node, "conditionExpression", text, "-", "默认分支的条件从不起作用，已去掉",
                      "the condition of a default flow is never asked; it went", away=True)  # fmt: skip


def _ids(work: Work) -> None:
    """Elements and flows without an id get one; ids are how laws, histories and running cases name them."""
    taken = {node.get("id") for node in work.manifest.nodes if node.get("id")}
    number = 0
    for node in work.manifest.nodes:
        kind = local(node)
        if kind not in NODES | {"sequenceFlow", "process", "lane"} or not str(node.tag).startswith(B) or node.get("id"):
            continue
        number += 1
        while f"{_short(kind)}_{number}" in taken:
            number += 1
        id = f"{_short(kind)}_{number}"
        taken.add(id)
        node.set("id", id)
        work.note(node, "id", "", id, "没有 id，已补上", "it had no id and got one")


def _short(kind: str) -> str:
    return "Gateway" if kind in GATEWAYS else f"{kind[:1].upper()}{kind[1:]}"


def processes(work: Work) -> list[etree._Element]:
    """Those that become drafts: the executable ones, or, where none is marked, all that have anything in them."""
    found = [node for node in work.root.iter(f"{B}process") if any(local(child) in NODES for child in node)]
    marked = [node for node in found if node.get("isExecutable", "false") in {"true", "1"}]
    for node in found if marked else []:
        if node not in marked:
            zh, en = (
                "没有标为可执行，留在图上，不执行",
                "it is not marked as executable: it stays in the drawing and is not run",
            )
            work.manifest.remark(m.KEPT, node, "process", node.get("name", ""), node.get("name", ""), zh, en)
    if marked:
        return marked
    for node in found:
        work.note(
            node,
            "isExecutable",
            node.get("isExecutable", ""),
            "true",
            "没有标为可执行，已标上",
            "it was not marked as executable; now it is",
        )
    return found
