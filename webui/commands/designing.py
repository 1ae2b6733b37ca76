"""check, publish, evaluate: what a process designer does from a terminal or a pipeline."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from engine.words.errors import Fault, NotFound, NotPublishable, NotValid
from webui.cli import IMPOSSIBLE, REFUSED, complain, say, tell
from webui.place import Place, now

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
SEVERITIES = {"error": ("错误", "error"), "warning": ("警告", "warning"), "info": ("提示", "info")}


@click.command(short_help="Every law on every diagram and table 检查流程")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For another program. 输出 JSON")
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER",
              help="Judge a folder of other tools' diagrams as an import would. 试读一批外来流程图")  # fmt: skip
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1, 32), help="With --corpus: at once. 并行")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="With --corpus: every verdict as JSON. 结果文件"
)
def check(paths: tuple[Path, ...], as_json: bool, corpus: Path | None, jobs: int, out: Path | None) -> int:
    """Check BPMN and DMN files, or every one in a folder. Exit code 0: clean or warnings, 1: errors, 2: unreadable."""
    from webui.commands import corpora, inspecting

    if corpus is not None:
        return 0 if corpora.show(corpora.judge_all(corpus, jobs), folder=corpus, out=out) else REFUSED
    if not paths:
        raise click.UsageError(say("请写明文件或文件夹", "Name files or folders"))
    reports = list(inspecting.inspect(_files(paths, (".bpmn", ".dmn"))))
    if as_json:
        click.echo(json.dumps({"files": reports}, ensure_ascii=False, indent=2))
    else:
        for report in reports:
            _show(report)
    if any(report["unreadable"] for report in reports):
        return IMPOSSIBLE
    return REFUSED if any(f["severity"] == "error" for report in reports for f in report["findings"]) else 0


@click.command(short_help="Check, then publish what has changed 发布流程")
@PATHS
@click.option("--note", default="", help="What has changed, for the history. 说明")
@click.pass_obj
def publish(place: Place, paths: tuple[Path, ...], note: str) -> int:
    """Publish a new version of each process whose diagram or tables changed, and of each template of papers
    (KIND.docx); running cases stay on theirs. 发布流程和文书模板"""
    from engine.acts import definitions

    refused = 0
    sessions = place.ready()
    files = _files(paths, (".bpmn", ".docx"))
    for file in [file for file in files if file.suffix == ".bpmn"]:
        with sessions() as session:
            before = now()
            try:
                version = definitions.publish(
                    session, file.read_bytes(), tables_beside(file), note=note, by=place.actor(session), at=before,
                    stories=stories_beside(file),
                )  # fmt: skip
            except NotPublishable as refusal:
                refused += 1
                complain(f"{file} 没有发布：", f"{file} was not published:")
                _show({"file": str(file), "findings": [shown(finding) for finding in refusal.findings]})
                continue
            session.commit()
            if version.published_at == before:
                tell(
                    f"{version.process_id} 已发布第 {version.number} 版。",
                    f"{version.process_id}: version {version.number}.",
                )
            else:
                tell(f"{version.process_id} 没有变化，仍是第 {version.number} 版。",
                     f"{version.process_id}: unchanged, still version {version.number}.")  # fmt: skip
    for file in [file for file in files if file.suffix == ".docx"]:
        refused += _publish_template(place, file, note)
    return REFUSED if refused else 0


def _publish_template(place: Place, file: Path, note: str) -> int:
    """A template is called after its kind of paper. Gives how many were refused."""
    from engine.acts import templates

    before = now()
    with place.ready()() as session:
        try:
            made = templates.publish(
                session, file.stem, file.read_bytes(), note=note, by=place.actor(session), at=before
            )
        except (NotFound, NotValid) as refusal:
            complain(f"{file} 没有发布：{refusal.zh}", f"{file} was not published: {refusal.en}")
            return 1
        session.commit()
        if made.published_at == before:
            tell(f"文书模板 {made.kind} 已发布第 {made.number} 版。", f"Template {made.kind}: version {made.number}.")
        else:
            tell(f"文书模板 {made.kind} 没有变化，仍是第 {made.number} 版。",
                 f"Template {made.kind}: unchanged, still version {made.number}.")  # fmt: skip
    return 0


@click.command(short_help="One decision 试算决策表")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--decision", required=True, metavar="ID", help="Which decision of the file. 决策")
@click.option("--input", "given", required=True, metavar="JSON", help="Inputs by name. 输入")
@click.option("--json", "as_json", is_flag=True, help="For another program. 输出 JSON")
def evaluate(file: Path, decision: str, given: str, as_json: bool) -> None:
    """Ask one decision table. 试算决策表"""
    from engine.notation import decisions
    from engine.words.values import from_json, to_json

    try:
        inputs = json.loads(given)
    except ValueError as error:
        raise NotValid([Fault("--input", f"不是 JSON：{error}", f"this is no JSON: {error}")]) from None
    if not isinstance(inputs, dict):
        raise NotValid([Fault("--input", "须是一个 JSON 对象", "must be a JSON object")])
    beside = [path.read_bytes() for path in sorted(file.parent.glob("*.dmn")) if path != file]
    tables = decisions.read(file.read_bytes(), beside)
    if decision not in (*tables.ids, *tables.services):
        known = "、".join((*tables.ids, *tables.services))
        raise NotFound(f"没有决策 {decision}；有：{known}", f"There is no decision {decision}; there are {known}")
    answer = tables.decide(decision, from_json(inputs), at=now())
    outcome, rules = to_json(answer.value), answer.rules
    if as_json:
        click.echo(json.dumps({"outcome": outcome, "rules": rules, "before": _told(answer.before)}, ensure_ascii=False))
    else:
        click.echo(json.dumps(outcome, ensure_ascii=False, indent=2))
        tell(f"命中的规则：{rules}", f"Rules that matched: {rules}")
        for id, each in answer.before.items():
            value = json.dumps(to_json(each.value), ensure_ascii=False)
            tell(f"此前 {id}：{value}，命中 {each.rules}", f"Before it, {id}: {value}, rules {each.rules}")


def _told(before: Mapping[str, Any]) -> dict[str, Any]:
    """Decisions that were taken first, with what went in, which rules matched, and what came out."""
    from engine.words.values import to_json

    return {
        id: {"outcome": to_json(each.value), "rules": each.rules, "inputs": to_json(each.inputs),
             "before": _told(each.before)}
        for id, each in before.items()
    }  # fmt: skip


def tables_beside(diagram: Path) -> dict[str, str]:
    """The decision tables in the diagram's folder: file name → text."""
    return {file.name: file.read_text("utf-8") for file in sorted(diagram.parent.glob("*.dmn"))}


def stories_beside(diagram: Path) -> str | None:
    """The stories in the diagram's folder; None where there are none. Raises `NotValid` when they cannot be read."""
    from engine.notation import story_text

    file = diagram.parent / "stories.yaml"
    if not file.is_file():
        return None
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise NotValid([Fault("", f"{file}：不是 UTF-8 文本", f"{file}: this is not UTF-8 text")]) from error
    story_text.read(text)
    return text


def shown(finding: Any) -> dict[str, Any]:
    """A finding as `check --json` writes it."""
    return {name: getattr(finding, name) for name in ("law", "severity", "element", "line", "zh", "en")}


def _files(paths: Iterable[Path], endings: tuple[str, ...]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(p for p in path.rglob("*") if p.suffix in endings)))
        elif path.exists():
            found[path] = None
        else:
            raise FileNotFoundError(2, say("没有这个文件", "there is no such file"), str(path))
    if not found:
        raise NotFound("这里没有 BPMN、DMN 或模板文件", "There is no BPMN, DMN or template file here")
    return list(found)


def _show(report: dict[str, Any]) -> None:
    if not report["findings"]:
        tell(f"{report['file']}：没有问题", f"{report['file']}: clean")
    for finding in report["findings"]:
        zh, en = SEVERITIES[finding["severity"]]
        where = ":".join(str(part) for part in (report["file"], finding["line"]) if part)
        element = f" {finding['element']}" if finding["element"] else ""
        tell(f"{where}{element} {zh}：{finding['zh']}（{finding['law']}）",
             f"{where}{element} {en}: {finding['en']} ({finding['law']})")  # fmt: skip
