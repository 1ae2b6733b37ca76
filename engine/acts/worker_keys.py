"""Who may work or raise issues from outside, and whom cases may speak to: keys of programs, allowed hosts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.acts import officers
from engine.notation.diagram import CONNECTORS
from engine.record.journal import record_office
from engine.words import facts as f
from engine.words.errors import Fault, NotAllowed, NotFound, NotValid, OutOfDate
from engine.words.officers import Actor
from models import AllowedHost, Officer, WorkerToken

_MARK = "bihuan_"
_HOST = re.compile(
    r"(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?"
)
MOST_HOSTS = 200


def refuse_unless_admin(by: Actor) -> None:
    """Administrators; and the machine's own keyboard. Raises `NotAllowed`."""
    if by.id is not None and not by.has("admin"):
        raise NotAllowed("只有系统管理人员可以管理外部程序。", "Only administrators manage programs outside.")


def make_token(
    session: Session,
    name: str,
    topics: Collection[str],
    *,
    by: Actor,
    at: datetime,
    officer: str = "",
    messages: Collection[str] = (),
) -> str:
    """A new key for a program, shown this once: only its hash is kept. Without `officer` (a login) it works for service
    tasks (no topics: all but those that Bihuan works off itself); with one it raises issues as this officer, and brings
    the messages named. Raises `NotAllowed`, `NotValid`."""
    refuse_unless_admin(by)
    name, officer = name.strip(), officer.strip()
    wanted = sorted({topic.strip() for topic in topics if topic.strip()})
    sent = sorted({message.strip() for message in messages if message.strip()})
    source = _in_office(session, officer, at) if officer else None
    faults = []
    if officer and source is None:
        faults.append(
            Fault("officer", f"没有可用的账号“{officer[:60]}”", f'There is no account in use named "{officer[:60]}"')
        )
    if officer and wanted:
        zh, en = "以人员名义提出问题的密钥不办理任务，请不写主题", "A token that raises issues works for no topics"
        faults.append(Fault("topics", zh, en))
    if sent and not officer:
        zh, en = "送消息的密钥须写明以谁的名义", "A token that brings messages needs an officer it acts for"
        faults.append(Fault("officer", zh, en))
    if any(len(message) > 100 for message in sent) or len(sent) > 100:
        zh, en = "消息至多 100 种，每种名称至多 100 字", "At most 100 messages of 100 characters each"
        faults.append(Fault("messages", zh, en))
    if not name or len(name) > 100:
        faults.append(Fault("name", "请写明是哪个程序（至多 100 字）", "Name the program (at most 100 characters)"))
    if any(len(topic) > 100 for topic in wanted) or len(wanted) > 100:
        faults.append(Fault("topics", "主题至多 100 个，每个至多 100 字", "At most 100 topics of 100 characters each"))
    if faults:
        raise NotValid(faults)
    token = f"{_MARK}{secrets.token_urlsafe(32)}"
    number = (session.execute(select(func.max(WorkerToken.id))).scalar() or 0) + 1
    record_office(session, [f.WorkerTokenMade(number, name, _digest(token), wanted, source, sent)], by=by, at=at)
    return token


def end_token(session: Session, number: int, *, by: Actor, at: datetime) -> None:
    """From now on nobody is let in by it. Raises `NotAllowed`, `NotFound`, `OutOfDate`."""
    refuse_unless_admin(by)
    token = session.get(WorkerToken, number, populate_existing=True)
    if token is None:
        raise NotFound(f"没有编号为 {number} 的密钥", f"There is no token {number}")
    if token.ended_at is not None:
        raise OutOfDate("这个密钥已经收回了", "This token has been ended already")
    record_office(session, [f.WorkerTokenEnded(number, token.name)], by=by, at=at)


def known(session: Session, token: str) -> WorkerToken | None:
    """The key behind what a program shows; None when it is none, or has ended."""
    if not token.startswith(_MARK) or len(token) > 200:
        return None
    found = session.scalar(select(WorkerToken).where(WorkerToken.digest == _digest(token)))
    return found if found is not None and found.ended_at is None else None


def may_work_for(token: WorkerToken, topic: str) -> bool:
    if token.officer_id is not None:
        return False
    return topic in token.topics if token.topics else topic not in CONNECTORS


def source(session: Session, token: WorkerToken, *, at: datetime) -> Actor | None:
    """The officer for whom this key raises issues, with today's roles; None when the account has ended.
    Raises `NotAllowed` for the key of a program that works for tasks."""
    if token.officer_id is None:
        raise NotAllowed(
            "这个密钥只能办理流程交给外部程序的任务，不能提出问题或送消息。",
            "This token works for service tasks; it raises no issues and brings no messages.",
        )
    try:
        return officers.actor(session, token.officer_id, at=at)
    except NotFound:
        return None


def refuse_other_message(token: WorkerToken, message: str) -> None:
    """Returns only when the key may bring this message. Raises `NotAllowed`."""
    if message not in token.messages:
        raise NotAllowed(f"这个密钥不能送消息“{message[:100]}”。", f"This token may not bring {message[:100]!r}.")


def _in_office(session: Session, login: str, at: datetime) -> int | None:
    in_use = or_(Officer.ended_at.is_(None), Officer.ended_at > at)
    return session.scalar(select(Officer.id).where(Officer.login == login, in_use))


def allow_hosts(session: Session, hosts: Collection[str], *, by: Actor, at: datetime) -> None:
    """These hosts, and no others, from now on. Raises `NotAllowed`, `NotValid`."""
    refuse_unless_admin(by)
    wanted = sorted({host.strip().lower() for host in hosts if host.strip()})
    wrong = [host for host in wanted if not _HOST.fullmatch(host) or not 0 < int(host.partition(":")[2] or 1) < 65536]
    faults = [
        Fault(
            "hosts",
            f"“{host[:60]}”不是主机名，如 permits.example.org 或 permits.example.org:8443",
            f'"{host[:60]}" is no host, as permits.example.org or permits.example.org:8443',
        )
        for host in wrong
    ]
    if len(wanted) > MOST_HOSTS:
        faults.append(Fault("hosts", f"至多 {MOST_HOSTS} 个主机", f"At most {MOST_HOSTS} hosts"))
    if faults:
        raise NotValid(faults)
    before = list(session.scalars(select(AllowedHost.host).order_by(AllowedHost.host)))
    if before != wanted:
        record_office(session, [f.HostsAllowed(before, wanted)], by=by, at=at)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
