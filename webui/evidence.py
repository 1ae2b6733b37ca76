"""Photos and files go out only to those who may see a case they hang on, or who have just uploaded them."""

from __future__ import annotations

from flask import Blueprint, current_app, request, send_file
from flask.typing import ResponseReturnValue

from engine.acts import evidence
from engine.reads import exhibits
from engine.words.errors import NotFound
from models import Evidence
from webui import guards
from webui.request import here
from webui.uploads import unsealed

room = Blueprint("evidence", __name__, url_prefix="/evidence")

YEAR = 365 * 24 * 3600
# What a browser may draw by itself; everything else is saved to disk.
DRAWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4"})
ALONE = {"default-src": "'none'", "img-src": "'self'", "media-src": "'self'", "style-src": "'none'", "sandbox": ""}


@room.get("/<sha>")
@room.get("/<sha>/<int:width>")
@guards.policy(ALONE)
def index(sha: str, width: int | None = None) -> ResponseReturnValue:
    """The bytes, or the small picture of `width` (320, 1280)."""
    session, officer, _at = here()
    ref = unsealed(request.args.get("pass", ""))
    name = ref["name"] if ref is not None and ref["sha"] == sha else exhibits.name_for(session, sha, officer)
    kept = session.get(Evidence, sha)
    if kept is None or name is None:
        raise NotFound("没有找到这份附件。", "This attachment was not found.")
    folder = current_app.config["EVIDENCE_FOLDER"]
    file = evidence.path(folder, sha) if width is None else evidence.thumbnail(folder, sha, width)
    media = kept.media if width is None else "image/jpeg"
    answer = send_file(
        file,
        mimetype=media,
        as_attachment=media not in DRAWN,
        download_name=name if width is None else f"{sha[:12]}.jpg",
        etag=f"{sha}-{width or 0}",
        conditional=True,
        max_age=YEAR,
    )
    # The address names the content, so it never changes; private, because not everyone may see it.
    answer.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
