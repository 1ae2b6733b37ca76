"""What strikes the eye in a whole drawing, pools and all, though no engine minds: hints for whoever goes on with it.

The laws read one process at a time. Here the file is seen as it was sent: what is declared and never used, what has no
place in the picture, what lies on top of something else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from engine.notation.diagram import NODES
from engine.notation.xml import BPMN, BPMNDI, line_of, local
from engine.words.errors import Finding

_B, _D = f"{{{BPMN}}}", f"{{{BPMNDI}}}"
_DECLARED = {"message": "消息", "signal": "信号", "error": "错误", "escalation": "升级"}
_SHOWN = NODES | {"lane", "participant", "group", "messageFlow", "sequenceFlow", "dataObjectReference"}


def look(root: etree._Element) -> tuple[Finding, ...]:
    """Warnings only, each at its element and line."""
    found: dict[tuple[str, str], Finding] = {}
    for law, node, zh, en in (
        *_declared(root), *_unnamed(root), *_unseen(root), *_stacked(root), *_flows(root), *_starts(root),
        *_ends(root),
    ):  # fmt: skip
        id = node.get("id") or local(node)
        found.setdefault((law, id), Finding(law, "warning", id[:200], line_of(node) or 1, zh, en))
    return tuple(found.values())


Seen = Iterator[tuple[str, etree._Element, str, str]]


def _declared(root: etree._Element) -> Seen:
    for kind, word in _DECLARED.items():
        nodes = list(root.iterchildren(f"{_B}{kind}"))
        used = {node.get(f"{kind}Ref", "").rpartition(":")[2] for node in root.iter(f"{_B}*")}
        names = Counter(node.get("name") for node in nodes if node.get("name"))
        for node in nodes:
            name = (node.get("name") or node.get("id") or "")[:60]
            coded = node.get(f"{kind}Code")
            if node.get("id") not in used:
                yield ("messages_have_names", node, f"{word}“{name}”没有被用到，可以删掉。",
                       f'The {kind} "{name}" is used by nothing; delete it.')  # fmt: skip
            elif not node.get("name") and not coded:
                yield ("messages_have_names", node, f"{word}“{name}”没有名称，请取名。",
                       f'The {kind} "{name}" has no name; give it one.')  # fmt: skip
            elif names[node.get("name")] > 1:
                yield ("messages_have_names", node, f"有两个{word}都叫“{name}”，请改名或合成一个。",
                       f'There are two of kind {kind} named "{name}"; rename one, or make them one.')  # fmt: skip


def _unnamed(root: etree._Element) -> Seen:
    leaving = _leaving(root)
    for node in root.iter(f"{_B}lane", f"{_B}participant"):
        if not (node.get("name") or "").strip():
            yield (
                "labels_are_bilingual",
                node,
                "泳道或参与者没有名称，请写上。",
                "A lane or pool has no name; give it one.",
            )
    for node in root.iter(f"{_B}exclusiveGateway", f"{_B}inclusiveGateway", f"{_B}complexGateway"):
        if leaving[node.get("id")] > 1 and not (node.get("name") or "").strip():
            yield ("labels_are_bilingual", node, "分支网关没有写问的是什么，请写上。",
                   "A gateway that splits does not say what it asks; write it on it.")  # fmt: skip
    for node in root.iter(f"{_B}sequenceFlow"):
        if node.find(f"{_B}conditionExpression") is not None and not (node.get("name") or "").strip():
            yield ("labels_are_bilingual", node, "带条件的连线没有写明何时走，请写上。",
                   "A flow with a condition does not say when it is taken; write it on it.")  # fmt: skip


def _unseen(root: etree._Element) -> Seen:
    shown = {node.get("bpmnElement", "").rpartition(":")[2] for node in root.iter(f"{_D}BPMNShape", f"{_D}BPMNEdge")}
    if not shown:
        return  # nothing is drawn at all, and one law says so
    for node in root.iter(f"{_B}*"):
        if local(node) in _SHOWN and node.get("id") and node.get("id") not in shown:
            yield ("picture_is_complete", node, "这个元素在图上没有位置，看不见，请重新画上。",
                   "This element has no place in the picture and cannot be seen; draw it anew.")  # fmt: skip


def _stacked(root: etree._Element) -> Seen:
    boxes = dict(_boxes(root))
    pools = [node for node in root.iter(f"{_B}participant") if node.get("id") in boxes]
    for number, node in enumerate(pools[:200]):
        one = boxes[node.get("id", "")]
        for other in pools[:number]:
            if _overlap(one, boxes[other.get("id", "")]):
                for each in (other, node):
                    yield ("labels_can_be_read", each, "两个参与者的框叠在一起，请移开。",
                           "Two pools lie on top of each other; move one.")  # fmt: skip
        if not node.get("processRef") and min(one[2:]) not in {60.0}:
            yield ("labels_can_be_read", node, "空的参与者通常高（或宽）60，这个不是。",
                   "An empty pool is 60 high (or wide) as a rule; this one is not.")  # fmt: skip


def _boxes(root: etree._Element) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    for shape in root.iter(f"{_D}BPMNShape"):
        for bounds in shape:
            if local(bounds) == "Bounds":
                try:
                    box = tuple(float(bounds.get(key, "")) for key in ("x", "y", "width", "height"))
                except ValueError:
                    continue  # the law on the picture says it
                yield shape.get("bpmnElement", ""), box  # type: ignore[misc]


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    across = one[0] < other[0] + other[2] and other[0] < one[0] + one[2]
    return across and one[1] < other[1] + other[3] and other[1] < one[1] + one[3]


def _flows(root: etree._Element) -> Seen:
    nodes = {node.get("id"): node for node in root.iter(f"{_B}*") if node.get("id")}
    seen: dict[tuple[str, str, str], etree._Element] = {}
    leaving: dict[str, list[etree._Element]] = {}
    for flow in root.iter(f"{_B}sequenceFlow"):
        leaving.setdefault(flow.get("sourceRef", ""), []).append(flow)
        condition = flow.find(f"{_B}conditionExpression")
        text = (condition.text or "").strip() if condition is not None else ""
        key = (flow.get("sourceRef", ""), flow.get("targetRef", ""), text)
        if key in seen:
            ends = [nodes[end] for end in key[:2] if end in nodes]
            for each in (flow, *ends):
                yield ("ways_meet_in_joins", each, "两条连线从同一处到同一处，请删掉一条。",
                       "Two flows lead from the same place to the same place; delete one.")  # fmt: skip
        seen.setdefault(key, flow)
    for source, flows in leaving.items():
        node = nodes.get(source)
        if node is None or len(flows) < 2 or local(node).endswith("Gateway"):
            continue
        asked = [flow.find(f"{_B}conditionExpression") is not None for flow in flows]
        if local(node).endswith("Event") and not all(asked):
            yield ("splits_decide", node, "流程从事件直接分成几支，请用网关画明。",
                   "The flow splits at an event; draw a gateway.")  # fmt: skip
        if any(asked):
            for flow, has in zip(flows, asked, strict=True):
                if not has and flow.get("id") != node.get("default"):
                    yield ("splits_decide", flow, "旁边的连线有条件，这条没有，因此总会走。请写条件或设为默认。",
                           "Others beside it have conditions; this one is always taken. Write one, or make it the "
                           "default.")  # fmt: skip


def _leaving(root: etree._Element) -> Counter[str | None]:
    """How many flows leave each element, by its id."""
    return Counter(flow.get("sourceRef") for flow in root.iter(f"{_B}sequenceFlow"))


def _starts(root: etree._Element) -> Seen:
    for scope in root.iter(f"{_B}process", f"{_B}subProcess"):
        blank = [
            start for start in scope.findall(f"{_B}startEvent")
            if not any(local(child).endswith("EventDefinition") for child in start)
        ]  # fmt: skip
        if len(blank) > 1:
            yield ("one_start", scope, "有几个普通开始事件，只能有一个。",
                   "There are several plain start events; there may be one.")  # fmt: skip


def _ends(root: etree._Element) -> Seen:
    """A terminate end event with nothing left to terminate."""
    leaving = _leaving(root)
    for scope in root.iter(f"{_B}process", f"{_B}subProcess"):
        split = [
            node for node in scope
            if local(node) in {"parallelGateway", "inclusiveGateway", "complexGateway"}
            or (local(node) == "boundaryEvent" and node.get("cancelActivity") == "false")
            or (local(node) == "subProcess" and node.get("triggeredByEvent") == "true")
            or (local(node) in NODES and not local(node).endswith("Gateway") and leaving[node.get("id")] > 1)
        ]  # fmt: skip
        if split or len(scope.findall(f"{_B}startEvent")) > 1:
            continue
        for end in scope.findall(f"{_B}endEvent"):
            if end.find(f"{_B}terminateEventDefinition") is not None:
                yield ("ways_end", end, "这里没有别的分支可以终止，普通结束事件就够了。",
                       "There is nothing else to terminate here; a plain end event will do.")  # fmt: skip
