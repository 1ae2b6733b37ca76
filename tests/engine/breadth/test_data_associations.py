"""Inputs and outputs the standard's own way: what an ioSpecification says goes over, comes back, or is refused."""

from __future__ import annotations

import pytest

from engine.notation.checks import Known, check
from engine.words.errors import Finding
from tests.engine.breadth.outside import complete, one
from tests.engine.breadth.town import Town, form, user
from tests.engine.tokens import drawn as d

WORKER = '<extensionElements><camunda:properties><camunda:property name="worker" value="external"/>{}' \
         "</camunda:properties></extensionElements>"  # fmt: skip


def io(inputs: str = "", outputs: str = "", *, optional: str = "") -> str:
    """`inputs`, `outputs`: names, each the id of its parameter behind i_ and o_ as well."""
    taken = [*inputs.split(), *optional.split()]
    given = outputs.split()
    return (
        "<ioSpecification>"
        + "".join(f'<dataInput id="i_{name}" name="{name}"/>' for name in taken)
        + "".join(f'<dataOutput id="o_{name}" name="{name}"/>' for name in given)
        + "<inputSet>"
        + "".join(f"<dataInputRefs>i_{name}</dataInputRefs>" for name in taken)
        + "".join(f"<optionalInputRefs>i_{name}</optionalInputRefs>" for name in optional.split())
        + "</inputSet><outputSet>"
        + "".join(f"<dataOutputRefs>o_{name}</dataOutputRefs>" for name in given)
        + "</outputSet></ioSpecification>"
    )


def into(target: str, source: str = "", inner: str = "") -> str:
    """A data object of that id, or what `inner` computes, goes into the input of that name."""
    copied = f"<sourceRef>{source}</sourceRef>" if source else ""
    return f"<dataInputAssociation>{copied}<targetRef>i_{target}</targetRef>{inner}</dataInputAssociation>"


def out_of(source: str, target: str, inner: str = "") -> str:
    return (
        f"<dataOutputAssociation><sourceRef>o_{source}</sourceRef><targetRef>{target}</targetRef>{inner}"
        "</dataOutputAssociation>"
    )


def reckoned(text: str) -> str:
    return f"<transformation>{text}</transformation>"


def assigned(text: str, to: str) -> str:
    return f"<assignment><from>{text}</from><to>{to}</to></assignment>"


DATA = d.data("a") + d.data("DataObject_1", "b")
CALL = io("x z w", "y sum") + into("x", "a-drawn") + into("z", inner=reckoned("=a + 1")) \
    + into("w", inner=assigned("a * 2", "i_w")) \
    + out_of("y", "DataObject_1-drawn") + out_of("sum", "k-drawn", reckoned("sum + y"))  # fmt: skip


WHILE = "<whileExecutingInputRefs>i_x</whileExecutingInputRefs>"


def called_with(inner: str) -> str:
    return d.el("callActivity", "c", inner, calledElement="called")


def asked(inner: str, *properties: str, topic: str = "ask") -> str:
    told = "".join(f'<camunda:property name="{name}" value="{value}"/>' for name, _, value in
                   (each.partition("=") for each in properties))  # fmt: skip
    return d.el("serviceTask", "c", WORKER.format(told) + inner, camunda_type="external", camunda_topic=topic)


def drawing(step: str, *more: str) -> tuple[str, ...]:
    return (d.start(inner=form("a")), DATA, d.data("k", "c"), step, user("n"), d.end(), d.flows("s c n e"), *more)


# --- they run -------------------------------------------------------------------------------------------------------


def test_a_call_is_given_and_gives_back_what_the_associations_say(town: Town) -> None:
    reckon = d.script("t", "{ sum: x + z + w, y: 5, own: 1 }")
    town.publish("called", d.start(inner=form("x", "z", "w")), reckon, d.end(), d.flows("s t e"))
    town.publish("caller", *drawing(called_with(CALL)))
    case = town.open("caller", a=7)
    town.hand_on()
    (child,) = town.children(case)
    assert town.values(child) == {"x": 7, "z": 8, "w": 14, "sum": 29, "y": 5, "own": 1}
    assert town.values(case) == {"a": 7, "b": 5, "c": 34}
    assert town.waiting(case) == "n"
    town.lawful()


def test_a_program_outside_is_given_and_gives_back_what_the_associations_say(town: Town) -> None:
    town.publish("asking", *drawing(asked(CALL)))
    case = town.open("asking", a=7)
    job = one(town)
    assert job.inputs == {"x": 7, "z": 8, "w": 14}
    complete(town, job, y=5, sum=29, more="not asked for")
    assert town.values(case) == {"a": 7, "b": 5, "c": 34}
    town.lawful()


def test_associations_and_our_own_mapping_mean_the_same_and_stand_beside_each_other(town: Town) -> None:
    inner = '<extensionElements><camunda:in source="a" target="x"/></extensionElements>'
    mixed = inner + io("z") + into("z", "a-drawn")
    town.publish("called", d.start(inner=form("x", "z")), user("v"), d.end(), d.flows("s v e"))
    town.publish("caller", *drawing(called_with(mixed)))
    case = town.open("caller", a=7)
    town.hand_on()
    assert town.values(*town.children(case)) == {"x": 7, "z": 7}


def test_what_was_never_written_goes_over_as_nothing_and_nobody_waits_for_it(town: Town) -> None:
    town.publish("asking", *drawing(asked(io("x", optional="later") + into("x", "DataObject_1-drawn"))))
    town.open("asking", a=7)
    assert one(town).inputs == {"x": None}


def test_a_property_of_the_process_and_its_own_inputs_and_outputs_can_be_spoken_of(town: Town) -> None:
    declared = '<ioSpecification><dataInput id="p_in" name="a"/><dataOutput id="p_out" name="told"/><inputSet/>' \
               "<outputSet/></ioSpecification>" '<property id="p_1" name="seen"/>'  # fmt: skip
    step = asked(io("x", "y") + into("x", "p_in") + out_of("y", "p_out"))
    then = d.el("serviceTask", "k", WORKER.format("") + io("x") + into("x", "p_1"), camunda_type="external",
                camunda_topic="then")  # fmt: skip
    town.publish("asking", declared, d.start(inner=form("a")), step, d.script("t", "{ seen: told + 1 }"), then, d.end(),
                 d.flows("s c t k e"))  # fmt: skip
    case = town.open("asking", a=7)
    job = one(town)
    assert job.inputs == {"x": 7}
    complete(town, job, y=40)
    assert town.values(case) == {"a": 7, "told": 40, "seen": 41}
    assert one(town, "then").inputs == {"x": 41}


def test_a_repeated_call_takes_its_members_from_an_input(town: Town) -> None:
    loop = '<multiInstanceLoopCharacteristics isSequential="true"><loopDataInputRef>i_all</loopDataInputRef>' \
           '<inputDataItem id="member" name="part"/></multiInstanceLoopCharacteristics>'  # fmt: skip
    step = asked(io("all x") + into("all", inner=reckoned("[a, a + 1]")) + into("x", "member") + loop)
    town.publish("asking", *drawing(step))
    case = town.open("asking", a=7)
    seen = []
    for _ in range(2):
        job = one(town)
        seen.append(job.inputs)
        complete(town, job)
    assert seen == [{"x": 7}, {"x": 8}]
    assert town.waiting(case) == "n"


def test_a_repeated_task_takes_its_members_from_an_input() -> None:
    loop = "<multiInstanceLoopCharacteristics><loopDataInputRef>i_all</loopDataInputRef>" \
           '<inputDataItem id="member"/></multiInstanceLoopCharacteristics>'  # fmt: skip
    task = d.task("c", io("all") + into("all", "DataObject_1-drawn") + loop)
    content = d.xml(d.start(), DATA, task, d.end(), d.flows("s c e"))
    repeat = d.process(d.start(), DATA, task, d.end(), d.flows("s c e")).element("c").repeat
    assert repeat is not None
    assert (repeat.collection, repeat.variable) == ("b", "member")
    assert not said(content)


# --- or they are refused --------------------------------------------------------------------------------------------


def said(content: str) -> list[Finding]:
    found = check(content.encode(), {}, known=Known(processes=frozenset({"called"})))
    return [one for one in found if one.law in {"inputs_and_outputs_go_over", "data_objects_are_fields"}]


def test_what_runs_is_published() -> None:
    assert said(d.xml(*drawing(called_with(CALL)))) == []
    assert said(d.xml(*drawing(asked(CALL)))) == []
    assert said(d.xml(*drawing(d.task("c", "<ioSpecification><inputSet/><outputSet/></ioSpecification>")))) == []
    drawn = d.data("v") + d.task("c", d.reads("v"))  # only drawn: documentation
    assert said(d.xml(*drawing(drawn))) == []


@pytest.mark.parametrize(
    ("step", "en"),
    [
        (d.task("c", io("x") + into("x", "a-drawn")), "goes nowhere: only calls and work of other programs"),
        (d.script("c").replace("<script>", io("", "y") + "<script>"), "goes nowhere"),
        (d.el("businessRuleTask", "c", io("x") + into("x", "a-drawn")), "goes nowhere"),
        (d.el("sendTask", "c", io("x") + into("x", "a-drawn"), messageRef="message_m"), "goes nowhere"),
        (d.sub("c", io("x"), d.start("cs"), d.end("ce"), d.flows("cs ce")), "goes nowhere"),
        (d.catch("c", '<dataOutput id="o" name="y"/>' + d.on("message", "m")), "property payload"),
        (asked(io("url") + into("url", "a-drawn"), topic="http"), "parameters from properties"),
        (called_with(io("x")), 'No data association gives the input "x"'),
        (called_with(io("x").replace("<inputS", "<inputSet/><inputS") + into("x", "a-drawn")), "2 sets of inputs"),
        (
            called_with(io("x").replace("</inputSet>", f"{WHILE}</inputSet>") + into("x", "a-drawn")),
            "passes values while it is at work",
        ),
        (called_with(io("x") + into("x", "a-drawn") * 2), '"x" is handed over 2 times'),
        (
            called_with('<extensionElements><camunda:in source="a" target="x"/></extensionElements>' + io("x")
                        + into("x", "a-drawn")),
            '"x" is handed over 2 times',
        ),
        (called_with(io("", "y") + out_of("y", "k-drawn") * 2), '"c" is brought back 2 times'),
        (called_with(io("x") + into("x", "nowhere")), 'leads to "nowhere"'),
        (called_with(io("x") + into("x", "store")), "leads to a data store"),
        (called_with(io("x") + into("x")), "it has 0"),
        (called_with(io("x") + into("x", "a-drawn", "<sourceRef>k-drawn</sourceRef>")), "has 2"),
        (called_with(io("x") + into("x", inner=reckoned("1") + assigned("2", "i_x"))), "given by 2 expressions"),
        (called_with(io("x") + into("x", inner=assigned("1", "i_x") + assigned("2", "i_x"))), "given by 2 expressions"),
        (called_with(io("x") + into("x", inner=assigned("", "i_x"))), "does not say from what"),
        (called_with(io("x") + into("x", inner=assigned("1", "i_x/total"))), "as a whole"),
        (called_with(io("", "y") + out_of("y", "")), "whither it leads"),
        (
            called_with(io("", "y") + out_of("y", "k-drawn", "<sourceRef>a-drawn</sourceRef>")),
            "a source that is no output of it",
        ),
        (called_with(d.reads("a").replace("</data", reckoned("1") + "</data")), "leads to no input or output of it"),
        (d.task("c", d.reads("a").replace("</data", assigned("1", "x") + "</data")), "leads to no input or output"),
    ],
)  # fmt: skip
def test_what_cannot_run_is_refused(step: str, en: str) -> None:
    store = '<dataStoreReference id="store" name="store"/>'
    (finding, *_) = [one for one in said(d.xml(*drawing(step, store))) if one.severity == "error"]
    assert en in finding.en
    assert (finding.element, finding.line is not None) == ("c", True)


def test_what_nobody_takes_is_said() -> None:
    (finding,) = said(d.xml(*drawing(called_with(io("", "y")))))
    assert finding.severity == "warning"
    assert 'No data association takes the output "y"' in finding.en


def test_expressions_in_associations_are_feel() -> None:
    def laws(inner: str) -> set[str]:
        content = d.xml(*drawing(called_with(io("x") + into("x", inner=inner)))).encode()
        return {one.law for one in check(content, {}) if one.element == "c"}

    assert not {"expressions_are_feel", "names_are_known"} & laws(reckoned("a + 1"))
    assert "expressions_are_feel" in laws(reckoned("a +"))
    assert "expressions_are_feel" in laws(reckoned("${a}"))
    assert "expressions_are_feel" in laws('<transformation language="http://www.w3.org/1999/XPath">a</transformation>')
    assert "names_are_known" in laws(reckoned("nobody_gives_this + 1"))


def test_a_called_process_that_declares_its_inputs_asks_for_them() -> None:
    declared = io("x", optional="w").replace('"i_', '"p_').replace(">i_", ">p_")
    content = d.xml(
        declared, *drawing(d.el("callActivity", "c", io("z") + into("z", "a-drawn"), calledElement="drawn"))
    )
    (finding,) = [one for one in check(content.encode(), {}) if one.law == "calls_give_what_is_asked"]
    assert "requires: x" in finding.en
