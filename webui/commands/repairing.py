"""incidents list | retry: cases that are stuck, at the command line."""

from __future__ import annotations

import json

import click

from engine.words.numbers import case_id_of, number_of
from webui.cli import REFUSED, say, tell
from webui.place import Place, now


@click.group(short_help="Cases that are stuck 故障")
def incidents() -> None:
    """Cases that cannot go on, and trying them again. 故障"""


@incidents.command("list")
@click.option("--process", default="", metavar="ID", help="Only of this process. 只看某流程")
@click.option("--element", default="", metavar="ID", help="Only at this element. 只看某一步")
@click.option("--json", "as_json", is_flag=True, help="As JSON. 输出 JSON")
@click.pass_obj
def listed(place: Place, process: str, element: str, as_json: bool) -> None:
    """The stuck cases, the longest waiting first: number, where, since when, why."""
    from engine.reads import incidents as reads

    with place.reading() as session:
        found = reads.waiting(session, process, element)
    if as_json:
        rows = [
            {"case": one.number, "process": one.process_id, "element": one.element,
             "stuck_at": one.stuck_at.isoformat(), "trigger": one.trigger, "tries": one.tries,
             "zh": one.why.zh, "en": one.why.en}
            for one in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for one in found:
        where = say(one.step.zh, one.step.en)
        click.echo(f"{one.number}  {one.process_id}/{one.element}（{where}）  {say(one.why.zh, one.why.en)}")
    if not found:
        tell("没有停住的事项。", "No case is stuck.")


@incidents.command()
@click.argument("numbers", nargs=-1, metavar="[CASE…]")
@click.option("--process", default="", metavar="ID", help="With --element: every case stuck there. 同一步全部")
@click.option("--element", default="", metavar="ID")
@click.option("--reason", default="", metavar="TEXT", help="Stands in the story of the case. 理由")
@click.pass_obj
def retry(place: Place, numbers: tuple[str, ...], process: str, element: str, reason: str) -> int:
    """Tries the failed step of these cases again; exit code 1 when one of them is still stuck."""
    from engine.acts import repairs
    from engine.words.errors import Fault, NotValid

    if not numbers and not (process and element):
        zh, en = "请写事项编号，或同时写 --process 与 --element。", "Name cases, or both --process and --element."
        raise NotValid([Fault("", zh, en)])
    sessions = place.ready()
    still = 0
    with sessions() as session, session.begin():
        by = place.actor(session)
        done = [repairs.retry(session, case_id_of(number) or 0, reason, by=by, at=now()) for number in numbers]
        if process and element:
            done += repairs.retry_all(session, process, element, reason, by=by, at=now())
    for one in done:
        number = number_of(one.case)
        if one.stuck is None:
            tell(f"{number} 已继续。", f"{number} goes on.")
        else:
            still += 1
            tell(f"{number} 仍停住：{one.stuck.zh}", f"{number} is still stuck: {one.stuck.en}")
    return REFUSED if still else 0
