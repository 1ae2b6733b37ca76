"""A whole folder of other people's diagrams judged at once: what becomes of each, and of all of them together."""

from __future__ import annotations

import json
import threading
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import click

from webui.cli import tell
from webui.commands.inspecting import PATIENCE, Report, inspect

ENDINGS = (".bpmn", ".bpmn20.xml", ".bpmn2")
LARGEST = 64 * 1024 * 1024


def look_at(file: Path) -> Report:
    """The verdict on one file, for a child process; never raises for what is in it."""
    try:
        return _verdict(file)
    except Exception:  # the border of the child process: a fault of ours is counted, and told with its place
        return {"file": str(file), "verdict": "traceback", "findings": [], "lost": 0, "fault": traceback.format_exc()}


def _verdict(file: Path) -> Report:
    from engine.notation.imports import verdicts

    size = file.stat().st_size
    verdict = verdicts.judge(file.read_bytes() if size <= LARGEST else b" " * LARGEST, {})
    return {
        "file": str(file),
        "verdict": verdict.kind,
        "vendors": list(verdict.vendors),
        "processes": list(verdict.processes),
        "findings": [_shown(finding) for finding in verdict.findings],
        "house": len(verdict.house),
        "remarks": dict(Counter(f"{each.verdict} {each.weight}" for each in verdict.remarks)),
        "meaning": [
            {
                "element": each.element,
                "line": each.line,
                "what": each.what,
                "before": each.before,
                "zh": each.zh,
                "en": each.en,
            }
            for each in verdict.remarks
            if each.weight == "meaning"
        ],
        "lost": lost_in(verdict),
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
            report |= {"verdict": "hang", "lost": 0}
        reports.append(report)


def _each(waiting: Queue[Path]) -> Iterator[Path]:
    while True:
        try:
            yield waiting.get_nowait()
        except Empty:
            return


def show(reports: Sequence[Report], *, out: Path | None) -> bool:
    """Prints the counts; True when every file got a verdict that says where, and nothing was lost."""
    kinds = Counter(report["verdict"] for report in reports)
    nowhere = [
        finding
        for report in reports
        for finding in report["findings"]
        if not finding["line"] or not (finding["element"] or finding["law"] in {"file_is_readable", "file_is_bpmn"})
    ]
    lost = sum(report["lost"] for report in reports)
    tell(f"{len(reports)} 个文件：", f"{len(reports)} files:")
    for kind, (zh, en) in KINDS.items():
        tell(f"  {zh:<12} {kinds[kind]}", f"  {en:<26} {kinds[kind]}")
    tell(
        f"  没有元素或行号的问题 {len(nowhere)}，悄悄丢失 {lost}",
        f"  findings without element or line {len(nowhere)}, silent losses {lost}",
    )
    laws = Counter(
        law for report in reports for law in {f["law"] for f in report["findings"] if f["severity"] == "error"}
    )
    tell("不接收的原因（文件数）：", "Refused for (files):")
    for law, count in laws.most_common():
        click.echo(f"  {count:>6}  {law}")
    if out is not None:
        out.write_text(json.dumps({"files": list(reports)}, ensure_ascii=False, indent=1), "utf-8")
    return not (nowhere or lost or kinds["hang"] or kinds["traceback"])


KINDS = {
    "accepted": ("接收", "accepted"),
    "accepted with warnings": ("接收但有提醒", "accepted with warnings"),
    "refused": ("不接收", "refused"),
    "not BPMN": ("不是 BPMN", "not BPMN"),
    "traceback": ("程序出错", "tracebacks"),
    "hang": (f"{PATIENCE:.0f} 秒没有结果", f"no verdict in {PATIENCE:.0f} s"),
}


def _laws(report: Report) -> set[str]:
    return {finding["law"] for finding in report["findings"] if finding["severity"] == "error"}


def _remarked(remark: Any) -> dict[str, Any]:
    return {name: getattr(remark, name) for name in ("element", "line", "what", "before", "zh", "en")}


def _shown(finding: Any) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in ("law", "severity", "element", "line", "zh", "en")}
