"""A case's number, as "2026-000012": the year and a running number; in the tables both are one whole number."""

from __future__ import annotations

import re

# The largest a table keeps; whoever asks for more asks for no case.
LARGEST = 2_147_483_647
_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,6})|(\d{6}))", re.ASCII)


def number_of(case_id: int) -> str:
    return f"{case_id // 1_000_000}-{case_id % 1_000_000:06d}"


def case_id_of(number: str) -> int | None:
    """The id behind a number; None for what is none."""
    found = _WRITTEN.fullmatch(number.strip())
    id = int(found[1]) * 1_000_000 + int(found[2] or found[3]) if found else 0
    return id if 0 < id <= LARGEST else None
