"""Diagrams of SpiffArena and SpiffWorkflow: Python in conditions and scripts, forms in files beside the diagram."""

from __future__ import annotations

from lxml import etree

from engine.notation.imports import manifest as m
from engine.notation.imports.work import C, Work
from engine.notation.xml import local

NAME = "SpiffWorkflow"
SPACE = "http://spiffworkflow.org/bpmn/schema/1.0/core"
NAMESPACES = frozenset({SPACE})


def attribute(work: Work, node: etree._Element, key: str) -> None:
    name = etree.QName(key).localname
    if name == "scriptsOnInstances":
        work.leave(node, key, m.MEANING, "前后脚本的执行方式没有带来", "how its scripts run is not taken along")
    else:
        work.leave(node, key, m.NOTHING, "只管原引擎", "it is about the other engine only")


def extension(work: Work, owner: etree._Element, node: etree._Element) -> None:
    name, text = local(node), (node.text or "").strip()
    if name == "calledDecisionId" and text and local(owner) == "businessRuleTask":
        work.map(node, None, f"decisionRef {text}")
        owner.set(f"{C}decisionRef", text)
    elif name in {"instructionsForEndUser", "guestConfirmation"} and text:
        if local(owner) in {"userTask", "manualTask"} and "{{" not in text and "{%" not in text:
            work.map(node, None, text, zh="改为办理提示 hint", en="now the hint above the form")
            work.property(owner, "hint", " ".join(text.split())[:500])
        else:
            work.leave(
                node, None, m.BINDING, "带程序的说明没有带来", "instructions that hold a program are not taken along"
            )
    elif name in {"preScript", "postScript"}:
        work.leave(node, None, m.MEANING, "前后脚本请画成脚本任务", "draw it as a script task of its own")
    elif name in {"messagePayload", "messageVariable", "payloadExpression", "variableName"}:
        work.leave(
            node,
            None,
            m.MEANING,
            "消息内容请用属性 payload 写明",
            "say what the message carries in the property payload",
        )
    elif name in {"unitTests", "allowGuest"}:
        work.leave(node, None, m.NOTHING, "本系统不需要", "not needed here")
    else:
        work.leave(node, None, m.BINDING, f"{name} 请在这里重新设置", f"{name} is to be set up anew here")
