"""Puts the rooms together: one Flask application, its guards, languages, content policies and pages.

A room is a module `webui/<room>.py` with a blueprint named `room`; its first page is the endpoint `<room>.index`, its
templates lie in `templates/<room>/`, its English texts in `translations/en/LC_MESSAGES/<room>.po`.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from markupsafe import Markup

from models.session import open_database, sessions
from webui import (
    account,
    areas,
    arrivals,
    audit,
    case_stories,
    cases,
    designer,
    documents,
    errors,
    evidence,
    guards,
    help_pages,
    inbox,
    intake,
    jobs,
    law_pages,
    ledger,
    letters,
    locale,
    loops,
    moving,
    once,
    operations,
    outside,
    outside_help,
    paper_templates,
    personal,
    repair,
    request,
    shell,
    slips,
    source_api,
    story_pages,
    todos,
    units,
    worker_api,
)

MEGABYTE = 1024 * 1024
BUNDLES = Path(__file__).parent / "static" / "dist"


def create_app(database_url: str | None = None, *, config: Mapping[str, Any] | None = None) -> Flask:
    """The application on one database. Settings come from `config`, else from the environment (BIHUAN_DATABASE,
    BIHUAN_VAR, BIHUAN_SECRET_KEY, BIHUAN_HTTPS), else they are those of one machine: all under `var/`.
    The tables must be there already (`bihuan migrate`)."""
    app = request.Office("webui", root_path=str(Path(__file__).parent))
    home = Path((config or {}).get("HOME") or os.environ.get("BIHUAN_VAR", "var")).absolute()
    app.config.update(
        DATABASE_URL=database_url or os.environ.get("BIHUAN_DATABASE") or f"sqlite:///{home / 'bihuan.db'}",
        EVIDENCE_FOLDER=home / "evidence",
        JOBS_FOLDER=home / "jobs",
        CLOCK=lambda: datetime.now(UTC),
        ZONE="Asia/Shanghai",
        HTTPS=os.environ.get("BIHUAN_HTTPS", "") not in {"", "0", "no"},
        SECRET_KEY=os.environ.get("BIHUAN_SECRET_KEY"),
        # The door offers the demo's accounts, one press each. Never on an office's own data.
        DEMO=False,
        SESSION_COOKIE_NAME="bihuan",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=10),
        # The token lives as long as the session: a form left open over lunch is not lost.
        WTF_CSRF_TIME_LIMIT=None,
        # Several photos at once; the limit of one file is kept, and said beside its field, by engine/acts/evidence.py.
        MAX_CONTENT_LENGTH=256 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        RATELIMIT_ENABLED=True,
        # How long an officer waits for others before he is told so.
        BUSY_SECONDS=3.0,
    )
    app.config.update(config or {})
    app.config["SESSION_COOKIE_SECURE"] = app.config["HTTPS"]
    if not app.config["SECRET_KEY"]:
        app.config["SECRET_KEY"] = _secret_of(home)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    app.extensions["database"] = open_database(app.config["DATABASE_URL"], busy_seconds=app.config["BUSY_SECONDS"])
    app.extensions["sessions"] = sessions(app.extensions["database"])
    once.prepare(app)
    locale.prepare(app)
    request.prepare(app)
    guards.prepare(app)
    errors.prepare(app)
    shell.prepare(app)
    app.jinja_env.globals.update(asset=asset)
    designing = (arrivals, law_pages, story_pages, case_stories, todos, paper_templates, designer, moving)
    office = (evidence, documents, letters, slips, loops, areas, units, operations, outside, personal, repair)
    helpful = (outside_help, worker_api, source_api)
    for each in (account, inbox, intake, ledger, jobs, cases, audit, help_pages, *designing, *office, *helpful):
        app.register_blueprint(each.room)
    worker_api.prepare(app)
    source_api.prepare(app)
    return app


def asset(entry: str) -> Markup:
    """The stylesheet and script of one bundle ("app", "viewer", "modeler", "dmn"), as its manifest names them."""
    files = _manifest(_stamp()).get(entry, {})
    tags = []
    if files.get("css"):
        tags.append(Markup('<link rel="stylesheet" href="{}">').format(_url(files["css"])))
    if files.get("js"):
        tags.append(Markup('<script type="module" src="{}"></script>').format(_url(files["js"])))
    return Markup("\n").join(tags)


def _url(name: str) -> str:
    return url_for("static", filename=f"dist/{name}")


def _stamp() -> int:
    manifest = BUNDLES / "manifest.json"
    return manifest.stat().st_mtime_ns if manifest.exists() else 0


@lru_cache(maxsize=1)
def _manifest(stamp: int) -> dict[str, dict[str, str]]:
    """Read again only when a new bundle has been built (`stamp` changed). None built yet: pages without dress."""
    return json.loads((BUNDLES / "manifest.json").read_text("utf-8")) if stamp else {}


def _secret_of(home: Path) -> str:
    """The key that signs the cookies of this machine: made once, readable by its owner only."""
    file = home / "secret_key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(secrets.token_hex(32))
    return file.read_text("utf-8").strip()
