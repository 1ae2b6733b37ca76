"""Decision tables and the decisions they need: which rules match a case at one moment, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property, lru_cache
from typing import Any

from engine.notation import boxed, expressions, hits
from engine.notation.dmn import Decision, DecisionsNotReadable, File, Table
from engine.notation.dmn_files import read_file
from engine.notation.dmn_spec import Spec
from engine.notation.expressions import ExpressionFailed, Names, Problem
from engine.notation.feel import values
from engine.notation.hits import DecisionFailed
from engine.words.worktime import HOME

__all__ = ["DecisionFailed", "Decisions", "DecisionsNotReadable", "Needed", "Outcome", "Summary", "read"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision came to, and why.

    `value`: of one output its value, of several a context, of the hit policies C, R, O a list. `rules`: ids of the
    rules that made it (those without id are #1, #2 …). `inputs`: value by input expression. `outputs`: one entry for
    each of `rules`. `before`: outcomes of the decisions it requires, by id.
    """

    value: Any
    rules: list[str] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: list[Any] = field(default_factory=list)
    before: dict[str, Outcome] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Needed:
    """A column for the checks: an input's `expression`, an output's `name`, and its declared type ("" = any)."""

    label: str
    type: str
    expression: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """One decision in a line. `policy`: U A P F R O C C+ C< C> C#, empty where the decision is an expression."""

    id: str
    name: str
    policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: int
    requires: tuple[str, ...]


def read(xml: bytes, beside: Iterable[bytes] = (), *, lenient: bool = False) -> Decisions:
    """The decisions of a DMN file (1.1 to 1.5); `beside`: files it may import from; `lenient`: expressions that can
    never come to a value are null, as the standard has it.

    Raises DecisionsNotReadable with everything that cannot be run.
    """
    return _read(xml, tuple(beside), lenient)


@lru_cache(maxsize=16)
def _read(xml: bytes, beside: tuple[bytes, ...], lenient: bool) -> Decisions:
    """Several laws of one check ask for the same few files; what is read does not change."""
    return Decisions(read_file(xml, beside, lenient=lenient))


def forget() -> None:
    """What was read is read anew: for whoever measures how long that takes."""
    _read.cache_clear()


class Decisions:
    """The decisions of one file, ready to be taken; immutable."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._decisions: Mapping[str, Decision] = file.decisions
        self._used: dict[str, frozenset[str]] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._decisions)

    @property
    def services(self) -> tuple[str, ...]:
        """Ids of the decision services, which can be asked as decisions can."""
        return tuple(self._file.services)

    @property
    def summary(self) -> tuple[Summary, ...]:
        return tuple(self._summarize(decision) for decision in self._decisions.values())

    @cached_property
    def _spec(self) -> Spec:
        return Spec(self._file)

    def table(self, decision_id: str) -> Table | None:
        """The decision table of a decision, if it is one. Raises KeyError."""
        logic = self._decisions[decision_id].logic
        return logic if isinstance(logic, Table) else None

    def name(self, id: str) -> str:
        """What people call a decision or service. Raises KeyError."""
        return self._decisions[id].name if id in self._decisions else self._file.services[id].name

    def inputs(self, decision_id: str) -> list[Needed]:
        """The input columns of a table; none for an expression (see `names_used`). Raises KeyError."""
        logic = self._decisions[decision_id].logic
        columns = logic.inputs if isinstance(logic, Table) else ()
        return [Needed(column.label, column.type, column.text) for column in columns]

    def outputs(self, decision_id: str) -> list[Needed]:
        """The output columns of a table, or the one value of an expression. Raises KeyError."""
        decision = self._decisions[decision_id]
        if isinstance(decision.logic, Table):
            return [Needed(column.label, column.type, name=column.name) for column in decision.logic.outputs]
        return [Needed(decision.name, decision.type, name=decision.variable)]

    def logic(self, decision_id: str) -> Table | str:
        """The table of a decision, or its FEEL text ("" for boxed expressions). Raises KeyError."""
        logic = self._decisions[decision_id].logic
        return logic if isinstance(logic, Table) else str(logic.get("text", ""))

    def names_used(self, id: str) -> frozenset[str]:
        """The variables of the case that a decision, its cells and the decisions it requires may read; of a service
        the inputs and decisions it is given. Raises KeyError."""
        if id in self._file.services:
            return frozenset(name for name, _ in self._given(id))
        if id not in self._used:  # a case with large values asks at every step
            self._used[id] = _names_used(self._file, id)
        return self._used[id]

    def decide(self, id: str, names: Names, *, at: datetime, zone: tzinfo = HOME) -> Outcome:
        """Takes a decision (or asks a service) and first those it requires. Raises DecisionFailed, and KeyError for an
        unknown one.

        Each required decision is seen under its variable's name, its own name and its id.
        """
        if id not in self._decisions and id not in self._file.services:
            raise KeyError(id)
        service = id in self._file.services
        asked: dict[str, Any] = {"kind": "decide", "context": 0, "mark": self._spec.mark, "node": id, "call": service}
        try:
            (answer,) = expressions.put([asked], [names], at, zone)
            if answer.get("unknown"):
                (answer,) = expressions.put([asked | {"model": self._spec.model}], [names], at, zone)
            if "error" in answer:
                raise self._failure(id, answer["error"])
            return self._outcome(id, answer)
        except (ExpressionFailed, values.OutOfReach) as failed:
            said = (failed.zh, failed.en) if isinstance(failed, ExpressionFailed) else expressions.out_of_reach(failed)
            raise DecisionFailed(self.name(id), *said) from failed

    def id_of(self, name: str) -> str:
        """The id of the decision, service or model of this name. Raises KeyError."""
        for kind in (self._file.decisions, self._file.services, self._file.models):
            for id, node in kind.items():
                if name in (node.name, id):
                    return id
        raise KeyError(name)

    def exactly(self, id: str, names: Mapping[str, Any], *, at: datetime, zone: tzinfo | None = None) -> Any:
        """The value as FEEL has it, to the last digit, as `feel/values.js` writes it; `names` likewise. Without a zone
        moments with and without one are not compared, as the standard asks. For those who test the evaluator itself.

        Raises ExpressionFailed for whatever keeps the decision from being taken.
        """
        asked = {"kind": "decide", "context": 0, "mark": self._spec.mark, "node": id, "exact": True,
                 "call": id in self._file.services or id in self._file.models, "model": self._spec.model}  # fmt: skip
        (answer,) = expressions.put([asked], [names], at, zone or UTC, exact=zone is None)
        if "error" in answer:
            raise expressions.failure(str(answer["error"]["text"] or id), answer["error"])
        return answer["value"]

    def _given(self, service_id: str) -> list[tuple[str, str]]:
        """The parameters of a service: names and ids."""
        service = self._file.services[service_id]
        found = []
        for namespace, id in (*service.inputs, *service.decisions):
            file = self._file.beside[namespace] if namespace else self._file
            found.append((file.inputs[id][0] if id in file.inputs else file.decisions[id].variable, id))
        return found

    def _outcome(self, id: str, answer: Mapping[str, Any]) -> Outcome:
        traces = {each["key"]: each for each in reversed(answer["trace"])}
        built: dict[str, Outcome] = {}

        def of(key: str) -> Outcome:
            if key not in built:
                built[key] = self._traced(
                    key, traces[key], {need: of(need) for need in self._required(key) if need in traces}
                )
            return built[key]

        if id in self._decisions:
            return of(id)
        outputs = [each[1] for each in self._spec.nodes[id]["outputs"]]
        return Outcome(values.decode(answer["value"]), before={key: of(key) for key in outputs if key in traces})

    def _required(self, key: str) -> list[str]:
        """Keys of the decisions a decision requires, also by way of a service."""
        nodes = self._spec.nodes
        found: list[str] = []
        for _, need in nodes[key]["needs"]:
            if nodes[need]["kind"] == "decision":
                found.append(need)
            elif nodes[need]["kind"] == "service":
                found += [output for _, output in nodes[need]["outputs"]]
        return list(dict.fromkeys(found))

    def _traced(self, key: str, trace: Mapping[str, Any], before: dict[str, Outcome]) -> Outcome:
        decision = self._decisions.get(key) or _decision_of(self._file, key)
        value = values.decode(trace["value"])
        warnings = _warnings(decision, trace["warnings"])
        if not isinstance(decision.logic, Table):
            read = {name: values.decode(each) for name, each in sorted(trace["needs"].items())}
            return Outcome(value, inputs=read, before=before, warnings=warnings)
        table = decision.logic
        given = zip(table.inputs, trace["inputs"] or (), strict=False)
        return Outcome(
            value,
            [table.rules[row].id for row in trace["rules"]],
            {column.text.strip(): values.decode(each) for column, each in given},
            [values.decode(each) for each in trace["outputs"]],
            before,
            warnings,
        )

    def _failure(self, id: str, error: Mapping[str, Any]) -> Exception:
        key = error["decision"] or id
        found = self._decisions.get(key) or (None if key in self._file.services else _decision_of(self._file, key))
        name = found.name if found is not None else self.name(id)
        if error["trouble"]:
            return hits.failed(name, error["trouble"])
        text = str(error["text"] or "")
        failed = expressions.failure(text, error)
        if found is not None and isinstance(found.logic, Table) and error["place"]:
            at, zh, en = _place(found.logic, *error["place"])
            if at == text:
                said = f"{zh}“{text.strip()}”：{failed.zh}", f'{en}, "{text.strip()}": {failed.en}'
                return DecisionFailed(name, *said)
        return DecisionFailed(name, failed.zh, failed.en)

    def _summarize(self, decision: Decision) -> Summary:
        logic, requires = decision.logic, decision.requires
        if not isinstance(logic, Table):
            return Summary(decision.id, decision.name, "", (), (decision.variable,), 0, requires)
        inputs = tuple(column.label for column in logic.inputs)
        outputs = tuple(column.label for column in logic.outputs)
        return Summary(decision.id, decision.name, logic.policy, inputs, outputs, len(logic.rules), requires)


def _decision_of(file: File, key: str) -> Decision:
    """The decision behind a key of the evaluator, which begins with the prefixes of the imports it came by."""
    *prefixes, id = key.split("/")
    for prefix in prefixes:
        file = file.beside[file.imports[prefix]]
    return file.decisions[id]


def _names_used(file: File, id: str) -> frozenset[str]:
    decision = file.decisions[id]
    used: set[str] = set()
    texts = list(_texts(decision.logic))
    for (_, _, bound), names in zip(
        texts, expressions.names_of_many([(text, unary) for text, unary, _ in texts]), strict=True
    ):
        used |= names - bound
    known = set(file.imports)
    more: set[str] = set()
    for namespace, need in decision.needs:
        if namespace:
            continue
        if need in file.decisions:
            known |= {need, file.decisions[need].name, file.decisions[need].variable}
            more |= _names_used(file, need)
        elif need in file.models or need in file.services:
            known.add(file.models[need].name if need in file.models else file.services[need].name)
    if isinstance(decision.logic, Table):
        known |= {column.alias for column in decision.logic.inputs}
    return frozenset(used - known | more)


def _texts(logic: Table | boxed.Box) -> Iterable[tuple[str, bool, frozenset[str]]]:
    """Every FEEL text of a decision, whether it is a cell, and the names bound around it."""
    if isinstance(logic, Table):
        return ((text, unary, frozenset()) for text, unary in boxed.table_texts(logic.box()))
    return boxed.texts_in(logic)


def _warnings(decision: Decision, warnings: Iterable[Mapping[str, Any]]) -> tuple[Problem, ...]:
    found = []
    for each in warnings:
        text = str(each.get("text") or "")
        at, zh, en = "", "", ""
        if isinstance(decision.logic, Table) and each["place"]:
            at, zh, en = _place(decision.logic, *each["place"])
        for problem in expressions.warned(text, [each]):
            if at == text and zh:
                found.append(Problem(problem.start, problem.end, f"{zh}：{problem.zh}", f"{en}: {problem.en}"))
            else:
                found.append(problem)
    return tuple(dict.fromkeys(found))


def _place(table: Table, kind: str, row: int, column: int) -> tuple[str, str, str]:
    """The text at a place of the table, and the place in both languages."""
    if kind in ("input", "allowed"):
        at = table.inputs[column]
        return (at.text if kind == "input" else at.allowed or ""), f"输入列“{at.label}”", f'The input "{at.label}"'
    if kind == "cell":
        text = table.rules[row].cells[column] or ""
        return text, f"第 {row + 1} 行“{table.inputs[column].label}”", f'Row {row + 1}, "{table.inputs[column].label}"'
    if kind == "output":
        text = table.rules[row].outputs[column]
        return (
            text,
            f"第 {row + 1} 行“{table.outputs[column].label}”",
            f'Row {row + 1}, "{table.outputs[column].label}"',
        )
    if kind == "default":
        label = table.outputs[column].label
        return table.outputs[column].default or "", f"“{label}”的默认值", f'The default of "{label}"'
    return "", "决策表", "The table"
