"""The PDF of a paper, made from its Word file in the background where the machine has LibreOffice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.jobs import desk
from engine.jobs.kinds import KINDS, Errand
from engine.notation.papers import office_suite
from engine.words.errors import NotFound
from engine.words.officers import Actor
from engine.words.terms import Term
from models import Document, PaperCopy

KIND = "paper_pdf"


def ask(session: Session, document_id: str, *, by: Actor, at: datetime) -> str:
    """The id of the job. The paper has its file already, and `by` may see it: whoever asks here has made sure."""
    return desk.ask(session, KIND, {"document": document_id}, by=by, at=at)


class PaperPdf:
    label = Term("文书转 PDF", "PDF of a paper")

    def plan(self, sessions: sessionmaker[Session], errand: Errand) -> int:
        return 1

    def part(self, sessions: sessionmaker[Session], errand: Errand, number: int, *, at: datetime) -> None:
        with sessions() as session:
            content = session.scalar(select(PaperCopy.content).where(PaperCopy.document_id == errand.args["document"]))
        if content is None:
            raise NotFound("这份文书还没有成文。", "This paper has not been written yet.")
        errand.folder.mkdir(parents=True, exist_ok=True)
        (errand.folder / "result.pdf").write_bytes(office_suite.pdf_of(content))

    def finish(self, sessions: sessionmaker[Session], errand: Errand, *, at: datetime) -> dict[str, Any]:
        with sessions() as session:
            number = session.scalar(select(Document.number).where(Document.id == errand.args["document"]))
        file = errand.folder / "result.pdf"
        return {"file": file.name, "name": f"{number}.pdf", "media": "application/pdf", "size": file.stat().st_size}


KINDS[KIND] = PaperPdf()
