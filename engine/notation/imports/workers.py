"""What another engine's programs do becomes work for a program outside: the same topic, or one named after the program.

Whoever ran as a Java class inside that engine sees here what it saw there, and what it gives back becomes fields of the
case; but somebody must let it run as a worker. So that is said, as a thing to look at, and not as a thing left out.
"""

from __future__ import annotations

import json
import re

from lxml import etree

from engine.notation import expressions
from engine.notation.checks.topics_are_known import TOPICS
from engine.notation.imports import manifest as m
from engine.notation.imports import translate
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import B, C, Work
from engine.notation.xml import local

TASKS = frozenset({"serviceTask", "sendTask"})
_CLASS = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*")
_BEAN = re.compile(r"[$#]\{\s*([A-Za-z_]\w*)\s*\}")
_NAME = re.compile(r"[A-Za-z_]\w*")


def program_of(node: etree._Element, name: str, value: str) -> str:
    """The topic for a Java class, or for an object called by its plain name; "" where it is worked out at run time."""
    if local(node) not in TASKS:
        return ""
    found = _CLASS.fullmatch(value.strip()) if name == "class" else _BEAN.fullmatch(value.strip())
    if found is None or name not in {"class", "delegateExpression"}:
        return ""
    return found[1] if name == "delegateExpression" else found[0]


def is_program(node: etree._Element) -> bool:
    """Whether a worker will do this task, as its own attributes and extensions say before they are put into ours."""
    for key, value in node.attrib.items():
        name = etree.QName(str(key))
        if name.namespace is not None and (
            program_of(node, name.localname, str(value))
            or (name.localname == "type" and value in {"external", "external-worker"})
        ):
            return True
    jobs = node.findall(f"{B}extensionElements/{{http://camunda.org/schema/zeebe/1.0}}taskDefinition")
    return any(job.get("type", "") and not job.get("type", "").startswith("=") for job in jobs)


def is_declared(node: etree._Element) -> bool:
    found = node.findall(f"{B}extensionElements/{C}properties/{C}property")
    return any(prop.get("name") == "worker" for prop in found)


def declare(work: Work, node: etree._Element, topic: str) -> None:
    """Marks the task as done by a worker that sees everything and may write everything."""
    node.set(f"{C}type", "external")
    node.set(f"{C}topic", topic)
    if topic in TOPICS or is_declared(node):
        return  # one of our own, or said already
    work.property(node, "worker", "external")
    hand(work, node, "in", variables="all")
    hand(work, node, "out", variables="all")


def hand(work: Work, node: etree._Element, way: str, **attributes: str) -> None:
    etree.SubElement(work.extensions(node), f"{C}{way}", attributes)


def program(work: Work, node: etree._Element, key: str, topic: str) -> None:
    work.map(
        node, key, f"topic {topic}, worker external",
        zh=f"改为外部服务任务，主题“{topic}”：请让一个程序按这个主题来办",
        en=f'now work for a program outside, by the topic "{topic}": let one ask for it',
        weight=m.BINDING,
    )  # fmt: skip
    declare(work, node, topic)


def field(work: Work, owner: etree._Element, node: etree._Element) -> bool:
    """A parameter injected into a program: handed to the worker under its name. False: it cannot be told for sure."""
    name = node.get("name", "")
    inner = {local(child): (child.text or "").strip() for child in node if isinstance(child.tag, str)}
    expression = node.get("expression") or inner.get("expression")
    text = node.get("stringValue") or inner.get("string") or ""
    if not is_declared(owner) or not _NAME.fullmatch(name):
        return False
    try:
        given = translate.value(expression, known=work.known) if expression else None
    except NotCertain:
        return False
    source = given.text if given is not None else json.dumps(expression or text, ensure_ascii=False)
    work.map(node, None, f"in ={source} → {name}", zh="改为交给程序的参数", en="now handed to the program")
    hand(work, owner, "in", sourceExpression=f"={source}", target=name)
    return True


def passed(work: Work, owner: etree._Element, each: etree._Element, way: str, source: str, target: str) -> bool:
    """One input or output mapping of a task that a worker does. `source` in FEEL, without its sign."""
    if not is_declared(owner) or not _NAME.fullmatch(target) or expressions.problems(source):
        return False
    hand(work, owner, way, sourceExpression=f"={source}", target=target)
    work.map(each, None, f"{way} ={source} → {target}")
    return True


def mapping(work: Work, owner: etree._Element, node: etree._Element) -> None:
    """Camunda 7's inputOutput of an external task, one by one; what is no plain value or expression is left."""
    for each in [child for child in node if isinstance(child.tag, str)]:
        way = {"inputParameter": "in", "outputParameter": "out"}.get(local(each))
        text = (each.text or "").strip()
        try:
            if way is None or len(each):
                raise NotCertain("值由程序给出", "a program gives it")
            given = translate.value(text, known=work.known)
        except NotCertain as reason:
            work.uncertain(each, None, reason)
            continue
        source = given.text if given is not None else json.dumps(text, ensure_ascii=False)
        if not passed(work, owner, each, way, source, each.get("name", "")):
            work.uncertain(each, None, NotCertain("名称不能用作变量", "its name is none a variable can have"))
    if node.getparent() is not None:
        work.map(node, None, "-", zh="映射已逐条说明", en="its mappings are named one by one")


def job(work: Work, owner: etree._Element, node: etree._Element) -> None:
    """Camunda 8's task definition: its type is the topic; it counts every try, we those after the first."""
    topic, retries = node.get("type", ""), expressions.plain(node.get("retries", "")).strip()
    work.map(
        node,
        None,
        f"topic {topic}, worker external",
        zh="改为外部服务任务的主题",
        en="now the topic of an external task",
    )
    declare(work, owner, topic)
    if topic in TOPICS or not retries:
        return
    if retries.isdigit():
        work.property(owner, "retries", str(max(0, int(retries) - 1)))
    elif not expressions.problems(retries):
        work.property(owner, "retries", f"=({retries}) - 1")


def headers(work: Work, owner: etree._Element, node: etree._Element) -> bool:
    """Camunda 8's task headers: one value `headers` for the worker."""
    if not is_declared(owner):
        return False
    found = {each.get("key", ""): each.get("value", "") for each in node if local(each) == "header"}
    source = json.dumps({key: value for key, value in found.items() if key}, ensure_ascii=False)
    work.map(node, None, f"in ={source} → headers", zh="交给程序，名为 headers", en="handed to the program as headers")
    hand(work, owner, "in", sourceExpression=f"={source}", target="headers")
    return True
