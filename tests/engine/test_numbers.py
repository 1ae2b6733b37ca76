"""The number of a case is read as people write it; what is none is no case, and no error of the database."""

from __future__ import annotations

import pytest

from engine.words.numbers import LARGEST, case_id_of, number_of


@pytest.mark.parametrize("written", ["2026-000012", "2026-12", "2026000012", " 2026-000012 "])
def test_a_number_is_read_as_it_is_written(written: str) -> None:
    assert case_id_of(written) == 2026000012
    assert number_of(2026000012) == "2026-000012"


@pytest.mark.parametrize(
    "written", ["", "12", "2026-", "2026-1234567", "9999-999999", "２０２６-000012", "2026-x", "0000-0"]
)
def test_what_is_no_number_is_no_case(written: str) -> None:
    assert case_id_of(written) is None


def test_the_largest_is_what_a_table_keeps() -> None:
    assert case_id_of("2147-483647") == LARGEST
    assert case_id_of("2147-483648") is None
