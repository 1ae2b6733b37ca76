"""Decision tables do what DMN says, by every hit policy, and refuse what they cannot do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.notation import decisions
from engine.notation.decisions import DecisionFailed, Decisions, DecisionsNotReadable, Outcome
from engine.notation.feel import sandbox
from engine.words.durations import Duration

AT = datetime(2026, 5, 5, 1, tzinfo=UTC)
DMN13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
PROCESSES = Path(__file__).parents[2] / "processes"


def file(*parts: str, namespace: str = DMN13, more: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{namespace}" xmlns:camunda="http://camunda.org/schema/'
        f'1.0/dmn" id="file" name="file" namespace="x" {more}>\n' + "\n".join(parts) + "\n</definitions>"
    ).encode()


def text(content: str) -> str:
    return f"<text>{escape(content)}</text>"


def table(
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    inputs: Sequence[str] = ("kind",),
    outputs: Sequence[str] = ("route",),
    input_parts: str = "",
    output_parts: str = "",
    aggregation: str = "",
) -> str:
    """A decision table; each rule is its input cells, then its output cells."""
    asked = "".join(
        f'<input id="in{n}" label="{escape(each)}"><inputExpression>{text(each)}</inputExpression>{input_parts}</input>'
        for n, each in enumerate(inputs)
    )
    given_ = "".join(f'<output id="out{n}" name="{each}">{output_parts}</output>' for n, each in enumerate(outputs))
    rows = ""
    for number, cells in enumerate(rules):
        rows += f'\n<rule id="r{number + 1}">'
        rows += "".join(f"<inputEntry>{text(cell)}</inputEntry>" for cell in cells[: len(inputs)])
        rows += "".join(f"<outputEntry>{text(cell)}</outputEntry>" for cell in cells[len(inputs) :]) + "</rule>"
    how = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{policy}"{how}>{asked}{given_}{rows}</decisionTable>'


def decision(logic: str, *, id: str = "triage", name: str = "分流", requires: str = "", variable: str = "") -> str:
    named = f'<variable name="{variable}"/>' if variable else ""
    return f'<decision id="{id}" name="{name}">{named}{requires}{logic}</decision>'


def needs(id: str, kind: str = "Decision") -> str:
    area = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return f'<{area}><required{kind} href="#{id}"/></{area}>'


def literal(content: str) -> str:
    return f"<literalExpression>{text(content)}</literalExpression>"


def read(*parts: str) -> Decisions:
    return decisions.read(file(*parts))


def decide(logic: str, /, **names: object) -> Outcome:
    return read(decision(logic)).decide("triage", names, at=AT)


def refused(*parts: str, **how: str) -> list[tuple[str, int | None, str, str]]:
    with pytest.raises(DecisionsNotReadable) as told:
        decisions.read(file(*parts, **how))
    return [(each.element, each.line, each.zh, each.en) for each in told.value.findings]


OVERLAP = [['"fire", "flood"', '"city"'], ['"fire"', '"unit"'], ["-", '"city"']]


@pytest.mark.parametrize(
    ("policy", "aggregation", "rules", "kind", "value", "matched"),
    [
        ("UNIQUE", "", [['"fire"', '"city"'], ['not("fire")', '"unit"']], "fire", "city", ["r1"]),
        ("UNIQUE", "", [['"fire"', '"city"'], ['not("fire")', '"unit"']], "noise", "unit", ["r2"]),
        ("UNIQUE", "", [['"fire"', '"city"']], "noise", None, []),
        ("FIRST", "", OVERLAP, "fire", "city", ["r1"]),
        ("FIRST", "", OVERLAP[1:], "fire", "unit", ["r1"]),
        ("ANY", "", [OVERLAP[0], OVERLAP[2]], "fire", "city", ["r1", "r2"]),
        ("RULE ORDER", "", OVERLAP, "fire", ["city", "unit", "city"], ["r1", "r2", "r3"]),
        ("RULE ORDER", "", OVERLAP[:2], "noise", [], []),
        ("COLLECT", "", OVERLAP, "fire", ["city", "unit", "city"], ["r1", "r2", "r3"]),
        ("COLLECT", "", OVERLAP[:2], "noise", [], []),
        ("COLLECT", "SUM", [["-", "1"], ['"fire"', "2.5"], ['"x"', "7"]], "fire", 3.5, ["r1", "r2"]),
        ("COLLECT", "SUM", [["-", "0.1"], ["-", "0.2"]], "fire", 0.3, ["r1", "r2"]),
        ("COLLECT", "MIN", [["-", "3"], ["-", "2"]], "fire", 2, ["r1", "r2"]),
        ("COLLECT", "MAX", [["-", "3"], ["-", "2"]], "fire", 3, ["r1", "r2"]),
        ("COLLECT", "MAX", [["-", '"a"'], ["-", '"b"']], "fire", "b", ["r1", "r2"]),
        ("COLLECT", "COUNT", [["-", "3"], ["-", "3"], ['"x"', "3"]], "fire", 2, ["r1", "r2"]),
        ("COLLECT", "COUNT", [['"x"', "3"]], "fire", 0, []),
        ("COLLECT", "SUM", [['"x"', "3"]], "fire", None, []),
    ],
)
def test_hit_policies(
    policy: str, aggregation: str, rules: list[list[str]], kind: str, value: object, matched: list[str]
) -> None:
    outcome = decide(table(rules, policy=policy, aggregation=aggregation), kind=kind)
    assert outcome.value == value
    assert outcome.rules == matched
    assert outcome.inputs == {"kind": kind}


PRIORITIES = "<outputValues>" + text('"red", "orange", "blue"') + "</outputValues>"
COLOURS = [["-", '"blue"'], ['"fire"', '"red"'], ['"fire"', '"orange"']]


def test_priority_goes_by_the_listed_values() -> None:
    outcome = decide(table(COLOURS, policy="PRIORITY", output_parts=PRIORITIES), kind="fire")
    assert (outcome.value, outcome.rules, outcome.outputs) == ("red", ["r2"], ["red"])
    outcome = decide(table(COLOURS, policy="OUTPUT ORDER", output_parts=PRIORITIES), kind="fire")
    assert (outcome.value, outcome.rules) == (["red", "orange", "blue"], ["r2", "r3", "r1"])


def test_several_outputs_make_a_context() -> None:
    rules = [['"fire"', "1", '"PT2H"'], ["-", "count([1, 2])", "null"]]
    outcome = decide(table(rules, policy="FIRST", outputs=("level", "wait")), kind="fire")
    assert outcome.value == {"level": 1, "wait": "PT2H"}
    assert decide(table(rules, policy="FIRST", outputs=("level", "wait")), kind="x").value == {"level": 2, "wait": None}
    outcome = decide(table(rules, policy="COLLECT", outputs=("level", "wait")), kind="fire")
    assert outcome.value == outcome.outputs == [{"level": 1, "wait": "PT2H"}, {"level": 2, "wait": None}]


def test_cells_and_outputs_are_feel() -> None:
    rules = [
        ['= "fire"', ">= limits.serious", "-", 'duration("PT2H")'],
        ["contains(?, place)", "[1..3]", 'date("2026-05-05")', 'now + duration("P1D")'],
        ["", "", "", ""],
    ]
    logic = table(rules, policy="FIRST", inputs=("kind", "harm + 1", "today"), outputs=("until",))
    names = {"limits": {"serious": 4}, "place": "x", "harm": 3}
    outcome = decide(logic, kind="fire", **names)
    assert outcome.value == Duration(time=timedelta(hours=2))
    assert outcome.inputs["harm + 1"] == 4
    assert decide(logic, **{**names, "kind": "axe", "harm": 0}).value == AT + timedelta(days=1)
    assert decide(logic, **{**names, "kind": "axe", "harm": 9}).value is None


def test_cells_in_chinese() -> None:
    outcome = decide(table([['"火灾","水灾"', "责任单位"]], inputs=("类别",)), 类别="水灾", 责任单位="u1")
    assert outcome.value == "u1"


def test_default_outputs_stand_in_for_missing_rules() -> None:
    default = f"<defaultOutputEntry>{text('fallback')}</defaultOutputEntry>"
    rules = [['"fire"', '"city"']]
    assert decide(table(rules, output_parts=default), kind="x", fallback="none").value == "none"
    assert decide(table(rules, output_parts=default), kind="fire", fallback="none").value == "city"
    assert decide(table(rules, policy="COLLECT", output_parts=default), kind="x", fallback="none").value == ["none"]


def test_values_outside_the_listed_ones_are_told() -> None:
    allowed = "<inputValues>" + text('"fire", "flood"') + "</inputValues>"
    with pytest.raises(DecisionFailed) as told:
        decide(table([["-", "1"]], input_parts=allowed), kind="noise")
    assert told.value.zh == '决策“分流”：“kind”的值 "noise" 不在可选值 "fire", "flood" 之中'
    assert '"noise" of "kind" is none of' in told.value.en
    assert decide(table([["-", "1"]], input_parts=allowed), kind=None).value == 1
    with pytest.raises(DecisionFailed, match='row 1, "route": the result "green" is none of'):
        decide(table([["-", '"green"']], output_parts=PRIORITIES), kind="x")


def test_contradicting_rules_are_told_with_their_rows() -> None:
    with pytest.raises(DecisionFailed) as told:
        decide(table(OVERLAP), kind="fire")
    assert told.value.zh == "决策“分流”：第 1、2、3 行同时命中，而该表只允许命中一行"
    assert told.value.en == 'Decision "分流": rows 1, 2, 3 match, and only one row may'
    with pytest.raises(DecisionFailed, match="rows 1, 2, 3 match and give different results"):
        decide(table(OVERLAP, policy="ANY"), kind="fire")


def test_what_cannot_be_added_up_is_told() -> None:
    for bad in ('"a"', "null", "true"):
        with pytest.raises(DecisionFailed, match="cannot be aggregated"):
            decide(table([["-", "1"], ["-", bad]], policy="COLLECT", aggregation="SUM"), kind="x")
    with pytest.raises(DecisionFailed, match="cannot be aggregated"):
        decide(table([["-", "1"], ["-", '"a"']], policy="COLLECT", aggregation="MIN"), kind="x")


def test_a_cell_that_breaks_is_told_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DecisionFailed) as told:
        decide(table([['"x"', "1"], ["-", "function(a) a"]], policy="FIRST"), kind="fire")
    assert "第 2 行“route”" in told.value.zh
    assert 'Row 2, "route"' in told.value.en
    monkeypatch.setattr(sandbox, "SECONDS", 0.3)
    with pytest.raises(DecisionFailed, match="too long"):
        decide(table([["count(for a in 1..100000, b in 1..100000 return 1) = ?", "1"]]), kind=1)


def test_warnings_name_row_and_column() -> None:
    outcome = decide(table([["-", "levle"]]), kind="x", level=1)
    assert outcome.value is None
    assert [each.zh for each in outcome.warnings] == ["第 1 行“route”：没有变量“levle”，按空值处理"]
    assert 'Row 1, "route": There is no variable "levle"' in outcome.warnings[0].en


def test_a_table_is_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = read(decision(table([[f'"k{n}"', f'"v{n}"'] for n in range(200)], output_parts="")))
    calls = []
    ask = sandbox.ask
    monkeypatch.setattr(sandbox, "ask", lambda asked: calls.append(1) or ask(asked))  # type: ignore[func-returns-value]
    assert taken.decide("triage", {"kind": "k150"}, at=AT).value == "v150"
    assert len(calls) == 2  # the table is sent once …
    assert taken.decide("triage", {"kind": "k151"}, at=AT).value == "v151"
    assert len(calls) == 3  # … and known from then on


def test_required_decisions_come_first_and_are_seen_by_name() -> None:
    chain = read(
        decision(literal("severity * 2"), id="score", name="评分", variable="points"),
        decision(
            table([[">= 6", "score + points + 评分"], ["-", "0"]], policy="FIRST", inputs=("points",)),
            id="grade",
            requires=needs("score"),
        ),
        decision(literal('if grade > 0 then "city" else "unit"'), requires=needs("grade") + needs("score")),
    )
    outcome = chain.decide("triage", {"severity": 3}, at=AT)
    assert outcome.value == "city"
    assert outcome.inputs == {"grade": 18}
    assert outcome.before["grade"].rules == ["r1"]
    assert outcome.before["grade"].before["score"].value == 6
    assert chain.ids == ("score", "grade", "triage")
    assert chain.names_used("triage") == {"severity"}


def test_references_may_begin_with_the_namespace_of_the_file() -> None:
    chain = read(decision(literal("2"), id="score"), decision(literal("score * 2"), requires=needs("score")))
    absolute = file(
        decision(literal("2"), id="score"),
        decision(literal("score * 2"), requires=needs("score").replace("#score", "x#score")),
    )
    outcomes = [taken.decide("triage", {}, at=AT).value for taken in (chain, decisions.read(absolute))]
    assert outcomes == [4, 4]


def test_business_knowledge_models_are_functions() -> None:
    model = (
        '<businessKnowledgeModel id="{id}" name="{id}"><variable name="{id}"/><encapsulatedLogic>'
        '<formalParameter name="base"/>{logic}</encapsulatedLogic>{needs}</businessKnowledgeModel>'
    )
    double = model.format(id="double", logic=literal("base * 2 // twice"), needs="")
    fee = model.format(id="fee", logic=literal("double(base) + 1"), needs=needs("double", "Knowledge"))
    call = f'<invocation>{literal("fee")}<binding><parameter name="base"/>{literal("severity")}</binding></invocation>'
    taken = read(double, fee, decision(call, requires=needs("fee", "Knowledge")))
    assert taken.decide("triage", {"severity": 4}, at=AT).value == 9
    assert taken.names_used("triage") == {"severity"}
    in_table = decision(table([["> fee(1)", "fee(?)"]], inputs=("severity",)), requires=needs("fee", "Knowledge"))
    assert read(double, fee, in_table).decide("triage", {"severity": 4}, at=AT).value is None
    in_table = decision(
        table([["> fee(1)", "fee(severity)"]], inputs=("severity",)), requires=needs("fee", "Knowledge")
    )
    assert read(double, fee, in_table).decide("triage", {"severity": 4}, at=AT).value == 9


def entry(name: str, logic: str) -> str:
    return f'<contextEntry><variable name="{name}"/>{logic}</contextEntry>'


def loop(kind: str, iterated: str, part: str, body: str) -> str:
    inside = f"<in>{literal(iterated)}</in><{part}>{literal(body)}</{part}>"
    return f'<{kind} iteratorVariable="n">{inside}</{kind}>'


ONE_ROW = f"<row>{literal('1')}{literal('2')}</row>"
CHOICE = f"<if>{literal('level > 1')}</if><then>{literal('1')}</then><else>{literal('0')}</else>"
NEXT = f'<functionDefinition><formalParameter name="x"/>{literal("x + 1")}</functionDefinition>'


@pytest.mark.parametrize(
    ("logic", "value"),
    [
        (literal("=1 + 1"), 2),
        (f"<context>{entry('a', literal('1'))}{entry('b c', literal('a + 1'))}</context>", {"a": 1, "b c": 2}),
        (f"<context>{entry('a', literal('2'))}<contextEntry>{literal('a * 3')}</contextEntry></context>", 6),
        (f"<list>{literal('1')}{literal('level')}</list>", [1, 2]),
        (f'<relation><column name="x"/><column name="y"/>{ONE_ROW}</relation>', [{"x": 1, "y": 2}]),
        (f"<conditional>{CHOICE}</conditional>", 1),
        (f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > level')}</match></filter>", [3]),
        (loop("for", "[1, 2, 3]", "return", "n * n"), [1, 4, 9]),
        (loop("some", "[1, 2]", "satisfies", "n = level"), True),
        (loop("every", "[1, 2]", "satisfies", "n = level"), False),
        (f"<context>{entry('f', NEXT)}<contextEntry>{literal('f(level)')}</contextEntry></context>", 3),
    ],
)
def test_boxed_expressions(logic: str, value: object) -> None:
    outcome = decide(logic, level=2)
    assert outcome.value == value
    assert outcome.rules == []


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        DMN13,
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_versions_of_dmn(namespace: str) -> None:
    taken = decisions.read(file(decision(table([['"fire"', "1"]])), namespace=namespace))
    assert taken.decide("triage", {"kind": "fire"}, at=AT).value == 1


DMN_JS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
  xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0"
  xmlns:camunda="http://camunda.org/schema/1.0/dmn" xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/"
  id="Definitions_1" name="DRD" namespace="http://camunda.org/schema/1.0/dmn" exporter="dmn-js"
  exporterVersion="17.10.2">
  <decision id="Decision_1" name="Dish">
    <informationRequirement id="Req_1"><requiredInput href="#InputData_1" /></informationRequirement>
    <authorityRequirement id="Req_2"><requiredAuthority href="#Source_1" /></authorityRequirement>
    <decisionTable id="DecisionTable_1">
      <input id="Input_1" label="Season" biodi:width="192" camunda:inputVariable="current">
        <inputExpression id="InputExpression_1" typeRef="string"><text>season</text></inputExpression>
      </input>
      <output id="Output_1" name="" typeRef="string" biodi:width="192" />
      <annotation name="why" />
      <rule id="DecisionRule_1">
        <description>cold</description>
        <inputEntry id="UnaryTests_1"><text>"Winter"</text></inputEntry>
        <outputEntry id="LiteralExpression_1"><text>"Stew of " + current</text></outputEntry>
        <annotationEntry><text>warm</text></annotationEntry>
      </rule>
      <rule id="DecisionRule_2">
        <inputEntry id="UnaryTests_2"><text>?= "Summer" or upper case(current) = "SPRING"</text></inputEntry>
        <outputEntry id="LiteralExpression_2"><text></text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <inputData id="InputData_1" name="season"><variable name="season" /></inputData>
  <knowledgeSource id="Source_1" name="cook" />
  <textAnnotation id="Note_1"><text>note</text></textAnnotation>
  <dmndi:DMNDI><dmndi:DMNDiagram><dmndi:DMNShape dmnElementRef="Decision_1">
    <dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>
"""


def test_what_dmn_js_writes() -> None:
    taken = decisions.read(DMN_JS.encode())
    assert taken.decide("Decision_1", {"season": "Winter"}, at=AT).value == "Stew of Winter"
    outcome = taken.decide("Decision_1", {"season": "spring"}, at=AT)
    assert (outcome.value, outcome.rules) == (None, ["DecisionRule_2"])
    assert taken.names_used("Decision_1") == {"season"}
    (summary,) = taken.summary
    assert (summary.id, summary.name, summary.policy, summary.rules) == ("Decision_1", "Dish", "U", 2)
    (asked,) = taken.inputs("Decision_1")
    assert (asked.label, asked.type, asked.expression) == ("Season", "string", "season")


def test_columns_are_known_to_the_checks() -> None:
    taken = read(decision(table([['"a"', "1", "2"]], outputs=("level", "wait"), aggregation="", policy="COLLECT")))
    assert [each.name for each in taken.outputs("triage")] == ["level", "wait"]
    assert taken.summary[0].policy == "C"
    taken = read(decision(literal("1"), variable="score"))
    assert [each.name for each in taken.outputs("triage")] == ["score"]
    assert taken.inputs("triage") == []
    with pytest.raises(KeyError):
        taken.inputs("other")


def test_rules_without_id_are_numbered() -> None:
    bare = table([['"a"', "1"], ['"b"', "2"]]).replace(' id="r1"', "").replace(' id="r2"', "")
    assert decide(bare, kind="b").rules == ["#2"]


IMPORT = f'<import name="x" namespace="y" importType="{DMN13}"/>'


def service(*, out: str, inputs: Sequence[str] = (), given: Sequence[str] = ()) -> str:
    parts = f'<outputDecision href="#{out}"/>' + "".join(f'<inputDecision href="#{each}"/>' for each in given)
    parts += "".join(f'<inputData href="#{each}"/>' for each in inputs)
    return f'<decisionService id="service" name="rate"><variable name="rate"/>{parts}</decisionService>'


@pytest.mark.parametrize(
    ("parts", "element", "zh", "en"),
    [
        ([decision("")], "triage", "没有写决策逻辑", "has no logic"),
        ([], "", "没有决策", "no decision"),
        ([decision(literal("1")), decision(literal("2"))], "triage", "重复", "used twice"),
        ([decision(literal("1")).replace('id="triage" name="分流"', "")], "", "没有标识", "no id"),
        ([decision(literal(" "))], "triage", "表达式是空的", "is empty"),
        ([decision(table([['"a"', "1"]], policy="BEST"))], "triage", "命中策略“BEST ”不存在", "does not exist"),
        ([decision(table([['"a"', "1"]], policy="COLLECT", aggregation="AVG"))], "triage", "不存在", "does not exist"),
        ([decision(table([['"a"', "1"]], policy="FIRST", aggregation="SUM"))], "triage", "不存在", "does not exist"),
        ([decision(table([['"a"', "1"]], policy="PRIORITY"))], "triage", "可选值", "by priority"),
        ([decision(table([['"a"', "1", "2"]], outputs=("x", "x")))], "triage", "互不相同", "name of its own"),
        ([decision(table([['"a"', "1", "2"]], outputs=("x", "")))], "triage", "互不相同", "name of its own"),
        (
            [decision(table([['"a"', "1", "2"]], outputs=("x", "y"), policy="COLLECT", aggregation="SUM"))],
            "triage", "只能有一个输出列", "one output only",
        ),
        ([decision(table([['"a"']], outputs=()))], "triage", "没有输出列", "no output column"),
        ([decision(table([["-", "1"]], inputs=("",)))], "triage", "没有写表达式", "no expression"),
        ([decision(table([['"a"']]))], "r1", "第 1 行有 1 个输入格、0 个输出格，应为", "Row 1 has 1 input and 0"),
        ([decision(literal("1"), requires=needs("gone"))], "triage", "gone 不在本文件中", "not in the file"),
        ([decision(literal("1"), requires=needs("triage"))], "triage", "依赖于自己", "depends on itself"),
        ([IMPORT.replace(DMN13, "z"), decision(literal("1"))], "x", "不是 DMN 文件", "no DMN file"),
        ([IMPORT, decision(literal("1"))], "x", "引用了其他文件", "imports"),
        (['<decisionService id="s"/>', decision(literal("1"))], "s", "没有输出决策", "no output decision"),
        ([service(out="gone"), decision(literal("1"))], "service", "gone 不在本文件中", "not in the file"),
        ([decision(literal("cuont(1)"))], "triage", "没有名为“cuont”的函数", 'no function "cuont"'),
        (
            [decision('<functionDefinition kind="Java">' + literal("1") + "</functionDefinition>")],
            "triage", "FEEL", "written in FEEL",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_refused(parts: list[str], element: str, zh: str, en: str) -> None:
    found = refused(*parts)
    assert any(each[0] == element and zh in each[2] and en in each[3] for each in found), found


def test_every_bad_cell_is_told_at_once_with_its_line() -> None:
    rules = [['"a" "b"', "1"], ["-", "1 +"], ["> 3 and < 5", '"ok"']]
    found = refused(decision(table(rules)))
    assert [(each[1], each[2].split('“"')[0].split("“1")[0].split("“>")[0]) for each in found] == [
        (4, "第 1 行“kind”"),
        (5, "第 2 行“route”"),
        (6, "第 3 行“kind”"),
    ]
    assert 'Row 2, "route", "1 +": The expression is not finished' in found[1][3]


@pytest.mark.parametrize("language", ["juel", "groovy", "javascript", "http://www.java.com/java"])
def test_other_languages_are_refused(language: str) -> None:
    said = f' expressionLanguage="{language}"'
    bad = decision(literal("1").replace("<literalExpression", f"<literalExpression{said}"))
    assert "只能用 FEEL" in refused(bad)[0][2]
    cell = decision(table([['"a"', "1"]]).replace("<inputEntry", f"<inputEntry{said}"))
    assert "第 1 行" in refused(cell)[0][2]
    assert "FEEL only" in refused(decision(literal("1")), more=said)[0][3]


@pytest.mark.parametrize(
    "language", ["feel", "FEEL", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/"]
)
def test_feel_has_many_names(language: str) -> None:
    logic = literal("1").replace("<literalExpression", f'<literalExpression expressionLanguage="{language}"')
    assert decide(logic).value == 1


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "en"),
    [
        (b"", "empty"),
        (b"\x00\xff", "well-formed"),
        (b"<definitions/>", "not a DMN"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "not a DMN"),
        (file(decision(literal("1"))).replace(b"<definitions", BOMB.encode() + b"<definitions"), "DOCTYPE"),
        (
            file().replace(b"<definitions", b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions'),
            "DOCTYPE",
        ),
        (b"<!--" + b"x" * (21 * 1024 * 1024) + b"-->", "too large"),
    ],
)
def test_what_is_no_decision_file_is_refused(content: bytes, en: str) -> None:
    with pytest.raises(DecisionsNotReadable, match=en):
        decisions.read(content)


def test_enormous_tables_are_refused() -> None:
    found = refused(decision(table([["-", "1"]] * 10_001)))
    assert "20000" in found[0][2]


CELL = st.sampled_from(["-", "< 3", "[2..5]", "not(4)", "1, 4", "> 4"])


@given(rows=st.lists(CELL, min_size=1, max_size=6), tested=st.integers(0, 6))
@settings(max_examples=40, deadline=None)
def test_policies_agree_with_each_other(rows: list[str], tested: int) -> None:
    rules = [[cell, str(number)] for number, cell in enumerate(rows)]

    def by(policy: str, aggregation: str = "") -> Any:
        return decide(table(rules, policy=policy, aggregation=aggregation), kind=tested).value

    every = by("RULE ORDER")
    assert every == sorted(every)
    assert by("FIRST") == (every[0] if every else None)
    assert by("COLLECT", "COUNT") == len(every)
    assert by("COLLECT", "SUM") == (sum(every) if every else None)
    if len(every) > 1:
        with pytest.raises(DecisionFailed):
            by("UNIQUE")


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("*/*.dmn")), ids=lambda path: path.name)
def test_the_tables_of_our_processes_can_be_read(path: Path) -> None:
    beside = [other.read_bytes() for other in path.parent.glob("*.dmn") if other != path]
    taken = decisions.read(path.read_bytes(), beside)
    for id in taken.ids:
        assert taken.names_used(id)
        assert taken.outputs(id)


def test_a_service_is_asked_like_a_decision_and_called_like_a_function() -> None:
    parts = [
        '<inputData id="hurt" name="hurt"><variable name="hurt" typeRef="number"/></inputData>',
        decision(literal("hurt * 2"), id="score", name="score", requires=needs("hurt", "Input")),
        decision(literal("score + base"), id="grade", name="grade", requires=needs("score") + needs("base")),
        decision(literal("100"), id="base", name="base"),
        service(out="grade", inputs=["hurt"], given=["base"]),
        decision(literal("rate(3, 1) + rate(hurt: 1, base: 0)"), requires=needs("service", "Knowledge")),
    ]
    taken = read(*parts)
    assert taken.services == ("service",)
    assert taken.names_used("service") == {"hurt", "base"}
    outcome = taken.decide("service", {"hurt": 5, "base": 7}, at=AT)
    assert outcome.value == 17
    assert outcome.before["grade"].before["score"].value == 10
    outcome = taken.decide("triage", {}, at=AT)
    assert outcome.value == 9
    assert taken.decide("grade", {"hurt": 5}, at=AT).value == 110


def test_a_decision_may_import_another_file() -> None:
    other = file(
        '<itemDefinition name="tLevel"><typeRef>number</typeRef><allowedValues>' + text("[1..4]") + "</allowedValues>",
        "</itemDefinition>",
        decision(literal("hurt + 1"), id="score", name="score"),
    ).replace(b'namespace="x"', b'namespace="other"')
    link = IMPORT.replace('name="x" namespace="y"', 'name="base" namespace="other"')
    more = needs("score").replace("#score", "other#score")
    main = file(link, decision(literal("base.score * 10"), requires=more))
    taken = decisions.read(main, [other])
    outcome = taken.decide("triage", {"hurt": 2}, at=AT)
    assert outcome.value == 30
    assert outcome.before["base/score"].value == 3
    typed = file(
        link, decision(literal("hurt")).replace("<literal", '<variable name="t" typeRef="base.tLevel"/><literal')
    )
    assert decisions.read(typed, [other]).decide("triage", {"hurt": 4}, at=AT).value == 4
    assert decisions.read(typed, [other]).decide("triage", {"hurt": 5}, at=AT).value is None
    with pytest.raises(DecisionsNotReadable, match="not beside"):
        decisions.read(main)


def test_a_table_may_stand_inside_other_expressions() -> None:
    rules = [['"fire"', "3"], ["-", "1"]]
    result = f"<contextEntry>{literal('weight * 2')}</contextEntry>"
    logic = f"<context>{entry('weight', table(rules, policy='FIRST'))}{result}</context>"
    assert decide(logic, kind="fire").value == 6
    assert read(decision(logic)).names_used("triage") == {"kind"}


def test_a_declared_type_makes_a_list_of_one_its_item_and_the_rest_null() -> None:
    def typed(kind: str, expression: str) -> Any:
        return decide(literal(expression).replace("<literalExpression", f'<literalExpression typeRef="{kind}"'))

    assert typed("number", "[7]").value == 7
    assert typed("number", '"seven"').value is None
    assert typed("list", "7").value == [7]
