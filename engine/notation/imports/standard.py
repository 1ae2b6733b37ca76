"""What the standard itself lets each tool write in its own way: conditions, scripts, timers, repeats, people, ids."""

from __future__ import annotations

import re

from lxml import etree

from engine.notation.diagram import GATEWAYS, NODES
from engine.notation.imports import manifest as m
from engine.notation.imports import pieces, references, translate, workers
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import B, C, Work
from engine.notation.timings import is_plain_timing
from engine.notation.xml import local

_QUOTED = re.compile(r"""(['"])([^'"]*)\1""")
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,99}")
_PERFORMERS = ("humanPerformer", "potentialOwner", "performer", "resourceRole")
_PARTY = re.compile(r"(user|group)\s*\(([^)]*)\)")


_AT_ONCE = re.compile(r"P(?:0+D)?(?:T(?:0+H)?(?:0+M)?(?:0+(?:\.0+)?S)?)?")
_CYCLE = re.compile(r"R\d*/(P[^/]+)")


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
        _repeat(work, loop)
    for event in list(work.root.iter(f"{B}intermediateThrowEvent", f"{B}endEvent", f"{B}sendTask")):
        _sent(work, event)
    for scope in list(work.root.iter(f"{B}subProcess")):
        if scope.get("triggeredByEvent") == "true" and scope.get("isForCompensation") == "true":
            zh, en = "事件子流程由开始事件说明，不需要补偿标记", "its start event says it; the mark is not needed"
            work.note(scope, "isForCompensation", "true", "-", zh, en)
            m.drop(scope, "isForCompensation")
    for task in list(work.root.iter(f"{B}scriptTask")):
        _script(work, task)
    for timer in list(work.root.iter(f"{B}timerEventDefinition")):
        _timer(work, timer)
    for task in list(work.root.iter(f"{B}userTask", f"{B}manualTask")):
        for who in list(task):
            if local(who) in _PERFORMERS:
                _performer(work, task, who)
    for message in list(work.root.iter(f"{B}message", f"{B}signal", f"{B}error", f"{B}escalation")):
        _name(work, message)
    for task in list(work.root.iter(f"{B}receiveTask")):
        _awaited(work, task)
    for node in work.root.iter(f"{B}transformation", f"{B}from", f"{B}to"):
        if node.get("language"):
            zh, en = "用另一种语言换算，请改为脚本任务", "it is computed in another language; make it a script task"
            work.warn(node, local(node), (node.text or "").strip(), zh, en, m.BINDING)
    for call in list(work.root.iter(f"{B}callActivity")):
        _called(work, call)


def _language(work: Work, node: etree._Element) -> str:
    declared = node.get("language") or work.root.get("expressionLanguage") or ""
    if not declared and _is_zeebe(work):
        return "feel"
    return declared


def _is_zeebe(work: Work) -> bool:
    return "http://camunda.org/schema/zeebe/1.0" in work.root.nsmap.values()


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
    declared = _language(work, node)
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


def _repeat(work: Work, loop: etree._Element) -> None:
    for tag in ("completionCondition", "loopCardinality"):
        node = loop.find(f"{B}{tag}")
        text = (node.text or "").strip() if node is not None else ""
        if node is None or not text:
            continue
        try:
            given = translate.condition(text, _language(work, node), work.known)
        except NotCertain as reason:
            work.warn(
                node, tag, text, f"不能确切译成 FEEL：{reason.zh}", f"cannot be put into FEEL for sure: {reason.en}"
            )
            if not text.startswith(("${", "#{")):
                node.set("language", node.get("language") or "unknown")
            continue
        m.drop(node, "language")
        if given.language != "FEEL":
            work.note(node, tag, text, given.text, f"由 {given.language} 译成 FEEL", f"from {given.language} into FEEL")
            node.text = f"={given.text}"
    member = loop.find(f"{B}inputDataItem")
    if member is not None:
        variable = member.get("name") or member.get("id") or ""
        work.note(
            member,
            "inputDataItem",
            variable,
            f"elementVariable {variable}",
            "改为元素变量",
            "now the element variable",
            away=True,
        )
        if not loop.get(f"{C}elementVariable"):
            loop.set(f"{C}elementVariable", variable)
    source = loop.find(f"{B}loopDataInputRef")
    if source is not None and (source.text or "").strip():
        named = _data_name(work, (source.text or "").strip())
        work.note(
            source,
            "loopDataInputRef",
            (source.text or "").strip(),
            f"collection ={named}",
            "改为多实例集合",
            "now the collection",
            away=True,
        )
        if not loop.get(f"{C}collection"):
            loop.set(f"{C}collection", f"={named}")
    collected = any(etree.QName(key).localname == "collection" for key in loop.attrib)
    if collected and not any(etree.QName(key).localname == "elementVariable" for key in loop.attrib):
        work.note(loop, "elementVariable", "", "item", "没有元素变量，定为 item", "it had no element variable: item")
        loop.set(f"{C}elementVariable", "item")
    for tag in ("loopDataOutputRef", "outputDataItem"):
        node = loop.find(f"{B}{tag}")
        if node is not None:
            work.warn(
                node,
                tag,
                (node.text or node.get("name") or node.get("id") or "").strip(),
                "各实例的结果不会收进集合；需要时用属性 collect",
                "what they give is not gathered; use the property collect",
                away=True,
            )


def _data_name(work: Work, id: str) -> str:
    """The collection's variable: a data input stands for what is handed to it."""
    for each in work.root.iter(f"{B}dataInputAssociation"):
        if (each.findtext(f"{B}targetRef") or "").strip() == id:
            id = (each.findtext(f"{B}sourceRef") or "").strip() or id
    for each in work.root.iter(f"{B}property", f"{B}dataObjectReference", f"{B}dataObject", f"{B}dataInput"):
        if each.get("id") == id and _ID.fullmatch(each.get("name", "")):
            return str(each.get("name"))
    return id


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


def _timer(work: Work, timer: etree._Element) -> None:
    if _starts_a_process(timer):
        _plain_start(work, timer)
    for body in list(timer):
        text = (body.text or "").strip()
        if local(body) not in {"timeDate", "timeDuration", "timeCycle"} or not text:
            continue
        quoted = _QUOTED.fullmatch(text)
        if (other := _moment(timer, text)) is not None:
            after, zh, en = other
            work.note(body, local(body), text, after, zh, en)
            body.text = after
            if local(body) == "timeCycle":
                body.tag = f"{B}timeDuration"
            continue
        try:
            if quoted and is_plain_timing(quoted[2]):
                after, language = quoted[2], "Python"
            elif is_plain_timing(text):
                continue
            else:
                given = translate.value(text, _language(work, body), work.known)
                if given is None:
                    continue  # the law on timers says what is wrong with it
                after, language = f"={given.text}", given.language
        except NotCertain as reason:
            work.warn(
                body,
                local(body),
                text,
                f"不能确切译成 FEEL：{reason.zh}",
                f"cannot be put into FEEL for sure: {reason.en}",
            )
            continue
        if language != "FEEL":
            work.note(body, local(body), text, after, f"由 {language} 译成 FEEL", f"from {language} into FEEL")
            body.text = after


def _starts_a_process(timer: etree._Element) -> bool:
    event = timer.getparent()
    around = event.getparent() if event is not None else None
    return event is not None and local(event) == "startEvent" and around is not None and local(around) == "process"


def _plain_start(work: Work, timer: etree._Element) -> None:
    """There is no case yet whose variables a time could be made of."""
    for body in timer:
        text = (body.text or "").strip()
        if text and not is_plain_timing(text) and not _AT_ONCE.fullmatch(text):
            work.warn(body, local(body), text, "开始时间由程序或变量决定，请写明时间",
                      "a variable or a program says when it starts; write the time itself", m.BINDING)  # fmt: skip


def _moment(timer: etree._Element, text: str) -> tuple[str, str, str] | None:
    """Times that other engines take and that mean something else, or nothing, here: the new text, and why."""
    event = timer.getparent()
    if _AT_ONCE.fullmatch(text) and text[-1] not in "PT":
        return "PT1S", "零时长即立刻：改为一秒", "a duration of nothing is at once: now one second"
    cycle = _CYCLE.fullmatch(text)
    if cycle and event is not None and local(event) == "intermediateCatchEvent" and is_plain_timing(cycle[1]):
        return (
            cycle[1],
            "中间事件只发生一次，取周期的第一次",
            "an intermediate event happens once: the first of the cycle",
        )
    return None


def _defaults(work: Work) -> None:
    """A condition on a default flow is never asked."""
    defaults = {node.get("default") for node in work.manifest.nodes if node.get("default")}
    for flow in list(work.root.iter(f"{B}sequenceFlow")):
        node = flow.find(f"{B}conditionExpression")
        if node is not None and flow.get("id") in defaults:
            text = (node.text or "").strip()
            work.note(node, "conditionExpression", text, "-", "默认分支的条件从不起作用，已去掉",
                      "the condition of a default flow is never asked; it went", away=True)  # fmt: skip


def _performer(work: Work, task: etree._Element, who: etree._Element) -> None:
    text = (who.findtext(f"{B}resourceAssignmentExpression/{B}formalExpression") or "").strip()
    if not text:
        work.warn(who, local(who), "", "没有写明是谁", "it does not say who", m.BINDING, away=True)
        return
    try:
        groups, users = _parties(work, text, is_group=local(who) != "humanPerformer")
    except NotCertain as reason:
        work.warn(
            who,
            local(who),
            text,
            f"不能译成 FEEL：{reason.zh}",
            f"cannot be put into FEEL: {reason.en}",
            m.BINDING,
            away=True,
        )
        return
    if local(who) == "potentialOwner" or len(users) != 1 or groups:
        after = ", ".join([*groups, *users])
        work.note(
            who,
            local(who),
            text,
            f"candidateGroups {after}",
            "改为可办理的角色和人员",
            "now roles and officers who may do it",
            away=True,
        )
        work.candidates(task, after)
    else:
        work.note(who, local(who), text, f"assignee {users[0]}", "改为办理人", "now the assignee", away=True)
        task.set(f"{C}assignee", users[0])


def _parties(work: Work, text: str, *, is_group: bool) -> tuple[list[str], list[str]]:
    """`user(kermit), group(management), clerks` as roles and logins. A bare name is a group, or the performer."""
    groups: list[str] = []
    users: list[str] = []
    for part in (part.strip() for part in text.split(",")):
        found = _PARTY.fullmatch(part)
        kind, name = (found[1], found[2].strip()) if found else ("group" if is_group else "user", part)
        given = translate.value(name, known=work.known)
        if given is not None and kind == "group":
            raise NotCertain("组由变量决定，请写明角色", "the group comes from a variable; name a role")
        if kind == "group":
            groups.append(name)
        else:
            users.append(f"={given.text}" if given is not None else f"={pieces.text(name).text}")
    return groups, users


def _name(work: Work, message: etree._Element) -> None:
    """Camunda 8 may name a message by an expression; a fixed text is all that we take."""
    name = message.get("name", "")
    code = message.get("errorCode") or message.get("escalationCode") or ""
    if code and code != name:
        work.note(message, "name", name, code, "错误和升级按代码相配", "errors and escalations meet by their code")
        name = code
        message.set("name", code)
    elif not name and message.get("id"):
        name = message.get("id") or ""
        work.note(message, "name", "", name, "没有名称，用它的 id", "it had no name and got its id for one")
        message.set("name", name)
    quoted = re.fullmatch(r'=\s*"([^"]*)"', name)
    if quoted:
        work.note(message, "name", name, quoted[1], "改为固定名称", "now a fixed name")
        message.set("name", quoted[1])
    elif name.startswith(("=", "${", "#{")):
        work.warn(
            message,
            "name",
            name,
            "名称由变量决定，请改成固定名称",
            "its name comes from a variable; give it a fixed one",
        )


def _awaited(work: Work, task: etree._Element) -> None:
    """A receive task without a message waits until a program lets it go on: here, until a message of its id comes."""
    if task.get("messageRef") or not task.get("id"):
        return
    id, name = f"Message_{task.get('id')}", task.get("id") or ""
    work.root.insert(0, etree.Element(f"{B}message", {"id": id, "name": name}))
    task.set("messageRef", id)
    work.note(
        task,
        "messageRef",
        "",
        name,
        "没有写消息，改为等待同名消息",
        "it named no message; it waits for one of its own name",
    )


def _sent(work: Work, event: etree._Element) -> None:
    """What sends a message that is not named leaves it to a program, or to nobody."""
    if local(event) == "sendTask" and workers.is_program(event):
        return  # a worker sends it
    node = event if local(event) == "sendTask" else event.find(f"{B}messageEventDefinition")
    if node is not None and not node.get("messageRef"):
        zh, en = "由程序发送，没有写明消息，请选择一条", "a program sends it, and no message is named; choose one"
        work.warn(event, "messageRef", "", zh, en, m.BINDING)


def _called(work: Work, call: etree._Element) -> None:
    text = call.get("calledElement", "")
    if not text.startswith(("${", "#{")):
        return
    try:
        given = translate.value(text, known=work.known)
    except NotCertain as reason:
        zh, en = f"被调用的流程由程序决定：{reason.zh}", f"a program says which process it calls: {reason.en}"
        work.warn(call, "calledElement", text, zh, en, m.BINDING)
        return
    assert given is not None  # it begins as an expression does
    work.note(call, "calledElement", text, f"={given.text}", "由 JUEL 译成 FEEL", "from JUEL into FEEL")
    call.set("calledElement", f"={given.text}")


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
