"""A whole folder of other people's diagrams judged at once: what becomes of each, and of all of them together."""

from __future__ import annotations

import json
import re
import threading
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import click

from webui.cli import say, tell
from webui.commands.inspecting import PATIENCE, Report, inspect

ENDINGS = (".bpmn", ".bpmn20.xml", ".bpmn2")
LARGEST = 64 * 1024 * 1024


def look_at(file: Path) -> Report:
    """The verdict on one file, for a child process; never raises for what is in it."""
    try:
        return _verdict(file)
    except Exception:  # the border of the child process: a fault of ours is counted, and told with its place
        return {"file": str(file), "verdict": "traceback", "findings": [], "lost": 0, "words lost": [],
                "fault": traceback.format_exc()}  # fmt: skip


def _verdict(file: Path) -> Report:
    from engine.notation.imports import verdicts

    size = file.stat().st_size
    verdict = verdicts.judge(file.read_bytes() if size <= LARGEST else b" " * LARGEST, {})
    return shown(file, verdict)


def shown(file: Path, verdict: Any) -> Report:
    """One verdict, as the report of `--out` has it."""
    return {
        "file": str(file),
        "verdict": verdict.kind,
        "executable": verdict.executable,
        "vendors": list(verdict.vendors),
        "processes": list(verdict.processes),
        "findings": [
            _shown(finding) | {"weight": weight}
            for finding, weight in zip(verdict.findings, verdict.weights, strict=True)
        ],
        "house": [_shown(finding) for finding in verdict.house],
        "remarks": dict(Counter(f"{each.verdict} {each.weight}" for each in verdict.remarks)),
        "meaning": [_remarked(each) for each in verdict.remarks if each.weight == "meaning"],
        "to bind": [_remarked(each) for each in verdict.remarks if each.weight == "binding"],
        "lost": lost_in(verdict),
        "words lost": list(verdict.lost),
    }


def lost_in(verdict: Any) -> int:
    """Foreign things of which nobody spoke, or of which two spoke."""
    covered = Counter(item for remark in verdict.remarks for item in remark.covers)
    return len(verdict.foreign - set(covered)) + sum(1 for times in covered.values() if times > 1)


def judge_all(folder: Path, jobs: int) -> list[Report]:
    """Every diagram of a folder, however deep, each within `PATIENCE` seconds; in the order of their names."""
    files = sorted(each for each in folder.rglob("*") if each.is_file() and each.name.lower().endswith(ENDINGS))
    waiting: Queue[Path] = Queue()
    for file in files:
        waiting.put(file)
    reports: list[Report] = []
    threads = [threading.Thread(target=_take, args=(waiting, reports), daemon=True) for _ in range(max(1, jobs))]
    for thread in threads:
        thread.start()
    with click.progressbar(length=len(files), label=str(folder)) as bar:
        for thread in threads:
            while thread.is_alive():
                thread.join(0.5)
                bar.update(len(reports) - bar.pos)
    return sorted(reports, key=lambda report: report["file"])


def _take(waiting: Queue[Path], reports: list[Report]) -> None:
    for report in inspect(_each(waiting), look_at):
        if report.get("unreadable"):
            report |= {"verdict": "hang", "lost": 0, "words lost": []}
        reports.append(report)


def _each(waiting: Queue[Path]) -> Iterator[Path]:
    while True:
        try:
            yield waiting.get_nowait()
        except Empty:
            return


def show(reports: Sequence[Report], *, folder: Path, out: Path | None) -> bool:
    """Prints the counts; True when every file got a verdict that says where, and nothing was lost."""
    kinds = Counter(report["verdict"] for report in reports)
    nowhere = [
        finding
        for report in reports
        for finding in report["findings"]
        if not finding["line"] or not (finding["element"] or finding["law"] in {"file_is_readable", "file_is_bpmn"})
    ]
    lost, words = (sum(report["lost"] for report in reports), sum(len(report["words lost"]) for report in reports))
    tell(f"{len(reports)} 个文件：", f"{len(reports)} files:")
    for kind, (zh, en) in KINDS.items():
        tell(f"  {zh:<12} {kinds[kind]}", f"  {en:<26} {kinds[kind]}")
    tell(
        f"  没有元素或行号的问题 {len(nowhere)}，悄悄丢失的扩展 {lost}、BPMN 词 {words}",
        f"  findings without element or line {len(nowhere)}, silent losses: extensions {lost}, words of BPMN {words}",
    )
    for report in reports:
        for word in report["words lost"][:3]:
            click.echo(f"      {report['file']}: {word}")
    _by_folder(reports, folder)
    _known_good(reports)
    laws = Counter(
        law for report in reports for law in {f["law"] for f in report["findings"] if f.get("weight") == "refuses"}
    )
    tell("不接收的原因（文件数）：", "Refused for (files):")
    for law, count in laws.most_common():
        click.echo(f"  {count:>6}  {law}")
    if out is not None:
        out.write_text(json.dumps({"files": list(reports)}, ensure_ascii=False, indent=1), "utf-8")
    return not (nowhere or lost or words or kinds["hang"] or kinds["traceback"])


def _by_folder(reports: Sequence[Report], folder: Path) -> None:
    """One row for each folder of the first level: a repository, as a rule."""
    rows: dict[str, Counter[str]] = {}
    for report in reports:
        parts = Path(report["file"]).relative_to(folder).parts
        rows.setdefault(parts[0] if len(parts) > 1 else ".", Counter())[report["verdict"]] += 1
    heads = [say(zh, en) for zh, en in KINDS.values()]
    click.echo("  " + " | ".join([say("文件夹", "folder"), *heads]))
    for name, row in sorted(rows.items()):
        click.echo("  " + " | ".join([name, *(str(row[kind]) for kind in KINDS)]))


def is_known_good(report: Report) -> bool:
    """A diagram that an engine's tests deploy and run: marked as executable (or in an engine's words), and neither its
    name nor its folder says that it is wrong on purpose, is only parsed or drawn, or belongs to the manual."""
    return bool(report.get("executable", True)) and not NOT_RUN.search(report["file"])


def _known_good(reports: Sequence[Report]) -> None:
    good = [report for report in reports if is_known_good(report)]
    kinds = Counter(report["verdict"] for report in good)
    taken = sum(kinds[kind] for kind in ACCEPTED)
    if not good:
        return
    share = 100 * taken / len(good)
    tell(
        f"按文件名和标记应当能执行的 {len(good)} 个，接收 {taken}（{share:.1f}%）：",
        f"Executable and not wrong by name: {len(good)}, taken in {taken} ({share:.1f} %):",
    )
    for kind in (*ACCEPTED, "refused", "not BPMN"):
        zh, en = KINDS[kind]
        part = 100 * kinds[kind] / len(good)
        tell(f"  {zh:<12} {kinds[kind]}（{part:.1f}%）", f"  {en:<26} {kinds[kind]} ({part:.1f} %)")


ACCEPTED = ("accepted", "accepted with warnings", "accepted with to-dos")
NOT_RUN = re.compile(
    r"nvalid|alidation|ncorrect|[Ww]rong|[/-][Bb]ad[-/]|BpmnParse|ParseException|parsing.error|NotAllowed|[a-z]Fails\b"
    r"|ThrowsError|ThrowsException|Malformed|[Xx]xe|bpmn-converter/|bpmn-model/|model-api/|json-converter|mocks/|/docs/"
    r"|nonSchema|NoScriptProvided|ProcessDiagramGenerator|repository/diagram/"
)
KINDS = {
    "accepted": ("接收", "accepted"),
    "accepted with warnings": ("接收但有提醒", "accepted with warnings"),
    "accepted with to-dos": ("接收但有待办", "accepted with to-dos"),
    "drawing, not executable": ("只是图，不可执行", "drawing, not executable"),
    "refused": ("不接收", "refused"),
    "not BPMN": ("不是 BPMN", "not BPMN"),
    "traceback": ("程序出错", "tracebacks"),
    "hang": (f"{PATIENCE:.0f} 秒没有结果", f"no verdict in {PATIENCE:.0f} s"),
}


def _remarked(remark: Any) -> dict[str, Any]:
    return {name: getattr(remark, name) for name in ("element", "line", "what", "before", "zh", "en")}


def _shown(finding: Any) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in ("law", "severity", "element", "line", "zh", "en")}
