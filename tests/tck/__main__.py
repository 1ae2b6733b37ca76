"""`python -m tests.tck FOLDER`: how many of the TCK's test cases come out right, by level and label, and which do not.

FOLDER is `TestCases` of https://github.com/dmn-tck/tck, or one folder in it.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from tests.tck.cases import Case, cases_in

_LEVELS = ("compliance-level-2", "compliance-level-3", "non-compliant")


def main(folder: Path) -> int:
    began = time.monotonic()
    levels = [folder / level for level in _LEVELS if (folder / level).is_dir()] or [folder]
    wrong = 0
    for level in levels:
        found = list(cases_in(level))
        report(level.name, found)
        wrong += sum(1 for case in found if case.wrong) if level.name != "non-compliant" else 0
    print(f"\n{time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


def report(level: str, cases: list[Case]) -> None:
    right = [case for case in cases if not case.wrong]
    print(f"\n{level}: {len(right)} of {len(cases)} test cases ({_share(len(right), len(cases))})\n")
    every = Counter(label for case in cases for label in case.labels)
    good = Counter(label for case in right for label in case.labels)
    for label, count in sorted(every.items()):
        print(f"  {label:<45} {good[label]:>5} / {count:<5} {_share(good[label], count)}")
    for case in cases:
        for sentence in case.wrong:
            print(f"  wrong: {case.file} {case.id} {sentence}"[:400])


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
