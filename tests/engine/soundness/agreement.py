"""Our verdicts beside those that published checkers' own tests state, for folders of their files given by path.

    python -m tests.engine.soundness.agreement FOLDER [FOLDER …]

Known are the test resources of timKraeuter/rust_bpmn_analyzer and timKraeuter/bpmn-analyzer-js; nothing of them is
stored here but what their tests say about each file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lxml import etree

from engine.notation.diagram import read
from engine.notation.soundness import judge
from engine.notation.xml import BPMN, open_xml

# File name → what its tests (or its name, where the file is an example for one thing) say is wrong with it.
STATED: dict[str, set[str]] = {
    "dead-activities.bpmn": {"dead", "stuck"},
    "no-dead-activities.bpmn": set(),
    "no-option-to-complete-1.bpmn": {"stuck", "dead"},
    "no-option-to-complete-2.bpmn": {"stuck", "dead"},
    "no-proper-completion-1.bpmn": {"twice"},
    "no-proper-completion-2.bpmn": {"twice"},
    "no-proper-completion-3-unsafe.bpmn": {"twice"},
    "proper-completion-1.bpmn": set(),
    "proper-completion-2.bpmn": set(),
    "unsafe.bpmn": {"twice"},
    "p2.bpmn": set(),
    "p6_stuck.bpmn": {"stuck", "dead"},
    "pools-message-flows.bpmn": set(),
    "message_persistence.bpmn": set(),
    "e020.bpmn": set(),
    "livelock.bpmn": {"endless"},
    "dead-activity.bpmn": {"dead"},
    "dead_tasks_connected.bpmn": {"dead"},
    "implicit-task-merge.bpmn": {"twice"},
    "implicit-task-split.bpmn": {"twice"},
    "order_handling.bpmn": {"stuck", "dead"},
    "order_handling_synchronization.bpmn": {"twice"},
    "reused-end-event.bpmn": {"twice"},
    "stuck.bpmn": {"stuck", "dead"},
    "unsafe-gateways.bpmn": {"twice"},
    "showcase.bpmn": {"twice", "stuck", "dead"},
    "p10x01.bpmn": set(),
    "p15x01.bpmn": set(),
    "p17x01.bpmn": set(),
    "400.bpmn": set(),
    "500.bpmn": set(),
}


def verdict(content: bytes) -> set[str]:
    """The kinds of flaws in all processes of a file, each judged by itself."""
    found: set[str] = set()
    root = open_xml(content)
    processes = list(root.iter(f"{{{BPMN}}}process"))
    for one in processes:
        for process in processes:
            process.set("isExecutable", str(process is one).lower())
        for flaw in judge(read(etree.tostring(root))).flaws:
            found.add("dead" if flaw.kind == "unreached" else flaw.kind)
    return found


def main(folders: list[str]) -> int:
    right = told = 0
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*.bpmn")):
        if path.name in STATED:
            ours, theirs = verdict(path.read_bytes()), STATED[path.name]
            told += 1
            right += ours == theirs
            print(f"{'same' if ours == theirs else 'OTHER':6}{path.name:42}{sorted(theirs)!s:28}{sorted(ours)}")
    print(f"{right} of {told} the same")
    return 0 if told and right == told else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
