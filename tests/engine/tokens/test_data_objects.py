"""Data objects: fields of the case that are drawn, read and written at every depth."""

from __future__ import annotations

from engine.notation.diagram import read
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


def script(id: str, text: str, *associations: str) -> str:
    return d.script(id, text).replace("</scriptTask>", "".join(associations) + "</scriptTask>")


def test_data_object_write_and_read() -> None:
    parts = (d.start(), d.data("v"), d.task("u", d.writes("v")), script("x", "{ seen: v + 1 }", d.reads("v")), d.end())
    played = Played(d.process(*parts, d.flows("s u x e")))
    played.do("u", v=5)
    assert played.variables == {"v": 5, "seen": 6}


def test_data_object_read_before_anything_was_written_is_empty() -> None:
    parts = (d.start(), d.data("v"), script("x", "{ seen: v = null }", d.reads("v")), d.task("n"), d.end())
    assert Played(d.process(*parts, d.flows("s x n e"))).variables["seen"] is True


def test_data_object_is_called_by_its_variable() -> None:
    parts = (d.start(), d.data("DataObject_0x1y", "report"), d.task("u", d.writes("DataObject_0x1y")), d.end())
    played = Played(d.process(*parts, script("x", "{ seen: report }"), d.flows("s u x e")))
    played.do("u", report="done")
    assert played.variables["seen"] == "done"


def nested(depth: int, inner: str, *beside: str) -> str:
    """A step so many sub-processes deep."""
    drawn = inner
    for level in range(depth):
        ways = d.flows(f"s{level} {'x' if level == 0 else f'w{level - 1}'} e{level}")
        drawn = d.sub(f"w{level}", d.start(f"s{level}"), d.end(f"e{level}"), drawn, ways)
    return d.xml(d.start(), *beside, drawn, d.task("n"), d.end(), d.flows(f"s w{depth - 1} n e"))


def test_data_object_of_the_process_used_one_two_and_three_levels_down() -> None:
    for depth in (1, 2, 3):
        inner = script("x", "{ v: 5 }", d.reads("v"), d.writes("v"))
        played = Played(read(nested(depth, inner, d.data("v")).encode()))
        assert played.waiting == "n"
        assert played.variables == {"v": 5}


def test_data_object_of_the_process_written_by_each_instance_of_a_repeated_sub_process() -> None:
    step = script("x", "{ v: append(v, one), own: one }", d.writes("v"))
    host = d.sub("w", d.several(over="=list"), d.start("ws"), step, d.task("u"), d.end("we"), d.flows("ws x u we"))
    played = Played(d.process(d.start(), d.data("v"), host, d.task("n"), d.end(), d.flows("s w n e")),
                    list=["a", "b"], v=[])  # fmt: skip
    assert played.variables == {"list": ["a", "b"], "v": ["a", "b"]}
    assert played.waiting == "u u"


def test_data_object_of_a_repeated_sub_process_belongs_to_each_instance() -> None:
    inner = d.sub("i", d.several("2"), d.start("is"), script("x", "{ v: if v = null then 1 else v + 1 }",
                  d.writes("v")), d.end("ie"), d.flows("is x ie"))  # fmt: skip
    host = d.sub("w", d.properties(collect="all"), d.several(over="=list"), d.data("v"), d.start("ws"), inner,
                 d.end("we"), d.flows("ws i we"))  # fmt: skip
    played = Played(d.process(d.start(), host, d.task("n"), d.end(), d.flows("s w n e")), list=["a", "b"])
    assert [one["v"] for one in played.variables["all"]] == [2, 2]
    assert "v" not in played.variables


def test_data_object_of_a_sub_process_begins_empty_each_time() -> None:
    host = d.sub("w", d.data("v"), d.start("ws"), d.task("u", d.writes("v")), d.task("t"), d.end("we"),
                 d.flows("ws u t we"))  # fmt: skip
    parts = (d.start(), d.gateway("exclusive", "m"), host, d.gateway("exclusive", "x", "x-m"), d.end())
    played = Played(d.process(*parts, d.flows("s m w x m"), d.flow("x", "e", "=k = 1")), k=0)
    played.do("u", v=5)
    assert played.variables["v"] == 5
    played.do("t")
    assert played.variables["v"] is None
    assert played.waiting == "u"


# --- parallel branches change one and the same data, field by field ------------------------------------------------


def branches() -> Played:
    parts = (d.start(), d.gateway("parallel", "f"), d.task("a"), d.task("b"), d.gateway("parallel", "j"), d.task("n"))
    return Played(d.process(*parts, d.end(), d.flows("s f a j n e", "f b j")), v=0, w=0, list=[1, 2])


def test_parallel_branches_a_deletion_in_one_branch_survives_the_join() -> None:
    played = branches()
    played.do("a", list=None)
    played.do("b", w=1)
    assert played.variables == {"v": 0, "w": 1, "list": None}


def test_parallel_branches_what_the_first_finished_changed_is_kept() -> None:
    played = branches()
    played.do("a", v=1)
    played.do("b", w=1)
    assert played.variables == {"v": 1, "w": 1, "list": [1, 2]}


def test_parallel_branches_set_the_same_field_the_last_wins() -> None:
    played = branches()
    played.do("b", v="early")
    played.do("a", v="late")
    assert played.variables["v"] == "late"


def test_parallel_branches_change_the_same_list_one_whole_list_is_kept() -> None:
    played = branches()
    played.do("a", list=[9])
    played.do("b", list=[1, 2, 3])
    assert played.variables["list"] == [1, 2, 3]
