"""What a file looks like: ids, flows, loops, lanes, documentation, and what must never hurt."""

from __future__ import annotations

import time

import pytest

from engine.notation.checks import check
from engine.notation.diagram import read
from engine.words.errors import CannotGoOn, NotPublishable
from tests.engine.breadth.gate import errors, refused
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played

PLAIN = (d.start(), d.task("u"), d.end(), d.flows("s u e"))


@pytest.mark.parametrize("id", ["Start", "End"])
def test_an_id_that_the_engine_uses_itself_is_refused(id: str) -> None:
    begin, finish = (id, "e") if id == "Start" else ("s", id)
    xml = d.xml(d.start(begin), d.task("u"), d.end(finish), d.flows(f"{begin} u {finish}"))
    assert refused(xml, "ids_are_free", id)


@pytest.mark.parametrize(("said", "runs"), [("", False), ("false", False), ("true", True), ("1", True)])
def test_a_process_is_executable_only_if_it_says_so(said: str, runs: bool) -> None:
    xml = d.xml(*PLAIN).replace(' isExecutable="true"', f' isExecutable="{said}"' if said else "")
    if runs:
        assert Played(read(xml.encode())).waiting == "u"
    else:
        assert refused(xml, "process_is_executable")


def test_process_without_a_start_event_is_refused() -> None:
    assert refused(d.xml(d.task("u"), d.end(), d.flows("u e")), "one_start")


def test_unreachable_node_is_refused() -> None:
    assert refused(d.xml(*PLAIN, d.task("lost"), d.flows("lost e")), "nodes_are_reached", "lost")


def test_flow_to_a_missing_target_is_refused() -> None:
    assert refused(d.xml(*PLAIN, d.flow("u", "nope", id="astray")), "flows_join_neighbours", "astray")


@pytest.mark.parametrize("merge", [True, False])
def test_timer_loop_waits_each_time(merge: bool) -> None:
    wait = d.catch("w", d.timer("PT1H")) + d.script("poll", "{ k: k + 1 }")
    out = d.gateway("exclusive", "x", "x-w" if not merge else "x-m") + d.flow("x", "e", "=k = 3")
    ways = d.flows("s m w poll x m") if merge else d.flows("s w poll x w")
    played = Played(d.process(d.start(), d.gateway("exclusive", "m") if merge else "", wait, out, d.end(), ways), k=0)
    for _ in range(3):
        assert played.waiting == "w"
        played.do("w")
    assert played.over


def test_timer_loop_without_any_gateway_is_refused_for_it_never_ends() -> None:
    xml = d.xml(d.start(), d.catch("w", d.timer("PT1H")), d.el("task", "poll"), d.flows("s w poll w"))
    assert refused(xml, "ways_end")
    played = Played(read(xml.encode()))  # and were it to run, each round would wait
    for _ in range(5):
        assert played.waiting == "w"
        played.do("w")


def test_parallel_gateway_with_a_flow_back_to_its_own_source_task() -> None:
    played = Played(
        d.process(d.start(), d.gateway("exclusive", "m"), d.task("u"), d.gateway("parallel", "f"), d.task("n"), d.end(),
                  d.flows("s m u f n e", "f m"))
    )  # fmt: skip
    for rounds in range(1, 6):
        played.do("u")
        assert played.waiting == " ".join(["n"] * rounds + ["u"])


def test_chain_of_400_user_tasks_saved_and_restored_at_each() -> None:
    ids = [f"t{number}" for number in range(400)]
    played = Played(d.process(d.start(), *map(d.task, ids), d.end(), d.flows(" ".join(["s", *ids, "e"]))))
    for id in ids:  # frozen and thawed between any two steps
        assert played.waiting == id
        played.do(id)
    assert played.over


def test_a_loop_of_three_nodes_run_400_times() -> None:
    played = Played(
        d.process(d.start(), d.gateway("exclusive", "m"), d.task("u"), d.script("x", "{ k: k + 1 }"),
                  d.gateway("exclusive", "g", "g-m"), d.end(), d.flows("s m u x g m"), d.flow("g", "e", "=k = 400")),
        k=0,
    )  # fmt: skip
    for _ in range(400):
        assert played.waiting == "u"
        played.do("u")
    assert played.over


@pytest.mark.parametrize(
    "topic", [{}, {"camunda_type": "external"}, {"camunda_type": "external", "camunda_topic": "no"}]
)
def test_service_task_that_nothing_does_is_refused(topic: dict[str, str]) -> None:
    xml = d.xml(d.start(), d.el("serviceTask", "x", **topic), d.task("n"), d.end(), d.flows("s x n e"))
    found = check(xml.encode(), {})
    assert any(f.law == "topics_are_known" and f.severity == "error" and f.element == "x" for f in found)
    with pytest.raises(CannotGoOn):
        Played(read(xml.encode()))


def test_service_task_is_done_and_saved() -> None:
    service = d.el(
        "serviceTask", "x", d.properties(name="rework"), camunda_type="external", camunda_topic="counter.add"
    )
    played = Played(d.process(d.start(), service, d.task("n"), d.end(), d.flows("s x n e")))
    assert played.waiting == "n"
    assert played.kept["counts"] == {"rework": 1}


def lane(name: str, *refs: str, inner: str = "") -> str:
    listed = "".join(f"<flowNodeRef>{ref}</flowNodeRef>" for ref in refs)
    nested = f"<childLaneSet>{inner}</childLaneSet>" if inner else ""
    return f'<lane id="{name}" name="{name}">{listed}{nested}</lane>'


def test_lanes_a_task_knows_its_innermost_lane_also_in_a_sub_process() -> None:
    lanes = f'<laneSet id="ls">{lane("Outer", "s", "a", "w", "e", inner=lane("Inner", "a"))}</laneSet>'
    inside = d.sub("w", d.start("ws"), d.task("b"), d.end("we"), d.flows("ws b we"))
    diagram = d.process(lanes, d.start(), d.task("a"), inside, d.end(), d.flows("s a w e"))
    assert diagram.element("a").lane == "Inner"
    assert diagram.element("w").lane == diagram.element("b").lane == "Outer"


def test_documentation_of_a_sub_process_is_its_own() -> None:
    inner = d.task("b", "<documentation>child doc</documentation>")
    diagram = d.process(d.start(), d.sub("w", d.start("ws"), inner, d.end("we"), d.flows("ws b we")), d.flows("s w"))
    assert diagram.element("w").documentation == ""
    assert diagram.element("b").documentation == "child doc"


@pytest.mark.parametrize("text", ["{ x: os.getpid() }", '{ x: __import__("os").getpid() }', "{ x: process.pid }"])
def test_a_script_cannot_reach_the_operating_system(text: str) -> None:
    xml = d.xml(d.start(), d.script("x", text), d.task("n"), d.end(), d.flows("s x n e"))
    assert Played(read(xml.encode())).variables.get("x") is None


def test_a_file_with_an_xml_declaration_is_read() -> None:
    xml = '<?xml version="1.0" encoding="UTF-8"?>' + d.xml(*PLAIN)
    assert Played(read(xml.encode())).waiting == "u"
    assert not errors(xml)


@pytest.mark.parametrize("kind", ["bomb", "external"])
def test_entities_are_refused_at_once(kind: str) -> None:
    bomb = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    outside = '<!ENTITY a11 SYSTEM "file:///etc/hostname">'
    xml = f"<!DOCTYPE definitions [{bomb if kind == 'bomb' else outside}]>" + d.xml(*PLAIN).replace('"u"', '"&a11;"', 1)
    begun = time.perf_counter()
    with pytest.raises(NotPublishable):
        read(xml.encode())
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("defined", [True, False])
def test_data_store_as_bpmn_js_draws_it_is_documentation(defined: bool) -> None:
    reference = ' dataStoreRef="customers"' if defined else ""
    store = f'<dataStoreReference id="st" name="st"{reference}/>'
    step = d.task("u", "<dataInputAssociation><sourceRef>st</sourceRef></dataInputAssociation>")
    xml = d.xml(d.start(), store, step, d.end(), d.flows("s u e"))
    if defined:
        xml = xml.replace("<process ", '<dataStore id="customers" name="Customers"/><process ', 1)
    assert not errors(xml)
    warned = check(xml.encode(), {})
    assert any(f.law == "data_objects_are_fields" and f.element == "st" and f.severity == "warning" for f in warned)
    assert Played(read(xml.encode())).waiting == "u"


def test_terminate_end_event_in_the_process_ends_it() -> None:
    parts = (d.start(), d.gateway("parallel", "f"), d.task("u"), d.task("v"), d.end("t", d.on("terminate")), d.end())
    played = Played(d.process(*parts, d.flows("s f u t", "f v e")))
    played.do("u")
    assert played.over
    assert played.waiting == ""
