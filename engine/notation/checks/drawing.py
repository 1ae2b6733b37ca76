"""What a law is shown: the diagram, its XML, the tables beside it, and what the house knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.notation import decisions
from engine.notation.checks.naming import called, clip, kind_of
from engine.notation.checks.places import LONGEST_EXPRESSION, Place, is_juel, places
from engine.notation.decisions import Decisions
from engine.notation.diagram import NODES, SCOPES, Diagram, Element, Flow
from engine.notation.expressions import ExpressionFailed, names_of_many
from engine.notation.neighbours import Neighbour
from engine.notation.soundness import Verdict, judge
from engine.notation.variables.sources import Variables, variables
from engine.notation.xml import BPMN, line_of, local
from engine.words.errors import Finding
from engine.words.terms import ROLES

# A sentence stays one, whatever a stranger wrote into the file.
LONGEST = 1200


@dataclass(frozen=True, slots=True)
class Known:
    """What exists around a diagram. `units` None: unit codes are not compared (the file is away from its city);
    `unit_kinds` likewise: what kinds of units there are. `others`: the processes beside it, by id; None: nothing is
    known of them."""

    roles: frozenset[str] = frozenset(ROLES)
    processes: frozenset[str] = frozenset()
    units: frozenset[str] | None = None
    unit_kinds: frozenset[str] | None = None
    others: Mapping[str, Neighbour] | None = None


@dataclass(frozen=True)
class Drawing:
    diagram: Diagram
    root: etree._Element = field(repr=False)
    tables: Mapping[str, str]
    known: Known
    previous: Diagram | None
    # Services that Bihuan itself performs.
    topics: frozenset[str] = frozenset()

    @cached_property
    def process(self) -> etree._Element:
        """The XML of the executable process."""
        return next(
            node for node in self.root.iter(f"{{{BPMN}}}process") if node.get("isExecutable", "false") in {"true", "1"}
        )

    @cached_property
    def nodes(self) -> Mapping[str, etree._Element]:
        """id → XML, of all BPMN elements of the process, itself included (form fields have ids of their own)."""
        return {node.get("id", ""): node for node in self.process.iter(f"{{{BPMN}}}*")}

    def inside(self, *tags: str) -> Iterator[etree._Element]:
        """BPMN nodes of these tags inside the process, in the order of the file."""
        yield from self.process.iter(*(f"{{{BPMN}}}{tag}" for tag in tags))

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """The process and every sub-process: each has its own start, ways and ends."""
        return (self.diagram.process, *(e.id for e in self.diagram.elements.values() if e.kind in SCOPES))

    @property
    def things(self) -> Iterator[Element | Flow]:
        """All that has a name of its own: elements, then flows."""
        yield from self.diagram.elements.values()
        yield from self.diagram.flows

    def within(self, scope: str) -> tuple[Element, ...]:
        return tuple(e for e in self.diagram.elements.values() if e.inside == scope)

    @cached_property
    def decisions(self) -> Mapping[str, Decisions]:
        """By decision id, of the tables that can be read."""
        found: dict[str, Decisions] = {}
        beside = [text.encode() for text in self.tables.values()]
        for text in self.tables.values():
            try:
                read = decisions.read(text.encode(), beside)
            except decisions.DecisionsNotReadable:
                continue  # tables_are_readable says it
            found |= dict.fromkeys(read.ids, read)
        return found

    @cached_property
    def variables(self) -> Variables:
        return variables(self.diagram, self.decisions, self.topics)

    @cached_property
    def expressions(self) -> tuple[tuple[Place, frozenset[str]], ...]:
        """Every expression that is of a length to be read, with the names it takes from the case."""
        known = (place for place in places(self.diagram) if not place.foreign)
        texts = [p for p in known if len(p.text) <= LONGEST_EXPRESSION and not is_juel(p.text)]
        try:
            return tuple(
                zip(texts, names_of_many([(place.text, False) for place in texts], in_filters=False), strict=True)
            )
        except ExpressionFailed:
            return ()  # expressions_are_feel says which of them takes too long to read

    @cached_property
    def verdict(self) -> Verdict:
        """Whether every case comes to its end; several laws ask, so it is worked out once."""
        return judge(self.diagram)

    def error(
        self, law: str, thing: Element | Flow | str | etree._Element, zh: str, en: str, line: int | None = None
    ) -> Finding:
        """`{it}` in a sentence becomes the name of the thing. An error keeps the diagram from being published."""
        return self._finding(law, "error", thing, zh, en, line)

    def warning(
        self, law: str, thing: Element | Flow | str | etree._Element, zh: str, en: str, line: int | None = None
    ) -> Finding:
        return self._finding(law, "warning", thing, zh, en, line)

    def _finding(
        self, law: str, severity: str, thing: Element | Flow | str | etree._Element, zh: str, en: str, line: int | None
    ) -> Finding:
        id, name_zh, name_en, own_line = self._naming(thing)
        if en.startswith("{it}"):
            name_en = name_en[:1].upper() + name_en[1:]
        zh, en = clip(zh.replace("{it}", name_zh), LONGEST), clip(en.replace("{it}", name_en), LONGEST)
        return Finding(law, severity, id[:200], line if line is not None else own_line, zh, en)

    def _naming(self, thing: Element | Flow | str | etree._Element) -> tuple[str, str, str, int | None]:
        if isinstance(thing, Element | Flow):
            return thing.id, *called(self.diagram, thing), thing.line
        if isinstance(thing, str):
            node = self.nodes.get(thing)
            return thing, *called(self.diagram, thing), line_of(node) if node is not None else None
        id = thing.get("id", "")
        if local(thing) in NODES and id in self.diagram.elements:
            return id, *called(self.diagram, self.diagram.elements[id]), line_of(thing)
        kind_zh, kind_en = kind_of(local(thing))
        label = clip(thing.get("name") or id)
        return (
            id,
            f"{kind_zh}“{label}”" if label else kind_zh,
            f'{kind_en} "{label}"' if label else kind_en,
            line_of(thing),
        )
