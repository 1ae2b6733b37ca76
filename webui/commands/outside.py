"""token create | list | end, hosts: programs that work for cases or raise issues, and whom cases may speak to."""

from __future__ import annotations

import click

from webui.cli import say, tell
from webui.place import Place, now


@click.group(short_help="Tokens of programs outside 外部程序密钥")
def token() -> None:
    """Tokens by which programs outside work for service tasks, or raise issues. 外部程序密钥"""


@token.command("create")
@click.option("--name", required=True, metavar="NAME", help="Which program. 程序名称")
@click.option(
    "--topic", "topics", multiple=True, metavar="TOPIC", help="What it may work for; all by default. 可办主题"
)
@click.option("--officer", default="", metavar="LOGIN", help="Raises issues as this officer. 以其名义提出问题")
@click.option("--message", "messages", multiple=True, metavar="NAME", help="With --officer: may bring it. 可送消息")
@click.pass_obj
def create(place: Place, name: str, topics: tuple[str, ...], officer: str, messages: tuple[str, ...]) -> None:
    """Makes a token and prints it, this once: only its hash is kept. With --officer it raises issues, else it works for
    service tasks."""
    from engine.acts import worker_keys

    with place.ready()() as session, session.begin():
        made = worker_keys.make_token(
            session, name, topics, by=place.actor(session), at=now(), officer=officer, messages=messages
        )
    click.echo(made)


@token.command("list")
@click.pass_obj
def listed(place: Place) -> None:
    """All tokens: number, program, topics, whether it still holds."""
    from engine.reads import service_jobs

    with place.reading() as session:
        found = service_jobs.keys(session)
    for key in found:
        topics = ", ".join(key.topics) or say("全部", "all")
        if key.officer:
            topics = " ".join([say(f"来源：{key.officer}", f"source: {key.officer}"), *key.messages])
        held = say("有效", "holds") if key.ended_at is None else say("已收回", "ended")
        click.echo(f"{key.id}  {key.name}  {topics}  {held}")
    if not found:
        tell("还没有发放过密钥。", "There are no tokens yet.")


@token.command("end")
@click.argument("number", type=int)
@click.pass_obj
def end(place: Place, number: int) -> None:
    """From now on nobody is let in by this token."""
    from engine.acts import worker_keys

    with place.ready()() as session, session.begin():
        worker_keys.end_token(session, number, by=place.actor(session), at=now())
    tell(f"密钥 {number} 已收回。", f"Token {number} is ended.")


@click.command(short_help="Hosts that cases may speak to 可访问的主机")
@click.option("--allow", multiple=True, metavar="HOST[:PORT]", help="Allow it, too. 添加")
@click.option("--forbid", multiple=True, metavar="HOST[:PORT]", help="Allow it no more. 移除")
@click.pass_obj
def hosts(place: Place, allow: tuple[str, ...], forbid: tuple[str, ...]) -> None:
    """The hosts that service tasks of the topic http may speak to; none at first. 可访问的主机"""
    from engine.acts import worker_keys
    from engine.reads import service_jobs

    with place.ready()() as session, session.begin():
        found = set(service_jobs.hosts(session))
        if allow or forbid:
            found = (found | {host.lower() for host in allow}) - {host.lower() for host in forbid}
            worker_keys.allow_hosts(session, found, by=place.actor(session), at=now())
    for host in sorted(found):
        click.echo(host)
    if not found:
        tell("一个主机也不能访问。", "No host may be spoken to.")
