"""import issues, unit import, officer add: bringing in what others have kept, and those who will work with it."""

from __future__ import annotations

from pathlib import Path

import click

from engine.acts.imports import Line
from engine.words.errors import NotFound
from engine.words.numbers import number_of
from engine.words.terms import ROLES
from webui.cli import REFUSED, complain, say, tell
from webui.commands.bringing import diagram
from webui.place import Place, Unfit, now

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
LARGEST_FILE = 64 * 1024 * 1024
VERDICTS = {
    "raised": ("已登记", "raised"),
    "added": ("已建立", "added"),
    "already there": ("已有", "already there"),
    "refused": ("未接收", "refused"),
}


@click.group("import", short_help="Bring in rows of a spreadsheet 导入")
def bring_in() -> None:
    """Bring in what was kept in a spreadsheet (CSV or XLSX), or drawn in another tool (BPMN). 导入"""


bring_in.add_command(diagram)


@bring_in.command("issues")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Judge every row, keep nothing. 只试不存")
@click.option("--strict", is_flag=True, help="Refuse what is else only remarked on: unknown units, categories. 从严")
@click.option("--raiser-unit", metavar="CODE", help="Who raises rows that name no known raiser. 提出单位")
@click.pass_obj
def issues(place: Place, file: Path, dry_run: bool, strict: bool, raiser_unit: str | None) -> int:
    """Raise one case per row. A row whose id is there already is left alone, so a file may be brought in again."""
    from sqlalchemy import select

    from engine.acts import imports
    from models import Unit

    sheet = imports.read_issues(_content(file))
    sessions = place.ready()
    counted = dict.fromkeys(VERDICTS, 0)
    with sessions() as session:
        by = place.actor(session)
        if raiser_unit is None:
            unit = by.unit_id or imports.raiser_unit_of(session)
        else:
            unit = session.execute(select(Unit.id).where(Unit.code == raiser_unit)).scalar_one_or_none()
            if unit is None:
                raise NotFound(f"没有单位 {raiser_unit}", f"There is no unit {raiser_unit}")
    if unit is None:
        raise Unfit(
            "还不知道由谁提出：请加 --raiser-unit 单位代码，或 --by 登录名",
            "Who raises them? Say --raiser-unit CODE or --by LOGIN",
        )
    _unknown_columns(sheet.unknown)
    for row in sheet.rows:
        with sessions() as session:
            line = imports.issue(session, row, by=by, at=now(), raiser_unit=unit, strict=strict)
            if not dry_run and line.verdict == "raised":
                session.commit()
        counted[line.verdict] += 1
        _show(line, number=None if dry_run else line.case)
    _sum_up(counted, dry_run=dry_run)
    return REFUSED if counted["refused"] else 0


@click.group(short_help="Units 单位")
def unit() -> None:
    """Units of the city. 单位"""


@unit.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Judge every row, keep nothing. 只试不存")
@click.pass_obj
def units(place: Place, file: Path, dry_run: bool) -> int:
    """Add the units of a roster (unit, kind, parent …), superiors first; what is there already is left alone."""
    from engine.acts import rosters

    sheet = rosters.read_units(_content(file))
    counted = dict.fromkeys(VERDICTS, 0)
    _unknown_columns(sheet.unknown)
    with place.ready()() as session:
        lines = rosters.units(session, sheet, by=place.actor(session), at=now())
        if not dry_run:
            session.commit()
    for line in lines:
        counted[line.verdict] += 1
        _show(line, number=None)
    _sum_up(counted, dry_run=dry_run)
    return REFUSED if counted["refused"] else 0


@unit.command("end")
@click.argument("code")
@click.option("--reason", required=True, help="Why; it stands in the record. 理由")
@click.pass_obj
def end(place: Place, code: str, reason: str) -> None:
    """Dissolve a unit: what waits for its people passes to the unit above. 撤并单位"""
    from engine.acts import units as offices

    with place.ready()() as session:
        done = offices.end(session, code, reason, by=place.actor(session), at=now())
        above = done.above.name if done.above is not None else ""
        session.commit()
    tell(
        f"已撤并 {code}：{done.cases} 件事项的 {done.tasks} 项待办转由{above}办理",
        f"{code} was dissolved: {done.tasks} tasks of {done.cases} cases pass to {above}",
    )


@click.group(short_help="Officers 人员")
def officer() -> None:
    """Officers and their roles. 人员"""


@officer.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Name or duty, in Chinese. 姓名或岗位")
@click.option("--name-en", default="", help="The same in English. 英文名")
@click.option("--post", default="", help="Post. 职务")
@click.option("--unit", "home", required=True, metavar="CODE", help="Own unit. 所在单位代码")
@click.option("--role", "roles", multiple=True, metavar="ROLE[@CODE]",
              help="A role for own unit or for another; may be given again. 角色")  # fmt: skip
@click.option("--password", envvar="BIHUAN_PASSWORD", help="Asked for when not given. 密码")
@click.pass_obj
def add(
    place: Place,
    login: str,
    name: str,
    name_en: str,
    post: str,
    home: str,
    roles: tuple[str, ...],
    password: str | None,
) -> None:
    """Add an officer who may sign in. 增加人员"""
    from sqlalchemy import select

    from engine.acts import officers
    from models import Unit

    sessions = place.ready()
    password = password or click.prompt(say("密码", "Password"), hide_input=True, confirmation_prompt=True)
    with sessions() as session:
        codes = {code: id for id, code in session.execute(select(Unit.id, Unit.code))}

        def unit_of(code: str) -> int:
            if code not in codes:
                raise NotFound(f"没有单位 {code}", f"There is no unit {code}")
            return codes[code]

        held = []
        for text in roles:
            role, _, code = text.partition("@")
            if role not in ROLES:
                known = "、".join(f"{known}（{term.zh}）" for known, term in ROLES.items())
                raise NotFound(
                    f"没有角色 {role}。现有：{known}", f"There is no role {role}; there are {', '.join(ROLES)}"
                )
            held.append((role, unit_of(code or home)))
        officers.add_officer(
            session, login, name, unit=unit_of(home), password=password, name_en=name_en, post=post, roles=held,
            by=place.actor(session), at=now(),
        )  # fmt: skip
        session.commit()
    tell(f"已增加 {login}（{name}）。", f"Added {login} ({name}).")


@officer.command("role")
@click.argument("login")
@click.argument("role", metavar="ROLE[@CODE]")
@click.option("--take-back", is_flag=True, help="Take it back; tasks in hand are laid down. 收回")
@click.pass_obj
def role(place: Place, login: str, role: str, take_back: bool) -> None:
    """Give an officer a role for a unit, or take it back: a task force changes while it works. 授予、收回岗位"""
    from sqlalchemy import select

    from engine.acts import officers
    from models import Officer, Unit

    wanted, _, code = role.partition("@")
    if wanted not in ROLES:
        raise NotFound(f"没有角色 {wanted}", f"There is no role {wanted}")
    with place.ready()() as session:
        found = session.scalar(select(Officer).where(Officer.login == login))
        if found is None:
            raise NotFound(f"没有人员 {login}", f"There is no officer {login}")
        unit = session.scalar(select(Unit.id).where(Unit.code == code)) if code else found.unit_id
        if unit is None:
            raise NotFound(f"没有单位 {code}", f"There is no unit {code}")
        act = officers.take_back if take_back else officers.grant
        act(session, found.id, wanted, unit, by=place.actor(session), at=now())
        session.commit()
    tell(f"{login} 的岗位已更新。", f"The roles of {login} have changed.")


def _content(file: Path) -> bytes:
    if file.stat().st_size > LARGEST_FILE:
        raise Unfit(f"{file} 超过 64 MB，请分成几个文件。", f"{file} is larger than 64 MB; please split it.")
    return file.read_bytes()


def _show(line: Line, *, number: int | None) -> None:
    zh, en = VERDICTS[line.verdict]
    which = f" {number_of(number)}" if number is not None else ""
    remarks = say("；".join(r.zh for r in line.remarks), "; ".join(r.en for r in line.remarks))
    text = say(f"第 {line.row} 行 {line.key} {zh}{which}", f"row {line.row} {line.key} {en}{which}")
    click.echo(f"{text}{say('：', ': ')}{remarks}" if remarks else text, err=line.verdict == "refused")


def _unknown_columns(names: tuple[str, ...]) -> None:
    if names:
        complain(f"没有用到的列：{'、'.join(names)}", f"Columns not used: {', '.join(names)}")


def _sum_up(counted: dict[str, int], *, dry_run: bool) -> None:
    zh = "，".join(f"{VERDICTS[verdict][0]} {count}" for verdict, count in counted.items() if count)
    en = ", ".join(f"{count} {VERDICTS[verdict][1]}" for verdict, count in counted.items() if count)
    tell(f"共 {sum(counted.values())} 行：{zh}{'（只试，未存）' if dry_run else ''}。",
         f"{sum(counted.values())} rows: {en}{' (dry run, nothing kept)' if dry_run else ''}.")  # fmt: skip
