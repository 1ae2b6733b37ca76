"""A PostgreSQL of our own for as long as the tests last, when its programs are on this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
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
def cluster(*, durable: bool = False) -> Iterator[str]:
    """The address of an empty database. It forgets on a power cut what it was told, because it is only for tests;
    measuring asks for one that is `durable`."""
    tools = programs()
    if tools is None:
        raise FileNotFoundError(MISSING)
    # PostgreSQL refuses to be run by root.
    user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="bihuan-pg-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)

        def run(tool: str, *arguments: str) -> None:
            command = [str(tools / tool), "-D", f"{folder}/data", *arguments]
            subprocess.run(
                command, check=True, cwd=folder, stdout=subprocess.DEVNULL,
                user=user.pw_uid if user else None, group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
            )  # fmt: skip

        run("initdb", "-A", "trust", "-U", "bihuan", "-E", "UTF8", "--locale=C")
        told = f"-p {port} -k '' -c listen_addresses=127.0.0.1"
        told += " -c synchronous_commit=on" if durable else " -c fsync=off -c full_page_writes=off"
        run("pg_ctl", "-o", told, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql+psycopg://bihuan@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
