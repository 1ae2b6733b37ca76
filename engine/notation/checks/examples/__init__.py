"""For every law a diagram that keeps it and one that breaks it, for the help page and for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.notation.checks.drawing import Known
from engine.notation.diagram import Diagram, read
from engine.notation.neighbours import Neighbour

FILES = Path(__file__).parent
TABLE = "triage.dmn"  # what the table beside every example is called
VALID, INVALID = "valid", "invalid"
# What there is beside the examples of laws that look at other processes.
AMONG_OTHERS = frozenset({"messages_find_their_way", "calls_give_what_is_asked", "inputs_and_outputs_go_over"})
AROUND = Known(
    processes=frozenset({"opinion_round"}),
    others={
        "opinion_round": Neighbour(frozenset({"opinion_given"}), frozenset({"opinion_asked"}), frozenset({"question"}))
    },
)


@dataclass(frozen=True, slots=True)
class Example:
    """`previous`: the version before, where the law compares with it; `known`: what is around it."""

    content: bytes
    tables: Mapping[str, str]
    previous: Diagram | None
    known: Known


def example(law: str, kind: str) -> Example:
    """`kind`: valid or invalid. Raises `FileNotFoundError` for a law without examples."""
    own = FILES / f"{law}.{kind}.dmn"
    common = INVALID if law == "tables_are_readable" and kind == INVALID else VALID
    table = own if own.is_file() else FILES / f"triage.{common}.dmn"
    previous = read((FILES / "ids_stay.valid.bpmn").read_bytes()) if law == "ids_stay" else None
    known = AROUND if law in AMONG_OTHERS else Known()
    return Example((FILES / f"{law}.{kind}.bpmn").read_bytes(), {TABLE: table.read_text("utf-8")}, previous, known)


# What the laws of the file itself find wrong stands above any drawing: a few lines of the file show it.
# Law → why (en, zh), what breaks it, what keeps it.
OF_THE_FILE: Mapping[str, tuple[str, str, str, str]] = {
    "file_is_readable": (
        "A file that cannot be read to its end cannot be judged; some are made to exhaust or betray who opens them.",
        "读不完的文件无法判断；有的文件就是为了拖垮或套取打开它的系统而做的。",
        '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<definitions>&x;',
        '<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions …>\n  …\n</bpmn:definitions>',
    ),
    "file_is_bpmn": (
        "Other kinds of drawings have no rules by which a case could run.",
        "其他图没有让办件照着走的规则。",
        '<mxfile host="…"><diagram>…</diagram></mxfile>',
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" …>',
    ),
    "process_is_executable": (
        "The mark says that the drawing is meant to be run, not only to be looked at.",
        "这个标记说明图是要执行的，不只是给人看的。",
        '<bpmn:process id="loop" isExecutable="false">',
        '<bpmn:process id="loop" isExecutable="true">',
    ),
    "one_process_a_file": (
        "A version is one process with its tables; with two in a file nobody could say which one was published.",
        "一个版本就是一个流程和它的决策表；一个文件两个流程，就说不清发布了哪一个。",
        '<bpmn:process id="loop" isExecutable="true">…\n<bpmn:process id="other" isExecutable="true">…',
        '<bpmn:process id="loop" isExecutable="true">…\n<bpmn:process id="other" isExecutable="false">…',
    ),
}
