"""Makes the catalogues readable for the program: `python -m webui.translations.compile`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent
LANGUAGES = ("zh", "en")


def compiled() -> list[str]:
    """Compiles what is older than its text; answers the names of all rooms that have one."""
    rooms: set[str] = set()
    for text in sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po")):
        rooms.add(text.stem)
        ready = text.with_suffix(".mo")
        if not ready.exists() or ready.stat().st_mtime_ns < text.stat().st_mtime_ns:
            _compile(text, ready)
    return sorted(rooms)


def _compile(text: Path, ready: Path) -> None:
    with text.open("rb") as opened:
        catalogue = read_po(opened, locale=text.parent.parent.name, domain=text.stem, abort_invalid=True)
    # Renamed into place: two processes that start at once never read half a catalogue.
    descriptor, beside = tempfile.mkstemp(dir=ready.parent, suffix=".mo~")
    with os.fdopen(descriptor, "wb") as opened:
        write_mo(opened, catalogue)
    os.replace(beside, ready)


if __name__ == "__main__":
    print(", ".join(compiled()))
