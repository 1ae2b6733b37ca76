"""Each kind of refusal has its code, and what is a kind of it has the same."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from engine.record.journal import _overtaken
from engine.words.errors import NotAllowed, NotFound, OutOfDate, Refusal
from webui.errors import code_of


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (NotFound("无", "none"), HTTPStatus.NOT_FOUND),
        (NotAllowed("不许", "no"), HTTPStatus.FORBIDDEN),
        (OutOfDate("晚了", "late"), HTTPStatus.CONFLICT),
        (_overtaken(), HTTPStatus.CONFLICT),
        (Refusal("不行", "no"), HTTPStatus.UNPROCESSABLE_ENTITY),
    ],
)
def test_a_refusal_has_its_code(refusal: Refusal, code: HTTPStatus) -> None:
    assert code_of(refusal) == code
