"""Chinese first, English equally: which language a page speaks, and how it writes names, moments and time left."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale
from flask_login import current_user

from engine.words.terms import DOCUMENTS, LEVELS, MODES, OUTCOMES, ROLES, SEVERITIES, STAGES, Term
from webui.request import now
from webui.translations.compile import CATALOGUES, LANGUAGES, compiled

COOKIE = "language"
NEAR = 0.8


class Named(Protocol):
    """Units, officers, elements, tasks: whatever has a name in both languages."""

    @property
    def name(self) -> str: ...

    @property
    def name_en(self) -> str: ...


def prepare(app: Flask) -> None:
    rooms = compiled()
    app.config.update(
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE=app.config["ZONE"],
        # One domain per room; Flask-Babel pairs each with a directory and merges them.
        BABEL_DOMAIN=";".join(rooms) or "messages",
        BABEL_TRANSLATION_DIRECTORIES=";".join([str(CATALOGUES)] * max(1, len(rooms))),
    )
    Babel(app, locale_selector=language)
    app.jinja_env.globals.update(
        language=language, say=say, named=named, now=now, moment_text=moment_text, day_text=day_text, due_text=due_text,
        left_text=left_text, near_of=near_of, yes_no=yes_no,
        light=light, stage_name=stage_name, role_name=role_name, level_name=level_name, document_name=document_name,
        outcome_name=outcome_name, severity_name=severity_name, mode_name=mode_name,
    )  # fmt: skip


def language() -> str:
    """The officer's choice on this machine, else the officer's own language, else the browser's."""
    if not has_request_context():
        return "zh"
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    if not g.get("plain") and current_user and current_user.is_authenticated:
        return current_user.officer.locale if current_user.officer.locale in LANGUAGES else "zh"
    return request.accept_languages.best_match(LANGUAGES, "zh") or "zh"


def say(zh: str, en: str) -> str:
    """The one of two texts that the page's language wants; where there is no English, the Chinese stays."""
    return en if en and str(get_locale()) == "en" else zh


def named(thing: Named | None) -> str:
    return say(thing.name, thing.name_en) if thing is not None else ""


def moment_text(moment: datetime | None) -> str:
    """A moment on the wall clock of the office (setting ZONE), to the minute."""
    if moment is None:
        return ""
    here = moment.astimezone(ZoneInfo(current_app.config["ZONE"]))
    return format_datetime(here, say("yyyy-MM-dd HH:mm", "d MMM yyyy, HH:mm"), tzinfo=here.tzinfo, locale="en_GB")


def due_text(due: datetime | None) -> str:
    """A deadline. Midnight belongs to the day that ends then: "2026-11-22 24:00", as deadlines are spoken of."""
    if due is None:
        return ""
    here = due.astimezone(ZoneInfo(current_app.config["ZONE"]))
    if (here.hour, here.minute) != (0, 0):
        return moment_text(due)
    return f"{day_text(here.date() - timedelta(days=1))}{say('', ',')} 24:00"


def day_text(day: date | None) -> str:
    return "" if day is None else format_date(day, say("yyyy-MM-dd", "d MMM yyyy"), locale="en_GB")


def left_text(due: datetime, at: datetime) -> str:
    """Time left or gone, in the very words the browser goes on counting with (frontend/src/app/countdown.ts)."""
    over, left = at > due, abs(due - at)
    hours, minutes = left.seconds // 3600, left.seconds % 3600 // 60
    parts = [say(f"{left.days}天", f"{left.days} d")] if left.days else []
    if hours:
        parts.append(say(f"{hours}小时", f"{hours} h"))
    if not left.days and hours < 10:
        parts.append(say(f"{minutes}分", f"{minutes} min"))
    text = say("", " ").join(parts)
    return say(f"超{text}", f"{text} over") if over else say(f"剩{text}", f"{text} left")


def near_of(due: datetime, start: datetime | None, near: datetime | None = None) -> datetime:
    """When the light turns yellow: as the clock says, else when four fifths of the time are gone."""
    if near is not None:
        return near
    return due - (due - start) * (1 - NEAR) if start is not None and start < due else due - timedelta(hours=4)


def light(due: datetime | None, at: datetime, start: datetime | None = None, near: datetime | None = None) -> str:
    """ok, near, over, or none where nothing is due."""
    if due is None:
        return "none"
    if at >= due:
        return "over"
    return "near" if at >= near_of(due, start, near) else "ok"


def stage_name(code: str) -> str:
    return _term(STAGES, code)


def role_name(code: str) -> str:
    return _term(ROLES, code)


def level_name(level: int) -> str:
    return _term(LEVELS, level)


def document_name(code: str) -> str:
    return _term(DOCUMENTS, code)


def outcome_name(code: str) -> str:
    return _term(OUTCOMES, code)


def severity_name(code: str) -> str:
    return _term(SEVERITIES, code)


def mode_name(code: str) -> str:
    return _term(MODES, code)


def yes_no(value: bool) -> str:
    return say("是", "Yes") if value else say("否", "No")


def _term(terms: dict[Any, Term], code: Any) -> str:
    """A code the glossary does not know is shown as it is: a diagram may bring its own stages."""
    term = terms.get(code)
    return say(term.zh, term.en) if term is not None else str(code)
