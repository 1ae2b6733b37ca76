"""Files are judged in a process of their own, which may be stopped: a hostile file costs seconds, never the command."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.notation.neighbours import Neighbour

PATIENCE = 20.0  # seconds for one file
LARGEST = 32 * 1024 * 1024
Report = dict[str, Any]


def inspect(files: Iterable[Path], judge: Callable[[Path], Report] | None = None) -> Iterator[Report]:
    """One report per file, in order: {"file", "processes", "findings", "unreadable"}, or what another `judge` gives (a
    function of a module). A file that takes longer than `PATIENCE`, or brings its process down, is unreadable."""
    spawn = multiprocessing.get_context("spawn")
    ours: Connection | None = None
    child = None
    for file in files:
        if child is None or ours is None or not child.is_alive():
            ours, theirs = spawn.Pipe()
            child = spawn.Process(target=_work, args=(theirs, judge or look_at), daemon=True)
            child.start()
            theirs.close()
        ours.send(str(file))
        try:
            answered = ours.poll(PATIENCE)
            report = ours.recv() if answered else None
        except EOFError:
            report = None
        if report is None:
            child.kill()
            child.join()
            child = None
            report = _unreadable(
                file,
                f"{PATIENCE:.0f} 秒内没有读完，已停止。",
                f"It could not be read within {PATIENCE:.0f} seconds and was stopped.",
            )
        yield report
    if child is not None and ours is not None:
        ours.close()
        child.join(timeout=5)


def look_at(file: Path) -> Report:
    """The laws on one file; never raises for what is in it."""
    from engine.notation import checks
    from engine.words.errors import NotPublishable
    from webui.commands.designing import shown, tables_beside

    try:
        if file.stat().st_size > LARGEST:
            return _unreadable(file, "超过 32 MB，没有读取。", "It is larger than 32 MB and was not read.")
        content = file.read_bytes()
        if file.suffix == ".dmn":
            found = checks.check_tables(file.name, tables_beside(file) | {file.name: content.decode("utf-8-sig")})
            processes: list[dict[str, Any]] = []
        else:
            if (foreign := _as_foreign(file, content)) is not None:
                return foreign
            found = checks.check(content, tables_beside(file), known=checks.Known(others=_neighbours(file)))
            processes = _processes(content)
    except (OSError, UnicodeDecodeError) as error:
        return _unreadable(file, f"读不了：{error}", f"It cannot be read: {error}")
    except NotPublishable as refusal:
        found, processes = list(refusal.findings), []
    return {
        "file": str(file),
        "processes": processes,
        "findings": [shown(finding) for finding in found],
        "unreadable": any(finding.law == "file_is_readable" for finding in found),
    }


def _neighbours(file: Path) -> dict[str, Neighbour] | None:
    """The processes of the same library, when the file lies in one: a folder for each, all of one name."""
    if file.resolve().parent.name != file.stem:
        return None
    return _library(str(file.resolve().parent.parent))


@lru_cache(maxsize=4)
def _library(folder: str) -> dict[str, Neighbour]:
    from engine.notation import diagram
    from engine.notation.neighbours import neighbour
    from engine.words.errors import NotPublishable

    found = {}
    for file in sorted(Path(folder).glob("*/*.bpmn")):
        if file.parent.name == file.stem and file.stat().st_size <= LARGEST:
            with suppress(NotPublishable, OSError):  # what cannot be read gives and takes nothing
                found[file.stem] = neighbour(diagram.read(file.read_bytes()))
    return found


def _as_foreign(file: Path, content: bytes) -> Report | None:
    """A diagram that another engine runs is read as an import would read it; None for one of ours."""
    from engine.notation.imports import is_foreign, verdicts
    from webui.commands.designing import shown, tables_beside

    if not is_foreign(content):
        return None
    verdict = verdicts.judge(content, tables_beside(file))
    tools = ", ".join(verdict.vendors)
    hint = {
        "law": "file_is_foreign", "severity": "info", "element": "", "line": 1,
        "zh": f"这是 {tools} 的流程图，按导入的方式检查（{verdict.kind}）；用 bihuan import diagram 导入。",
        "en": f"A diagram of {tools}, read as an import reads it ({verdict.kind}); bihuan import diagram brings it in.",
    }  # fmt: skip
    severity = {"refuses": "error", "to do": "warning", "hint": "warning"}
    findings = [
        shown(finding) | {"severity": severity[weight]}
        for finding, weight in zip(verdict.findings, verdict.weights, strict=True)
    ]
    remarks = [  # once brought in, each of these keeps it from being published until somebody has dealt with it
        {"law": "imports_are_settled", "severity": "warning", "element": each.element, "line": each.line,
         "zh": f"{each.what}：{each.zh}", "en": f"{each.what}: {each.en}"}
        for each in verdict.remarks
        if each.verdict == "left" and each.weight != "nothing"
    ]  # fmt: skip
    return {
        "file": str(file),
        "processes": [{"id": id, "executable": verdict.executable} for id in verdict.processes],
        "findings": [hint, *findings, *remarks],
        "unreadable": False,
    }


def _processes(content: bytes) -> list[dict[str, Any]]:
    from engine.notation.xml import BPMN, open_xml
    from engine.words.errors import NotPublishable

    try:
        root = open_xml(content)
    except NotPublishable:
        return []
    return [
        {"id": node.get("id", ""), "executable": node.get("isExecutable", "false") in {"true", "1"}}
        for node in root.iter(f"{{{BPMN}}}process")
    ]


def _unreadable(file: Path, zh: str, en: str) -> Report:
    finding = {"law": "file_is_readable", "severity": "error", "element": "", "line": None, "zh": zh, "en": en}
    return {"file": str(file), "processes": [], "findings": [finding], "unreadable": True}


def _work(pipe: Connection, judge: Callable[[Path], Report]) -> None:
    while True:
        try:
            file = pipe.recv()
        except EOFError:
            return
        pipe.send(judge(Path(file)))
