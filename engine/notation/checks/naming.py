"""What an officer calls the things in a diagram: 用户任务“签收”, user task "Sign for"."""

from __future__ import annotations

from engine.notation.diagram import Diagram, Element, Flow

KINDS: dict[str, tuple[str, str]] = {
    "process": ("流程", "process"),
    "userTask": ("用户任务", "user task"),
    "manualTask": ("人工任务", "manual task"),
    "task": ("普通任务", "plain task"),
    "serviceTask": ("服务任务", "service task"),
    "scriptTask": ("脚本任务", "script task"),
    "businessRuleTask": ("决策任务", "business rule task"),
    "sendTask": ("发送任务", "send task"),
    "receiveTask": ("接收任务", "receive task"),
    "callActivity": ("调用活动", "call activity"),
    "subProcess": ("子流程", "sub-process"),
    "adHocSubProcess": ("特设子流程", "ad-hoc sub-process"),
    "transaction": ("事务", "transaction"),
    "exclusiveGateway": ("排他网关", "exclusive gateway"),
    "parallelGateway": ("并行网关", "parallel gateway"),
    "inclusiveGateway": ("包容网关", "inclusive gateway"),
    "eventBasedGateway": ("事件网关", "event-based gateway"),
    "complexGateway": ("复杂网关", "complex gateway"),
    "startEvent": ("开始事件", "start event"),
    "endEvent": ("结束事件", "end event"),
    "intermediateCatchEvent": ("中间捕获事件", "intermediate catch event"),
    "intermediateThrowEvent": ("中间抛出事件", "intermediate throw event"),
    "boundaryEvent": ("边界事件", "boundary event"),
    "sequenceFlow": ("连线", "sequence flow"),
    "lane": ("泳道", "lane"),
    "dataObject": ("数据对象", "data object"),
    "dataObjectReference": ("数据对象", "data object"),
    "dataStoreReference": ("数据存储", "data store"),
}

TRIGGERS: dict[str, tuple[str, str]] = {
    "timer": ("定时", "timer"),
    "message": ("消息", "message"),
    "signal": ("信号", "signal"),
    "error": ("错误", "error"),
    "escalation": ("升级", "escalation"),
    "conditional": ("条件", "conditional"),
    "terminate": ("终止", "terminate"),
    "cancel": ("取消", "cancel"),
    "link": ("链接", "link"),
    "compensate": ("补偿", "compensation"),
    "multiple": ("多重", "multiple"),
}


def kind_of(tag: str) -> tuple[str, str]:
    """Chinese and English word for a BPMN tag; an unknown one is called by its tag."""
    return KINDS.get(tag, (tag, tag))


def clip(text: str, length: int = 80) -> str:
    """A stranger's text, short enough to stand in a sentence."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def short(diagram: Diagram, id: str) -> tuple[str, str]:
    """“签收” / "Sign for": the label of an element, or its id where it has none."""
    if id == diagram.process:
        return f"“{clip(diagram.name)}”", f'"{clip(diagram.name_en or diagram.name)}"'
    element = diagram.elements.get(id)
    if element is None or not element.name:
        return f"“{clip(id)}”", f'"{clip(id)}"'
    return f"“{clip(element.name)}”", f'"{clip(element.name_en or element.name)}"'


def called(diagram: Diagram, thing: Element | Flow | str) -> tuple[str, str]:
    """A whole name in both languages. A flow is named by its two ends, for hardly any flow has a label."""
    if isinstance(thing, Flow):
        (from_zh, from_en), (to_zh, to_en) = short(diagram, thing.source), short(diagram, thing.target)
        return f"从{from_zh}到{to_zh}的连线", f"the flow from {from_en} to {to_en}"
    if isinstance(thing, str):
        zh, en = short(diagram, thing)
        return ("流程" if thing == diagram.process else "") + zh, ("process " if thing == diagram.process else "") + en
    kind_zh, kind_en = kind_of(thing.kind)
    name_zh, name_en = short(diagram, thing.id)
    return f"{kind_zh}{name_zh}", f"{kind_en} {name_en}"
