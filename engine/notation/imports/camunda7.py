"""Diagrams of Camunda 7, whose vocabulary we share: what means the same stays, expressions become FEEL."""

from __future__ import annotations

from lxml import etree

from engine.notation.imports import family, translate
from engine.notation.imports import manifest as m
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import C, Work
from engine.notation.xml import CAMUNDA, local

NAME = "Camunda 7"
NAMESPACES = frozenset({CAMUNDA})
_TYPES = frozenset(
    {
        "string", "text", "long", "number", "date", "datetime", "boolean", "enum", "multi", "unit", "units", "officer",
        "photo", "file", "issue", "checklist", "note",
    }
)  # fmt: skip
_CONSTRAINTS = frozenset({"required", "readonly", "min", "max", "minlength", "maxlength", "mincount", "future"})
_FORMS = frozenset({"userTask", "manualTask", "startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


def attribute(work: Work, node: etree._Element, key: str) -> None:
    family.attribute(work, node, key)


def extension(work: Work, owner: etree._Element, node: etree._Element) -> None:
    name = local(node)
    if name == "properties":
        _prune(work, node)
        work.keep(node)
    elif name == "formData" and local(owner) in _FORMS:
        _form(work, node)
    else:
        family.extension(work, owner, node)


# What may stand inside what we keep, with its attributes.
_INSIDE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "properties": (frozenset({"property"}), frozenset()),
    "property": (frozenset(), frozenset({"id", "name", "value"})),
    "formField": (frozenset({"properties", "validation", "value"}), frozenset({"id", "label", "type", "defaultValue"})),
    "validation": (frozenset({"constraint"}), frozenset()),
    "constraint": (frozenset(), frozenset({"name", "config"})),
    "value": (frozenset(), frozenset({"id", "name"})),
}


def _prune(work: Work, node: etree._Element) -> None:
    """Leaves whatever stands inside a kept element and is not of its kind."""
    children, attributes = _INSIDE[local(node)]
    for key in m.keys(node):
        if key not in attributes:
            work.leave(node, key, m.NOTHING, "只管原引擎的显示", "it steers how the other engine shows it")
    for child in list(node):
        if not isinstance(child.tag, str):
            continue
        if etree.QName(child).namespace == CAMUNDA and local(child) in children:
            _prune(work, child)
        else:
            work.leave(child, None, m.BINDING, "本系统不认识", "unknown here")


def _form(work: Work, form: etree._Element) -> None:
    for key in m.keys(form):
        work.leave(form, key, m.BINDING, "业务键由本系统自己编号", "cases have numbers of their own here")
    for field in list(form):
        if not isinstance(field.tag, str):
            continue
        if field.tag != f"{C}formField":
            work.leave(field, None, m.BINDING, "不是表单字段", "it is no form field")
            continue
        _field(work, field)
    work.keep(form)


def _field(work: Work, field: etree._Element) -> None:
    type = field.get("type", "string")
    if type not in _TYPES:
        work.leave(field, None, m.BINDING, f"字段类型“{type}”本系统没有", f'there is no field type "{type}" here')
        return
    _prune(work, field)
    if "defaultValue" in field.attrib:
        work.expression(field, "defaultValue")
    for group in list(field):
        if local(group) != "validation":
            continue
        for constraint in list(group):
            if constraint.get("name") not in _CONSTRAINTS:
                work.leave(
                    constraint,
                    None,
                    m.BINDING,
                    "校验由程序实现，请改写成属性 check",
                    "a program checks it; write the property check instead",
                )
                continue
            config = constraint.get("config", "")
            if config:
                _config(work, constraint, config)


def _config(work: Work, constraint: etree._Element, config: str) -> None:
    try:
        given = translate.value(config, known=work.known)
    except NotCertain as reason:
        work.uncertain(constraint, None, reason)
        return
    if given is not None and config != f"={given.text}":
        what = constraint.get("name", "")
        constraint.set("config", f"={given.text}")
        work.note(constraint, f"constraint {what}", config, f"={given.text}", "译成 FEEL", "put into FEEL")


def begin(work: Work) -> None:
    """Who started the process is a variable of the designer's choice there; here it is always `case.raised_by`."""
    from engine.notation.imports.pieces import Piece

    for node in work.root.iter():
        if isinstance(node.tag, str) and local(node) == "startEvent":
            for key, value in node.attrib.items():
                if etree.QName(key).localname == "initiator" and etree.QName(key).namespace is not None:
                    work.known[str(value)] = Piece("case.raised_by")
