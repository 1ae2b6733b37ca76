"""migrate, demo, backup, restore, verify: what keeps the office's memory whole."""

from __future__ import annotations

from pathlib import Path

import click

from webui.cli import REFUSED, say, tell
from webui.place import Place, Unfit, now

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(short_help="Bring the tables up to date 更新数据库结构")
@click.pass_obj
def migrate(place: Place) -> None:
    """Bring the tables of the database up to this program. 更新数据库结构"""
    if place.migrate():
        tell("数据库结构已更新。", "The tables are now up to date.")
    else:
        tell("数据库结构已是最新。", "The tables were up to date already.")


@click.command(short_help="An invented city to look at 演示城市")
@click.option("--reset", is_flag=True, help="Wipe the database and the evidence first. 先清空")
@click.option("--yes", is_flag=True, help="Do not ask. 不再询问")
@click.pass_obj
def demo(place: Place, reset: bool, yes: bool) -> None:
    """Load an invented city with units, officers and issues in every state. 装入演示城市"""
    from webui import keep
    from webui.demo import city, load

    with place.to_itself():
        if reset:
            where = place.file or place.url
            if not yes:
                click.confirm(
                    say(f"将删除 {where} 与 {place.evidence} 的全部内容，确定吗？",
                        f"Everything in {where} and {place.evidence} will be deleted. Go on?"),
                    abort=True,
                )  # fmt: skip
            keep.wipe(place)
        place.migrate()
        with place.sessions() as session:
            if not city.is_new(session):
                raise Unfit(
                    "数据库里已有单位和人员，演示只装入空库。要清空重来：bihuan demo --reset",
                    "There are units and officers already; the demo goes into an empty database only. "
                    "To wipe it: bihuan demo --reset",
                )
        load.everything(place, at=now(), tell=tell)


@click.command(short_help="One file with database and evidence 备份")
@click.argument("file", type=FILE)
@click.pass_obj
def backup(place: Place, file: Path) -> None:
    """Write database and evidence to one file, while the program may run. SQLite only; PostgreSQL has pg_dump. 备份"""
    from webui import keep

    count = keep.backup(place, file)
    tell(f"已备份到 {file}（证据文件 {count} 个）。", f"Backed up to {file} ({count} files of evidence).")


@click.command(short_help="Put a backup in place 恢复")
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Do not ask. 不再询问")
@click.pass_obj
def restore(place: Place, file: Path, yes: bool) -> None:
    """Replace database and evidence by those of a backup. SQLite only; PostgreSQL has pg_restore. 恢复"""
    from webui import keep

    with place.to_itself():
        if place.file is not None and place.file.exists() and not yes:
            click.confirm(
                say(f"将用 {file} 替换 {place.file} 与 {place.evidence}，确定吗？",
                    f"{place.file} and {place.evidence} will be replaced by {file}. Go on?"),
                abort=True,
            )  # fmt: skip
        made_at = keep.restore(place, file)
        place.migrate()
    tell(f"已恢复到 {made_at} 的备份。", f"Restored the backup made at {made_at}.")


@click.command(short_help="Is the journal intact? 核验")
@click.option("--replay", is_flag=True, help="Also rebuild every row from the facts and compare. 重放比对")
@click.pass_obj
def verify(place: Place, replay: bool) -> int:
    """Read the whole chain of facts and name the first entry of each book that does not hold. 核验事实链"""
    from engine.record import chain

    with place.reading() as session:
        verdict = chain.verify(session)
        for broken in verdict.breaks:
            tell(
                f"账册 {broken.book} 第 {broken.seq} 条：{broken.zh}",
                f"book {broken.book}, entry {broken.seq}: {broken.en}",
            )
        tell(
            f"已读 {verdict.books} 本账册 {verdict.entries} 条记录。",
            f"Read {verdict.entries} entries in {verdict.books} books.",
        )
        if verdict.deleted:
            tell(
                f"{verdict.deleted} 项个人信息已按保存期限删除，链上只留指纹。",
                f"{verdict.deleted} personal values are deleted after their retention time; their digests are left.",
            )
        intact = verdict.intact
        if replay:
            from engine.record import replay as again

            differences = again.differences(session)
            for difference in differences:
                which = f"{difference.table} {'/'.join(str(part) for part in difference.key)}"
                tell(f"重放后不一致：{which}，现有 {difference.kept}，重放得 {difference.told}",
                     f"replay differs: {which} is {difference.kept}, the facts say {difference.told}")  # fmt: skip
            intact = intact and not differences
    tell("完好。" if intact else "不完好。", "Intact." if intact else "Not intact.")
    return 0 if intact else REFUSED
