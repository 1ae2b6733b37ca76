"""Turns a Word file into PDF with the LibreOffice of this machine, where there is one: apart, for a limited time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from engine.words.errors import Refusal

PATIENCE = 90.0
MOST_BYTES = 40 * 1024 * 1024
NAMES = ("soffice", "libreoffice")


class NoPdf(Refusal):
    """The paper could not be turned into PDF; the Word file is there all the same."""


def program() -> str | None:
    """Where LibreOffice lies; None when this machine has none on its path."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def pdf_of(docx: bytes) -> bytes:
    """Raises `NoPdf`. Each run has a profile of its own, gone afterwards: two runs never meet, and no macro that
    somebody allowed in his own profile is allowed here."""
    suite = program()
    if suite is None:
        raise NoPdf("本机没有装 LibreOffice。", "LibreOffice is not installed on this machine.")
    with tempfile.TemporaryDirectory(prefix="bihuan-pdf-") as place:
        home = Path(place)
        (home / "paper.docx").write_bytes(docx)
        command = [
            suite, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
            "--nolockcheck", "--nodefault", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(home),
            str(home / "paper.docx"),
        ]  # fmt: skip
        _run(command, home)
        made = home / "paper.pdf"
        if not made.is_file() or made.stat().st_size > MOST_BYTES:
            raise NoPdf("LibreOffice 没有转出 PDF。", "LibreOffice gave no PDF.")
        content = made.read_bytes()
    if not content.startswith(b"%PDF-"):
        raise NoPdf("LibreOffice 转出的不是 PDF。", "What LibreOffice gave is no PDF.")
    return content


def _run(command: list[str], home: Path) -> None:
    """The program and all it starts end with the time it is given."""
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(home)}
    with subprocess.Popen(
        command, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    ) as running:  # fmt: skip
        try:
            running.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            raise NoPdf("LibreOffice 超时，已中止。", "LibreOffice took too long and was stopped.") from None
