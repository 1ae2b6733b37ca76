"""Diagrams drawn in a few words, without a picture."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from engine.notation.diagram import Diagram, read

_REF = re.compile(r'(message|signal|error|escalation)Ref="([^"]+)"')


def process(*parts: str) -> Diagram:
    return read(xml(*parts).encode())


def xml(*parts: str) -> str:
    body = "".join(parts)
    named = sorted(set(_REF.findall(body)))
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/'
        'bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t">'
        + "".join(f'<{kind} id="{ref}" name="{ref.removeprefix(kind + "_")}"/>' for kind, ref in named)
        + f'<process id="drawn" isExecutable="true">{body}</process></definitions>'
    )


def el(kind: str, id: str, inner: str = "", **attributes: str) -> str:
    quoted = {name.replace("_", ":"): escape(text, {'"': "&quot;"}) for name, text in attributes.items()}
    told = "".join(f' {name}="{text}"' for name, text in quoted.items())
    return f'<{kind} id="{id}" name="{id}"{told}>{inner}</{kind}>'


def start(id: str = "s", inner: str = "", **attributes: str) -> str:
    return el("startEvent", id, inner, **attributes)


def end(id: str = "e", inner: str = "") -> str:
    return el("endEvent", id, inner)


def task(id: str, inner: str = "") -> str:
    return el("userTask", id, inner)


def script(id: str, text: str = "{}") -> str:
    return el("scriptTask", id, f"<script>{escape(text)}</script>", scriptFormat="feel")


def gateway(kind: str, id: str, default: str = "") -> str:
    return el(f"{kind}Gateway", id, **({"default": default} if default else {}))


def catch(id: str, inner: str) -> str:
    return el("intermediateCatchEvent", id, inner)


def throws(id: str, inner: str) -> str:
    return el("intermediateThrowEvent", id, inner)


def boundary(id: str, host: str, inner: str, *, interrupting: bool = True) -> str:
    return el("boundaryEvent", id, inner, attachedToRef=host, cancelActivity=str(interrupting).lower())


def sub(id: str, *parts: str, **attributes: str) -> str:
    return el("subProcess", id, "".join(parts), **attributes)


def on(kind: str, name: str = "") -> str:
    """The trigger of an event: a message, signal, error or escalation by name; terminate; a link."""
    if kind == "link":
        return f'<linkEventDefinition name="{name}"/>'
    reference = f' {kind}Ref="{kind}_{name}"' if name else ""
    return f"<{kind}EventDefinition{reference}/>"


def timer(text: str) -> str:
    kind = "timeCycle" if text.startswith("R") else "timeDuration"
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def condition(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{escape(text)}</condition></conditionalEventDefinition>"


def several(times: str = "", *, sequential: bool = False, over: str = "", until: str = "") -> str:
    listed = f' camunda:collection="{over}" camunda:elementVariable="one"' if over else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"{listed}>'
        + (f"<loopCardinality>{times}</loopCardinality>" if times else "")
        + (f"<completionCondition>{escape(until)}</completionCondition>" if until else "")
        + "</multiInstanceLoopCharacteristics>"
    )


def properties(**values: str) -> str:
    inner = "".join(f'<camunda:property name="{k.replace("_", ".")}" value="{escape(v)}"/>' for k, v in values.items())
    return f"<extensionElements><camunda:properties>{inner}</camunda:properties></extensionElements>"


def flow(source: str, target: str, when: str = "", id: str = "") -> str:
    told = f"<conditionExpression>{escape(when)}</conditionExpression>" if when else ""
    id = id or f"{source}-{target}"
    return f'<sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">{told}</sequenceFlow>'


def flows(*ways: str) -> str:
    """Chains of ids: "s a b e" draws three flows."""
    return "".join(flow(a, b) for way in ways for a, b in zip(way.split(), way.split()[1:], strict=False))


def compensate(ref: str = "", *, waits: bool = True) -> str:
    only = f' activityRef="{ref}"' if ref else ""
    return f'<compensateEventDefinition{only} waitForCompletion="{str(waits).lower()}"/>'


def undone(host: str, handler: str) -> str:
    """The event on the border of a step, and the activity that undoes it."""
    handler = handler.replace(" name=", ' isForCompensation="true" name=', 1) if "isFor" not in handler else handler
    id = handler.split('id="', 1)[1].split('"', 1)[0]
    return boundary(f"{host}-undo", host, compensate()) + handler + association(f"{host}-undo", id)


def association(source: str, target: str) -> str:
    return f'<association id="{source}-{target}" sourceRef="{source}" targetRef="{target}"/>'


def data(id: str, variable: str = "") -> str:
    """A data object and a reference to it, as bpmn-js draws them."""
    named = properties(variable=variable) if variable else ""
    reference = f'<dataObjectReference id="{id}-drawn" name="{id}" dataObjectRef="{id}">{named}</dataObjectReference>'
    return f'<dataObject id="{id}"/>{reference}'


def writes(id: str) -> str:
    return f"<dataOutputAssociation><targetRef>{id}-drawn</targetRef></dataOutputAssociation>"


def reads(id: str) -> str:
    return f"<dataInputAssociation><sourceRef>{id}-drawn</sourceRef></dataInputAssociation>"
