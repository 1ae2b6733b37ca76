"""What Activiti, Flowable, Camunda 7 and Operaton write alike, for they have the same ancestor."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from engine.notation.imports import manifest as m
from engine.notation.imports import pieces, translate, workers
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import C, Work
from engine.notation.xml import CAMUNDA, local

ATTRIBUTES = Callable[[Work, etree._Element, str], None]
# They steer the other engine's job queue, history or gallery.
NO_MATTER = frozenset(
    {
        "async", "asyncBefore", "asyncAfter", "asyncLeave", "asyncComplete", "exclusive", "jobPriority", "taskPriority",
        "historyTimeToLive", "versionTag", "isStartableInTasklist", "modelerTemplate", "modelerTemplateVersion",
        "modelerTemplateIcon", "diagramRelationId", "category", "includeInHistory", "isEagerExecutionFetching",
        "formFieldValidation", "sameDeployment", "triggerable", "storeResultVariableAsTransient",
        "useLocalScopeForResultVariable",
        "noWaitStatesAsyncLeave", "parallelInSameTransaction", "taskIdVariableName", "taskCompleterVariableName",
        "processInstanceIdVariableName", "doNotIncludeVariables", "asyncExclusive",
    }
)  # fmt: skip
PROGRAM = {
    "class": ("Java 类", "a Java class"),
    "delegateExpression": ("Java 对象", "a Java object"),
    "expression": ("程序表达式", "an expression that calls a program"),
    "resultVariableName": ("程序的结果变量", "the variable for what the program gives"),
    "resultVariable": ("程序的结果变量", "the variable for what the program gives"),
    "type": ("原引擎的内置任务类型", "a task type of the other engine"),
    "topic": ("外部任务主题", "the topic of an external task"),
    "errorCodeVariable": ("错误码变量", "the variable for the error code"),
    "errorMessageVariable": ("错误说明变量", "the variable for the error message"),
    "escalationCodeVariable": ("升级码变量", "the variable for the escalation code"),
    "skipExpression": ("跳过条件", "the condition for skipping"),
    "formHandlerClass": ("表单的 Java 类", "the Java class of the form"),
    "taskListener": ("任务监听器", "a task listener"),
    "executionListener": ("执行监听器", "an execution listener"),
    "eventListener": ("事件监听器", "an event listener"),
    "connector": ("连接器", "a connector"),
    "field": ("程序的参数", "a parameter of the program"),
    "inputOutput": ("输入输出映射", "a mapping of inputs and outputs"),
    "failedJobRetryTimeCycle": ("重试周期", "the retry cycle"),
    "errorEventDefinition": ("外部任务的错误", "an error of the external task"),
    "mapException": ("异常映射", "a mapping of exceptions"),
    "formKey": ("文件以外的表单", "a form outside the file"),
    "formRef": ("文件以外的表单", "a form outside the file"),
    "formRefBinding": ("表单的版本", "the form's version"),
    "formRefVersion": ("表单的版本", "the form's version"),
    "candidateStarterGroups": ("谁可以发起（组）", "who may start it (groups)"),
    "candidateStarterUsers": ("谁可以发起（人）", "who may start it (users)"),
    "potentialStarter": ("谁可以发起", "who may start it"),
    "validation": ("校验", "a validation"),
    "variableListener": ("变量监听", "what listens to variables"),
    "variableName": ("监听的变量", "the variable listened to"),
    "variableEvents": ("监听的变化", "the change listened to"),
}


def attribute(work: Work, node: etree._Element, key: str) -> None:
    """One attribute of this family on a BPMN element."""
    kind, name = local(node), etree.QName(key).localname
    is_task = kind in {"userTask", "manualTask"}
    ours = f"{C}{name}"
    if name in NO_MATTER:
        work.leave(
            node,
            key,
            m.NOTHING,
            "只管原引擎的排队、历史或界面",
            "it steers the other engine's queue, history or pages only",
        )
    elif name in {"assignee", "dueDate", "priority"} and is_task:
        work.expression(node, key, None if key == ours else ours)
    elif name == "candidateGroups" and is_task:
        _groups(work, node, key)
    elif name == "candidateUsers" and is_task:
        _users(work, node, key)
    elif name == "initiator" and kind == "startEvent":
        work.map(
            node,
            key,
            "=case.raised_by",
            zh="发起人在本系统是 case.raised_by",
            en="who raised it is case.raised_by here",
        )
    elif name == "followUpDate":
        work.leave(
            node, key, m.BINDING, "本系统没有跟进日期，请用时限和督办", "there is no follow-up date here; use limits"
        )
    elif name in {"collection", "elementVariable"} and kind == "multiInstanceLoopCharacteristics":
        _collection(work, node, key, ours)
    elif name == "elementIndexVariable":
        work.leave(node, key, m.MEANING, "多实例没有序号变量", "a repeated step has no variable for its number here")
    elif name in {"decisionRef", "decisionTaskResultVariable"} and kind == "businessRuleTask":
        _renamed(work, node, key, f"{C}{'decisionRef' if name == 'decisionRef' else 'resultVariable'}")
    elif name == "resultVariable" and kind == "businessRuleTask":
        _renamed(work, node, key, ours)
    elif name == "resultVariable" and kind == "scriptTask":
        work.map(
            node,
            key,
            node.get(key, ""),
            zh="脚本的结果变量，写进 FEEL 上下文",
            en="the result's name, now in the FEEL context",
        )
    elif name == "autoStoreVariables":
        work.leave(node, key, m.NOTHING, "FEEL 脚本的结果总是保存", "what a FEEL script gives is always kept")
    elif name in {"decisionRefBinding", "decisionRefVersion", "decisionRefVersionTag", "decisionRefTenantId",
                  "calledElementBinding", "calledElementVersion", "calledElementTenantId", "calledElementVersionTag",
                  "caseBinding", "mapDecisionResult"}:  # fmt: skip
        work.leave(
            node,
            key,
            m.BINDING,
            "版本跟着流程一起发布，结果形状由决策表决定",
            "here the table is published with the process and its own shape counts",
        )
    elif name in {"type", "topic"} and kind in {"serviceTask", "sendTask", "businessRuleTask", "endEvent"}:
        _service(work, node, key, ours)
    elif topic := workers.program_of(node, name, node.get(key, "")):
        workers.program(work, node, key, topic)
    else:
        zh, en = PROGRAM.get(name, ("本系统不认识", "unknown here"))
        work.leave(node, key, m.BINDING, f"{zh}，请在这里重新设置", f"{en}; set it up anew here")


def _renamed(work: Work, node: etree._Element, key: str, ours: str) -> None:
    if "${" in node.get(key, "") or "#{" in node.get(key, ""):
        work.leave(
            node, key, m.BINDING, "名称是表达式，运行前无法确定", "the name is an expression, unknown before it runs"
        )
    elif key == ours:
        work.keep(node, key)
    else:
        value = node.get(key, "")
        work.map(node, key, value)
        node.set(ours, value)


def _groups(work: Work, node: etree._Element, key: str) -> None:
    text = node.get(key, "")
    if "${" in text or "#{" in text:
        work.leave(
            node,
            key,
            m.BINDING,
            "组由程序或变量决定，请写明角色",
            "the group comes from a variable or a program; name a role",
        )
        return
    ours = f"{C}candidateGroups"
    if key == ours:
        work.keep(node, key)
        return
    work.map(node, key, text)
    work.candidates(node, text)


def _users(work: Work, node: etree._Element, key: str) -> None:
    found = []
    for part in _split(node.get(key, "")):
        try:
            given = translate.value(part, known=work.known)
        except NotCertain as reason:
            work.uncertain(node, key, reason)
            return
        found.append(f"={given.text}" if given is not None else f"={pieces.text(part).text}")
    if not found:
        work.leave(node, key, m.NOTHING, "没有写人", "it names nobody")
        return
    after = ", ".join(found)
    work.map(node, key, after, zh="改为可办理人员", en="officers who may do it")
    work.candidates(node, after)


def _split(text: str) -> list[str]:
    parts, depth, begin = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "{(") - (sign in "})")
        if sign == "," and depth <= 0:
            parts.append(text[begin:at])
            begin = at + 1
    return [part.strip() for part in (*parts, text[begin:]) if part.strip()]


def _collection(work: Work, node: etree._Element, key: str, ours: str) -> None:
    text = node.get(key, "")
    if etree.QName(key).localname == "elementVariable":
        _renamed(work, node, key, ours)
        return
    try:
        given = translate.value(text, known=work.known)
        after = f"={given.text}" if given is not None else f"={pieces.name(text.strip()).text}"
    except NotCertain as reason:
        work.uncertain(node, key, reason, m.MEANING)
        return
    work.map(node, key, after)
    node.set(ours, after)


def _service(work: Work, node: etree._Element, key: str, ours: str) -> None:
    space = etree.QName(key).namespace
    if node.get(f"{{{space}}}type", "external") in {"external", "external-worker"} and local(node) in workers.TASKS:
        name, value = etree.QName(key).localname, node.get(key, "")
        if name == "type":
            value = "external"
        if key == ours and value == node.get(key):
            work.keep(node, key)
        else:
            work.map(node, key, value)
        node.set(ours, value)
        if name == "topic" and "${" not in value:
            workers.declare(work, node, value)
        return
    name = etree.QName(key).localname
    work.leave(node, key, m.BINDING, f"{PROGRAM[name][0]}“{node.get(key, '')[:60]}”不能执行，请改用服务任务的 topic",
               f"{PROGRAM[name][1]}; choose the topic of a service task instead")  # fmt: skip


def extension(work: Work, owner: etree._Element, node: etree._Element) -> None:
    """One element of this family among the extension elements of a BPMN element."""
    kind, name = local(owner), local(node)
    if name == "formProperty":
        _form_property(work, owner, node)
    elif name in {"in", "out"} and (kind in {"callActivity", "signalEventDefinition"} or workers.is_declared(owner)):
        _passed(work, node)
    elif name == "field" and workers.field(work, owner, node):
        return
    elif name == "inputOutput" and workers.is_declared(owner):
        workers.mapping(work, owner, node)
    elif name in {"failedJobRetryTimeCycle", "localization", "executionListener"} and not len(node) and not node.attrib:
        work.leave(
            node, None, m.NOTHING, "只管原引擎的重试或界面", "it steers the other engine's retries or pages only"
        )
    elif name == "failedJobRetryTimeCycle":
        work.leave(node, None, m.NOTHING, "只管原引擎的重试", "it steers the other engine's retries only")
    elif name == "collection" and kind == "multiInstanceLoopCharacteristics":
        work.leave(node, None, m.MEANING, "集合由程序给出", "the collection comes from a program")
    else:
        zh, en = PROGRAM.get(name, ("本系统不认识", "unknown here"))
        work.leave(node, None, m.BINDING, f"{zh}，请在这里重新设置", f"{en}; set it up anew here")


_HANDED = frozenset({"source", "target", "variables", "businessKey", "local"})


def _passed(work: Work, node: etree._Element) -> None:
    """What is handed to a called process and back. Written here as Camunda 7 writes it."""
    expression = node.get("sourceExpression")
    after = {key: node.get(key, "") for key in m.keys(node) if key in _HANDED}
    if expression is not None:
        try:
            given = translate.value(expression, known=work.known)
        except NotCertain as reason:
            work.uncertain(node, None, reason, m.MEANING)
            return
        after["sourceExpression"] = f"={given.text}" if given is not None else expression
    parent = node.getparent()
    if etree.QName(node).namespace == CAMUNDA and after == {key: node.get(key, "") for key in m.keys(node)}:
        work.keep(node)
        return
    assert parent is not None  # an extension stands among the extension elements
    at = parent.index(node)
    parent.insert(at, etree.Element(f"{C}{local(node)}", after))
    work.map(node, None, " ".join(f'{key}="{value}"' for key, value in after.items()))


_PROPERTY_TYPES = {
    "string": "string",
    "long": "long",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
    "enum": "enum",
}


def _form_property(work: Work, owner: etree._Element, node: etree._Element) -> None:
    """Activiti's form properties, as fields."""
    id, type = node.get("id", ""), node.get("type", "string")
    if type not in _PROPERTY_TYPES or not id or local(owner) not in {"userTask", "startEvent", "manualTask"}:
        work.leave(
            node,
            None,
            m.BINDING,
            f"表单字段“{id}”的类型“{type}”本系统没有",
            f'the field "{id}" has the type "{type}", unknown here',
        )
        return
    variable = node.get("variable") or id
    constraints = {}
    if node.get("required") == "true":
        constraints["required"] = "true"
    if node.get("writable") == "false" or node.get("writeable") == "false":
        constraints["readonly"] = "true"
    default = node.get("default") or node.get("expression")
    try:
        given = translate.value(default, known=work.known) if default else None
    except NotCertain as reason:
        default = None
        work.warn(
            node,
            "default",
            node.get("default") or "",
            f"默认值不能译成 FEEL：{reason.zh}",
            f"its default cannot be put into FEEL: {reason.en}",
            m.BINDING,
        )
    else:
        default = f"={given.text}" if given is not None else default
    choices = {
        value.get("id", ""): value.get("name") or value.get("id") or "" for value in node if local(value) == "value"
    }
    work.map(node, None, f"{variable}: {_PROPERTY_TYPES[type]}", zh="改为表单字段", en="now a field of the form")
    work.field(
        owner,
        variable,
        _PROPERTY_TYPES[type],
        node.get("name") or id,
        default=default or None,
        choices=choices,
        constraints=constraints,
    )
