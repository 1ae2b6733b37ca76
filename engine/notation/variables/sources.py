"""Who gives a case its variables: forms, scripts, decisions, repeated steps, data objects, messages from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.notation.decisions import Decisions
from engine.notation.diagram import Diagram, Element
from engine.notation.dmn import Table
from engine.notation.feel.script import LANGUAGES
from engine.notation.variables.kinds import ANY, COLUMNS, FIELDS, NULL, entries, of_text

# Known in every expression.
BUILT_IN = frozenset({"case", "clocks", "officer", "now", "today", "partial", "item"})
LISTING = frozenset("ROC")
# Services that answer into a variable.
ANSWERS = frozenset({"ledger.list", "ledger.figures", "units.list", "units.names"})


@dataclass(frozen=True, slots=True)
class Given:
    """One place where a variable gets a value. `values`: all it can be, where that is known. `local`: only inside the
    step with this id."""

    name: str
    type: str
    element: str
    values: frozenset[str] | None = None
    local: str = ""


@dataclass(frozen=True)
class Variables:
    """All variables of a diagram. `open`: ids of elements that may bring names nobody has written down."""

    given: tuple[Given, ...]
    open: tuple[str, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.given if "." not in each.name)

    @cached_property
    def types(self) -> Mapping[str, str]:
        """Name (or path into a context) → type; ANY where several places give different ones."""
        found: dict[str, str] = {}
        for each in self.given:
            if each.type != NULL:
                found[each.name] = each.type if found.get(each.name, each.type) == each.type else ANY
        return found

    @cached_property
    def values(self) -> Mapping[str, frozenset[str]]:
        """Name → all texts it can be, for variables that only lists of choices and literals give."""
        found: dict[str, frozenset[str]] = {}
        doubtful: set[str] = set()
        for each in self.given:
            if each.values is None:
                doubtful.add(each.name)
            else:
                found[each.name] = found.get(each.name, frozenset()) | each.values
        return {name: values for name, values in found.items() if name not in doubtful}


def variables(diagram: Diagram, decisions: Mapping[str, Decisions], topics: frozenset[str]) -> Variables:
    """`decisions`: by decision id, those that can be read; `topics`: of services that bring nothing into the case."""
    given: list[Given] = []
    for element in diagram.elements.values():
        given += _of_forms(element)
        given += _of_repeats(element)
        given += _of_questions(element)
        if element.kind == "businessRuleTask":
            given += _of_decision(element, decisions)
    types = Variables(tuple(given), ()).types
    for _ in range(2):  # a script may read what another, further down in the file, gives
        scripted = [one for element in diagram.elements.values() for one in _of_script(element, types)]
        types = Variables((*given, *scripted), ()).types
    given += scripted
    known = {each.name for each in given}
    given += [Given(name, ANY, diagram.process) for name in diagram.blank if name not in known]
    return Variables(tuple(given), tuple(e.id for e in diagram.elements.values() if _brings_more(e, topics)))


def _of_forms(element: Element) -> Iterator[Given]:
    for field in element.form:
        if field.type != "note":
            values = frozenset(c.id for c in field.choices) if field.type == "enum" and field.choices else None
            yield Given(field.id, FIELDS.get(field.type, ANY), element.id, values)


def _of_repeats(element: Element) -> Iterator[Given]:
    if element.repeat is not None and not element.repeat.loop:
        yield Given(element.repeat.variable or "item", ANY, element.id, local=element.id)
    if element.topic == "draw.sample" and element.property("result"):
        yield Given(element.property("result"), "list", element.id)
    if element.property("collect"):
        yield Given(element.property("collect"), "list", element.id)


def _of_questions(element: Element) -> Iterator[Given]:
    """What a service task looks up."""
    if element.kind == "serviceTask" and element.property("result") and element.topic in ANSWERS:
        figures = element.topic == "ledger.figures" and not element.property("by")
        single = figures or element.topic == "units.names"
        yield Given(element.property("result"), "context" if single else "list", element.id)


def _of_decision(element: Element, decisions: Mapping[str, Decisions]) -> Iterator[Given]:
    name = element.result or element.decision
    found = decisions.get(element.decision)
    if found is None:
        yield Given(name, ANY, element.id)
        return
    logic = found.logic(element.decision)
    if not isinstance(logic, Table):
        yield Given(name, ANY, element.id)
    elif logic.policy[:1] in LISTING and len(logic.policy) == 1:
        yield Given(name, "list", element.id)
    elif len(logic.outputs) > 1:
        yield Given(name, "context", element.id)
        for column in logic.outputs:
            yield Given(f"{name}.{column.name}", COLUMNS.get(column.type, ANY), element.id)
    else:
        yield Given(name, "number" if len(logic.policy) > 1 else COLUMNS.get(logic.outputs[0].type, ANY), element.id)


def _of_script(element: Element, types: Mapping[str, str]) -> Iterator[Given]:
    if element.kind == "scriptTask" and element.script_format.lower() not in LANGUAGES:
        for name, text in entries(element.script.strip().removeprefix("=")):
            kind = of_text(text, types)
            plain = kind == "text" and text[:1] == '"' and text.count('"') == 2
            values = frozenset({text[1:-1]}) if plain else frozenset() if kind == NULL else None
            yield Given(name, kind, element.id, values)


def _brings_more(element: Element, topics: frozenset[str]) -> bool:
    """A message may carry fields no form asks for; a service elsewhere answers with what it likes."""
    catching = element.kind in {"intermediateCatchEvent", "boundaryEvent", "startEvent", "receiveTask"}
    if catching and element.trigger.kind == "message" and not element.form:
        return True
    if element.kind == "scriptTask" and element.script_format.lower() in LANGUAGES:
        return True  # what JavaScript returns is known when it runs
    if element.outside:
        return any(one.everything for one in element.hands_out)
    calls = element.kind == "callActivity"
    return calls or (element.kind == "serviceTask" and bool(element.topic) and element.topic not in topics)
