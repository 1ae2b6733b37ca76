"""Files that are sent while they are being read: one reading transaction of their own, from first piece to last."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Response, current_app
from sqlalchemy.orm import Session

from models.session import reading
from webui.cases import zone
from webui.request import now


def streamed(pieces: Callable[[Session], Iterator[bytes]], name: str, ending: str, media: str) -> Response:
    """A download named after the moment. The session ends with the last piece, or when the browser goes away; it is not
    the request's, because a request ends before its answer has been sent."""
    sessions = current_app.extensions["sessions"]

    def read() -> Iterator[bytes]:
        with reading(sessions) as session:
            yield from pieces(session)

    answer = Response(read(), content_type=media)
    moment = now().astimezone(zone()).strftime("%Y%m%d-%H%M")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{moment}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
