"""import diagram: a diagram from any other tool, its verdict and its report at the terminal, and then a draft."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from engine.words.errors import NotPublishable
from webui.cli import REFUSED, complain, say, tell
from webui.commands.corpora import KINDS, shown
from webui.place import Place, now

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
# What one line at the terminal says of a finding or a remark.
WORDS = {"refuses": ("不接收", "refused"), "to do": ("待办", "to do"), "hint": ("提醒", "hint")}
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Read:
    """One diagram: `report` as `--report` writes it."""

    file: Path
    brought: Any
    verdict: Any
    report: dict[str, Any]


@click.command("diagram", short_help="Diagrams from other tools 外来流程图")
@FILES
@click.option("--dry-run", is_flag=True, help="Read and report, keep nothing. 只试不存")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="The whole report as .html or .json. 报告文件")  # fmt: skip
@click.pass_obj
def diagram(place: Place, files: tuple[Path, ...], dry_run: bool, report: Path | None) -> int:
    """Read diagrams of Camunda 7 and 8, Operaton, Flowable, Activiti, jBPM, Signavio …, with the tables (.dmn) and
    forms (.form) beside them or in a ZIP, and keep each that is taken in as a draft. Exit code 1: one was refused."""
    from engine.notation.imports.parcels import unpack

    parcel = unpack({file.name: file.read_bytes() for file in files})
    folder = files[0].parent
    read = [_read(folder / name, content, parcel.forms) for name, content in parcel.diagrams.items()]
    for each in read:
        _tell(each)
    if report is not None:
        _write(report, [each.report for each in read])
    if not dry_run:
        _keep(place, [each for each in read if _is_taken(each)], parcel.tables)
    return 0 if all(_is_taken(each) for each in read) else REFUSED


def _read(file: Path, content: bytes, forms: Mapping[str, str]) -> Read:
    from engine.notation import imports
    from engine.notation.imports import verdicts

    try:
        brought = imports.bring(content, forms)
        verdict = verdicts.judge_brought(brought, content, {})
    except NotPublishable:
        brought, verdict = None, verdicts.judge(content, {}, forms)
    told = shown(file, verdict) | {"remarks": [_remark(each) for each in verdict.remarks]}
    return Read(file, brought, verdict, told)


def _remark(remark: Any) -> dict[str, Any]:
    names = ("verdict", "weight", "element", "line", "what", "before", "after", "zh", "en")
    return {name: getattr(remark, name) for name in names}


def _is_taken(each: Read) -> bool:
    from engine.notation.imports.verdicts import TAKEN

    return each.verdict.kind in TAKEN


def _tell(each: Read) -> None:
    zh, en = KINDS[each.verdict.kind]
    tools = ", ".join(each.verdict.vendors)
    tell(f"{each.file}：{zh}{f'（{tools}）' if tools else ''}", f"{each.file}: {en}{f' ({tools})' if tools else ''}")
    counts = each.report["remarks"]
    for verdict, zh, en in (("kept", "原样保留", "kept"), ("mapped", "改写", "mapped"), ("left", "没有带来", "left")):
        number = sum(1 for remark in counts if remark["verdict"] == verdict)
        tell(f"  {zh} {number}", f"  {en} {number}")
    lines = [
        (WORDS[weight], finding.element, finding.line, finding.zh, finding.en)
        for finding, weight in zip(each.verdict.findings, each.verdict.weights, strict=True)
        if weight != "hint"
    ]
    lines += [
        (WORDS["to do"], remark.element, remark.line, f"{remark.what}：{remark.zh}", f"{remark.what}: {remark.en}")
        for remark in each.verdict.remarks
        if remark.verdict == "left" and remark.weight != "nothing"
    ]
    for (word_zh, word_en), element, line, zh, en in lines[:MOST_LINES]:
        tell(f"  {word_zh} {element}（第 {line} 行）{zh}", f"  {word_en} {element} (line {line}) {en}")
    if len(lines) > MOST_LINES:
        rest = len(lines) - MOST_LINES
        tell(f"  另有 {rest} 条，见 --report", f"  {rest} more; --report lists them all")


def _write(report: Path, files: Sequence[dict[str, Any]]) -> None:
    if report.suffix.lower() == ".json":
        text = json.dumps({"files": list(files)}, ensure_ascii=False, indent=1)
    else:
        from jinja2 import Environment, FileSystemLoader

        templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent.parent / "templates"), autoescape=True, trim_blocks=True
        )
        page = templates.get_template("designer/import_report.html")
        text = page.render(files=files, say=say, kinds=KINDS, words=WORDS)
    report.write_text(text, "utf-8")
    tell(f"报告：{report}", f"Report: {report}")


def _keep(place: Place, read: Sequence[Read], tables: Mapping[str, bytes]) -> None:
    from engine.acts import drafts
    from engine.reads import designs

    sessions = place.ready()
    for each in read:
        for arrival in each.brought.arrivals:
            with sessions() as session:
                known = designs.exists(session, arrival.process)
                revision = designs.working(session, arrival.process).revision if known else 0
                try:
                    drafts.bring_in(
                        session, {"diagram.bpmn": arrival.content, **tables}, by=place.actor(session), at=now(),
                        process_id=arrival.process if known else "", revision=revision,
                    )  # fmt: skip
                except NotPublishable as refusal:
                    complain(f"{arrival.process} 没有存为草稿：", f"{arrival.process} was not kept as a draft:")
                    for finding in refusal.findings:
                        complain(f"  {finding.zh}", f"  {finding.en}")
                    continue
                session.commit()
            tell(f"{arrival.process} 已存为草稿。", f"{arrival.process} is kept as a draft.")
