"""Facts about personal values: kept beside the case, read by somebody, deleted after their time. None holds a value."""

from __future__ import annotations

from engine.words.fixed import fixed


@fixed
class PersonalKept:
    """A value was put beside the case under the name `personal`; `digest` is the SHA-256 of its salt and itself."""

    personal: str
    field: str
    digest: str


@fixed
class PersonalRead:
    """Somebody has been shown these fields in full, and said what for. `way`: page · export · paper, and then which
    (`document`: its number)."""

    fields: list[str]
    reason: str
    way: str = "page"
    document: str = ""


@fixed
class PersonalDeleted:
    """The retention time `kept_for` after the end of the case is over: these values and their salts are gone."""

    personal: list[str]
    fields: list[str]
    kept_for: str
