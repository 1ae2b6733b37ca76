"""story: the walks of a process, told step by step, and which of its ways they have taken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from engine.acts.stories import Coverage, Told
from engine.notation.story_book import Failure, StoryBook
from engine.words.errors import Fault, NotFound, NotPublishable, NotValid
from webui.cli import IMPOSSIBLE, REFUSED, complain, say, tell
from webui.commands.designing import shown, tables_beside
from webui.place import Place

Report = dict[str, Any]
MOST_NAMED = 20  # in a line for people; --json names all


@click.command(short_help="Tell the stories of a process 走查故事")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For another program. 输出 JSON")
@click.option("--from-case", "number", metavar="NUMBER", help="Print a recorded case as a story. 把一件事项转成故事")
@click.pass_obj
def story(place: Place, paths: tuple[Path, ...], as_json: bool, number: str | None) -> int:
    """Play every story of a process folder on a told clock, each in an empty office of its own. 走查故事

    Exit code 0: all as expected, 1: not, 2: the stories or the process cannot be read."""
    if number is not None:
        click.echo(_from_case(place, number), nl=False)
        return 0
    if not paths:
        zh, en = "请写明文件、文件夹，或 --from-case 事项编号", "Name files or folders, or --from-case NUMBER"
        raise click.UsageError(say(zh, en))
    reports = []
    for file in _books(paths):
        reports.append(_report(file, aloud=not as_json))
    if as_json:
        click.echo(json.dumps({"books": reports}, ensure_ascii=False, indent=2))
    if not reports or any(report["mistakes"] for report in reports):
        return IMPOSSIBLE
    failed = any(report["findings"] or any(one["failures"] for one in report["stories"]) for report in reports)
    return REFUSED if failed else 0


def _from_case(place: Place, number: str) -> str:
    """Raises `NotFound` for an unknown number, `NotValid` for a case no story can tell."""
    from engine.reads import case_story
    from models import Case

    plain = number.replace("-", "")
    with place.reading() as session:
        if not (plain.isascii() and plain.isdigit()) or session.get(Case, int(plain)) is None:
            raise NotFound(f"没有事项 {number}", f"There is no case {number}")
        return case_story.of_case(session, int(plain))


def _books(paths: Sequence[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(2, say("没有这个文件", "there is no such file"), str(path))
        found.update(dict.fromkeys(sorted(path.rglob("stories.yaml")) if path.is_dir() else [path]))
    if not found:
        complain("这里没有故事（stories.yaml）", "There are no stories here (stories.yaml)")
    return list(found)


def _report(file: Path, *, aloud: bool) -> Report:
    """One book told; what cannot be read or published is in the report, too."""
    from engine.acts import stories

    report: Report = {"file": str(file), "mistakes": [], "findings": [], "stories": [], "coverage": None}
    if aloud:
        click.echo(str(file))
    try:
        diagram, tables, book = _opened(file)
        beside = {process: _beside(file, process) for process in book.beside}
        told = []
        for one in book.stories:
            told.append(stories.run(diagram, tables, book, one, beside))
            report["stories"].append(_kept(told[-1]))
            if aloud:
                _say_story(told[-1])
        covered = stories.coverage(diagram, told, tables)
        report["coverage"] = _kept_coverage(covered)
        if aloud:
            _say_coverage(covered)
    except NotPublishable as refusal:
        report["findings"] = [shown(finding) for finding in refusal.findings if finding.severity == "error"]
        for finding in report["findings"] if aloud else ():
            where = f"{finding['element']}" + (f":{finding['line']}" if finding["line"] else "")
            complain(f"  {where} {finding['zh']}（{finding['law']}）", f"  {where} {finding['en']} ({finding['law']})")
    except NotValid as refusal:
        report["mistakes"] = [{"at": fault.field, "zh": fault.zh, "en": fault.en} for fault in refusal.faults]
        for fault in refusal.faults if aloud else ():
            complain(f"  {fault.zh}", f"  {fault.en}")
    return report


def _opened(file: Path) -> tuple[bytes, dict[str, str], StoryBook]:
    """The diagram of the folder (named like it, or the only one), its tables and the book. Raises `NotValid`."""
    from engine.acts import stories

    drawn = sorted(file.parent.glob("*.bpmn"))
    named = file.resolve().parent.name
    chosen = next((path for path in drawn if path.stem == named), drawn[0] if len(drawn) == 1 else None)
    if chosen is None:
        raise NotValid([Fault("", f"{file.parent} 里须有流程图 {named}.bpmn",
                              f"{file.parent} needs the diagram {named}.bpmn")])  # fmt: skip
    try:
        return chosen.read_bytes(), tables_beside(chosen), stories.read(file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise NotValid([Fault("", f"不是 UTF-8 文本：{error}", f"It is not UTF-8 text: {error}")]) from error


def _beside(file: Path, process: str) -> tuple[bytes, dict[str, str]]:
    """Another process of the same library, in the folder of its name. Raises `NotValid`."""
    drawn = file.resolve().parent.parent / process / f"{process}.bpmn"
    if not drawn.is_file():
        raise NotValid([Fault("", f"with 所列的流程不在旁边：没有 {process}/{process}.bpmn",
                              f"A process named under with is not beside: no {process}/{process}.bpmn")])  # fmt: skip
    return drawn.read_bytes(), tables_beside(drawn)


def _place(told: Told, failure: Failure) -> tuple[str, str]:
    if not failure.step:
        return "结尾", "at the end"
    step = told.story.steps[failure.step - 1]
    done = f"{step.kind} {step.what}".strip()
    by_zh, by_en = (f"（{step.by}）", f" by {step.by}") if step.by else ("", "")
    return f"第 {failure.step} 步 {done}{by_zh}", f"step {failure.step}, {done}{by_en}"


def _say_story(told: Told) -> None:
    mark, count = "✓" if told.went_well else "✗", len(told.story.steps)
    tell(f"  {mark} {told.story.id} {told.story.zh}（{count} 步）",
         f"  {mark} {told.story.id}: {told.story.en} ({count} steps)")  # fmt: skip
    for failure in told.failures:
        zh, en = _place(told, failure)
        tell(f"      {zh}：{failure.zh}", f"      {en}: {failure.en}")
    if told.done < count:
        tell(f"      其余 {count - told.done} 步没有再走。", f"      {count - told.done} steps were not played.")


def _say_coverage(covered: Coverage) -> None:
    elements = _of(covered.elements, covered.elements_passed, covered.elements_missed)
    flows = _of(covered.flows, covered.flows_passed, covered.flows_missed)
    tell(f"  走过元素 {elements}，连线 {flows}。", f"  Passed: elements {elements}, connections {flows}.")
    if covered.choices_made or covered.choices_missed:
        choices = _of(covered.choices, covered.choices_made, covered.choices_missed)
        tell(f"  选过表单里的去向 {choices}。", f"  Chosen in forms: ways on {choices}.")
    unsure = set(covered.flows_unsure)
    for zh, en, ids in (
        ("没有走过的元素", "Elements not passed", covered.elements_missed),
        ("没有走过的连线", "Connections not passed", [id for id in covered.flows_missed if id not in unsure]),
        ("说不准是否走过的连线", "Connections of which the facts cannot tell", covered.flows_unsure),
        ("没有选过的去向", "Ways on that nobody chose", [str(one) for one in covered.choices_missed]),
    ):
        if ids:
            some, more = ids[:MOST_NAMED], len(ids) - MOST_NAMED
            rest = (f" 等 {len(ids)} 个", f" and {more} more") if more > 0 else ("", "")
            tell(f"  {zh}：{'、'.join(some)}{rest[0]}", f"  {en}: {', '.join(some)}{rest[1]}")


def _of(percent: float, passed: Sequence[object], missed: Sequence[object]) -> str:
    # Rounded down: 100% is said only of all.
    return f"{int(percent)}% ({len(passed)}/{len(passed) + len(missed)})"


def _kept(told: Told) -> Report:
    return {
        "id": told.story.id,
        "zh": told.story.zh,
        "en": told.story.en,
        "steps": len(told.story.steps),
        "done": told.done,
        "went_well": told.went_well,
        "failures": [{"step": one.step, "zh": one.zh, "en": one.en} for one in told.failures],
        "refusals": [{"step": one.step, "zh": one.zh, "en": one.en} for one in told.refusals],
    }


def _kept_coverage(covered: Coverage) -> Report:
    return {
        "elements": {
            "percent": round(covered.elements, 1),
            "passed": list(covered.elements_passed),
            "missed": list(covered.elements_missed),
        },
        "flows": {
            "percent": round(covered.flows, 1),
            "passed": list(covered.flows_passed),
            "missed": list(covered.flows_missed),
            "unsure": list(covered.flows_unsure),
        },
        "choices": {
            "percent": round(covered.choices, 1),
            "made": [str(one) for one in covered.choices_made],
            "missed": [str(one) for one in covered.choices_missed],
        },
    }
