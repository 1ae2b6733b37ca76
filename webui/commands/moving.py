"""move: running cases go on by another version of their process, tried first; or come back."""

from __future__ import annotations

from collections import Counter

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import moves
from engine.notation.moving import WHYS, Wishes
from engine.reads.moves import OUTCOMES
from engine.words.errors import Fault, NotValid
from engine.words.numbers import number_of
from models import Move, MovedCase
from webui.cli import REFUSED, say, tell
from webui.place import Place, now

SHOWN = 20  # cases named one by one


@click.command(short_help="Running cases to another version 迁移在办事项")
@click.argument("process", required=False)
@click.option("--to", type=click.IntRange(1), help="The version they go to. 迁往第几版")
@click.option("--from", "number", type=click.IntRange(1), help="Only those of this version. 只迁这一版的")
@click.option("--map", "mapped", multiple=True, metavar="OLD=NEW", help="NEW takes the place of OLD. 由哪一步接替")
@click.option("--timer", "timed", multiple=True, metavar="ID=HOW", help="keep, restart or recount; * for all. 定时")
@click.option("--dues", type=click.Choice(["keep", "recount"]), default="keep", help="Due dates of tasks. 任务时限")
@click.option("--stage", default="", help="Only cases at this stage. 只迁处于该状态的")
@click.option("--reason", default="", help="Why; officers and auditors read it. 理由")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each. 只试算")
@click.option("--undo", type=click.IntRange(1), metavar="MOVE", help="Take a move back, with --reason. 撤销")
@click.pass_obj
def move(
    place: Place, process: str | None, to: int | None, number: int | None, mapped: tuple[str, ...],
    timed: tuple[str, ...], dues: str, stage: str, reason: str, dry_run: bool, undo: int | None,
) -> int:  # fmt: skip
    """Move running cases to another version of their process, or undo a move. Exit code 1: some stayed. 迁移在办事项"""
    sessions = place.ready()
    with sessions() as session, session.begin():
        by = place.actor(session)
        if undo is not None:
            found = moves.take_back(session, undo, reason=reason, by=by, at=now())
        elif process is None or to is None:
            raise NotValid([Fault("--to", "须写明流程和迁往的版本：bihuan move 流程 --to 版本",
                                  "Name the process and the version: bihuan move PROCESS --to N")])  # fmt: skip
        else:
            wishes = Wishes(_pairs("--map", mapped), _pairs("--timer", timed), dues)
            found = moves.order(
                session, process, to, wishes, by=by, at=now(), number=number, stage=stage, reason=reason, trial=dry_run
            )
        id = found.id
    _finish(sessions, id)
    with sessions() as session:
        return _show(session, id)


def _pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in given:
        left, equals, right = text.partition("=")
        if not equals or not left.strip():
            raise NotValid(
                [Fault(option, f"“{text[:100]}”不是 甲=乙 的写法", f'"{text[:100]}" is not of the form A=B')]
            )
        pairs[left.strip()] = right.strip()
    return pairs


def _finish(sessions: sessionmaker[Session], id: int) -> None:
    """Until every case has had its turn; a worker that runs beside takes its share."""
    with sessions() as session:
        cases = session.get_one(Move, id).cases
    with click.progressbar(length=cases, label=say("迁移", "Moving")) as bar:
        while done := moves.go_on(sessions, at=now(), move=id):
            bar.update(done)


def _show(session: Session, id: int) -> int:
    order = session.get_one(Move, id)
    rows = session.scalars(select(MovedCase).where(MovedCase.move_id == id).order_by(MovedCase.case_id)).all()
    tell(f"迁移 {id}：{order.cases} 件。", f"Move {id}: {order.cases} cases.")
    for outcome, count in sorted(Counter(str(row.outcome) for row in rows).items()):
        named = OUTCOMES.get(outcome, OUTCOMES[""])
        tell(f"  {named.zh} {count} 件", f"  {count} {named.en}")
    whys = Counter(reason["why"] for row in rows for reason in row.reasons)
    for why, count in whys.most_common():
        zh, en = WHYS.get(why, ("在此期间有变化", "It changed meanwhile"))
        tell(f"    {zh}：{count} 件", f"    {en}: {count}")
    for row in [row for row in rows if row.reasons][:SHOWN]:
        number = number_of(row.case_id)
        tell(f"  {number} {'；'.join(r['zh'] for r in row.reasons)}",
             f"  {number} {'; '.join(r['en'] for r in row.reasons)}")  # fmt: skip
    return REFUSED if whys else 0
