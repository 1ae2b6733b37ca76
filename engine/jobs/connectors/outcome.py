"""A try that came to nothing: why, whether another could ever help, and after what wait."""

from __future__ import annotations

from datetime import timedelta


class Failed(Exception):
    """`for_good`: trying again would not help until somebody changes something."""

    def __init__(self, why: str, *, for_good: bool = False, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.for_good = for_good
        self.after = after
