"""A PostgreSQL of our own for as long as the tests last, when its programs are on this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "PostgreSQL's own programs (initdb, pg_ctl) are not here: sudo apt-get install postgresql"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps them off the PATH."""
    found = shutil.which("pg_ctl")
    if found and shutil.which("initdb"):
        return Path(found).parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@contextmanager
def cluster(*, durable: bool = False, port: int | None = None) -> Iterator[str]:
    """The address of an empty database. It forgets on a power cut what it was told, because it is only for tests;
    measuring asks for one that is `durable`. With a `port` it listens on the loopback, for programs that know no
    sockets."""
    if programs() is None:
        raise FileNotFoundError(MISSING)
    with tempfile.TemporaryDirectory(prefix="bihuan-pg-") as folder:
        if (user := _user()) is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        _run(folder, "initdb", "-A", "trust", "-U", "bihuan", "-E", "UTF8", "--locale=C")
        # A socket of its own in a folder of its own: nobody else can come by, and no port can be taken.
        told = f"-k {folder} -c listen_addresses=" + ("''" if port is None else f"127.0.0.1 -p {port}")
        told += " -c synchronous_commit=on" if durable else " -c fsync=off -c full_page_writes=off"
        _run(folder, "pg_ctl", "-o", told, "-l", f"{folder}/log", "-w", "start")
        try:
            place = f"/postgres?host={folder}" if port is None else f"127.0.0.1:{port}/postgres"
            yield f"postgresql+psycopg://bihuan@{place}"
        finally:
            _run(folder, "pg_ctl", "-m", "immediate", "stop")


def restart(address: str) -> None:
    """Stops the server behind an address while it is in use, and starts it anew."""
    folder = address.partition("host=")[2]
    _run(folder, "pg_ctl", "-m", "fast", "-l", f"{folder}/log", "-w", "restart")


def _user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to be run by root."""
    return pwd.getpwnam("postgres") if os.getuid() == 0 else None


def _run(folder: str, tool: str, *arguments: str) -> None:
    tools, user = programs(), _user()
    assert tools is not None
    subprocess.run(
        [str(tools / tool), "-D", f"{folder}/data", *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL,
        user=user.pw_uid if user else None, group=user.pw_gid if user else None, extra_groups=[] if user else None,
    )  # fmt: skip
