"""Where this office keeps its things: database, evidence, and the lock that says a server is running on them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, make_url, select
from sqlalchemy.orm import Session, sessionmaker

from engine.words.errors import NotFound, OutOfDate, Refusal
from engine.words.officers import Actor
from models import Officer
from models.migrate import head, standing, upgrade_engine
from models.session import open_database, reading, sessions

if TYPE_CHECKING:
    from flask import Flask

    from engine.jobs.connectors import Doors

# Whoever sits at the machine's own keyboard, when no officer is named with --by.
MACHINE = Actor(id=None, login="machine", name="命令行", unit_id=None)


class Unfit(Refusal):
    """The place itself is not ready: no database, an older one, a server already running."""


def now() -> datetime:
    return datetime.now(UTC)


def default_home() -> Path:
    """`var/` beside the program when it runs from its own folder, else in the folder one stands in."""
    root = Path(__file__).resolve().parent.parent
    return (root if (root / "pyproject.toml").is_file() else Path.cwd()) / "var"


@dataclass(frozen=True)
class Place:
    """`home` holds what is no table: evidence, the cookie key, locks; `url`: the database, by default SQLite there."""

    home: Path
    url: str
    officer: str | None = None

    @classmethod
    def of(cls, home: Path | None, url: str | None, officer: str | None = None) -> Place:
        at = (home or default_home()).absolute()
        return cls(at, url or f"sqlite:///{at / 'bihuan.db'}", officer)

    @property
    def evidence(self) -> Path:
        return self.home / "evidence"

    @property
    def file(self) -> Path | None:
        """The database file; None on a database server."""
        parsed = make_url(self.url)
        return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None

    @cached_property
    def engine(self) -> Engine:
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        return open_database(self.url)

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        return sessions(self.engine)

    def migrate(self) -> bool:
        """Brings the tables up to this program; true when something had to be done."""
        return upgrade_engine(self.engine)

    def ready(self) -> sessionmaker[Session]:
        """The door to a database that this program can read as it is. Raises `Unfit`."""
        if self.file is not None and not self.file.exists():
            raise Unfit(
                f"还没有数据库（{self.file}）。请先运行：bihuan migrate",
                f"There is no database yet ({self.file}). First run: bihuan migrate",
            )
        with self.engine.connect() as connection:
            step = standing(connection)
        if step != head():
            raise Unfit(
                f"数据库结构（{step or '空'}）与本程序（{head()}）不一致。请先运行：bihuan migrate",
                f"The tables ({step or 'none'}) are not those of this program ({head()}). First run: bihuan migrate",
            )
        return self.sessions

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that never takes the writers' lock, however long it reads."""
        with reading(self.ready()) as session:
            yield session

    def actor(self, session: Session) -> Actor:
        """The officer named with --by, else the machine itself."""
        from engine.acts import officers

        if self.officer is None:
            return MACHINE
        known = session.scalar(select(Officer.id).where(Officer.login == self.officer))
        if known is None:
            raise NotFound(
                f"没有登录名为“{self.officer}”的人员", f'There is no officer with the login "{self.officer}"'
            )
        return officers.actor(session, known, at=now())

    @contextmanager
    def to_itself(self) -> Iterator[None]:
        """Nobody else may serve, restore or wipe this place meanwhile. Raises `OutOfDate` when somebody does."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "in-use").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise OutOfDate(
                    f"{self.home} 正由另一个闭环程序使用，请先停止它。",
                    f"Another Bihuan is running on {self.home}. Stop it first.",
                ) from None
            yield

    def doors(self) -> Doors:
        """What leads outside: the mail server of BIHUAN_SMTP, mails from BIHUAN_MAIL_FROM. Raises `Unfit`."""
        from engine.jobs.connectors import Doors
        from engine.jobs.connectors.mail import NoServer, server_of

        try:
            return Doors(server_of(os.environ.get("BIHUAN_SMTP", ""), os.environ.get("BIHUAN_MAIL_FROM", "")))
        except NoServer as wrong:
            raise Unfit(f"邮件服务器的设置读不懂：{wrong}", str(wrong)) from wrong

    def app(self, **config: Any) -> Flask:
        """The pages on this place."""
        from webui.app import create_app

        return create_app(self.url, config={"HOME": self.home, "EVIDENCE_FOLDER": self.evidence, **config})
