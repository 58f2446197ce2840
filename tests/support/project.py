"""Somebody's front end that uses the npm package: compiled, bundled and rendered by node."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import hatch_build

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
CI = bool(os.environ.get("CI"))
PACKAGE = "chatserver-widget"
CONFIG = """
export default {
  logLevel: "warn",
  build: {
    emptyOutDir: false,
    minify: false,
    rolldownOptions: {
      input: process.env.ENTRY,
      output: { entryFileNames: "[name].js" },
    },
  },
};
"""


def require_node() -> None:
    if not hatch_build.find_npm() or not MODULES.exists():
        reason = "this needs node and the packages of the front ends"
        pytest.fail(reason) if CI else pytest.skip(reason)


def node() -> str:
    npm = hatch_build.find_npm()
    assert npm is not None
    return npm[0] if "node" in Path(npm[0]).name else "node"


@dataclass
class Project:
    """`package` is what `npm run package` has made, beside what the front ends of this checkout
    depend on. Built for development, where React mounts everything twice."""

    folder: Path

    @property
    def package(self) -> Path:
        return self.folder / "node_modules" / PACKAGE

    def add(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).write_text(text)

    def bundle(self, entry: str) -> str:
        """The module that a browser gets."""
        self._vite(entry, "--outDir", "dist")
        return (self.folder / "dist" / f"{Path(entry).stem}.js").read_text()

    def render(self, entry: str) -> str:
        """What this module prints on the server."""
        self._vite(entry, "--ssr", "--outDir", "server")
        return self.run(f'import "./server/{Path(entry).stem}.js";')

    def run(self, script: str) -> str:
        """What node prints."""
        return self._call([node(), "--input-type=module"], script)

    def compile(self) -> None:
        """Fails with what the compiler has to say."""
        options = {"noEmit": True, "jsx": "react-jsx", "types": []}
        config = {"extends": str(ROOT / "tsconfig.base.json"), "compilerOptions": options}
        self.add({"tsconfig.json": json.dumps(config)})
        self._call([str(MODULES / ".bin" / "tsc"), "-p", "."])

    def _vite(self, entry: str, *how: str) -> None:
        vite = str(MODULES / "vite" / "bin" / "vite.js")
        self._call([node(), vite, "build", *how], ENTRY=entry)

    def _call(self, command: list[str], written: str = "", **more: str) -> str:
        done = subprocess.run(
            command,
            cwd=self.folder,
            input=written,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NODE_ENV": "development", **more},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def make_project(folder: Path) -> Project:
    """Tests of other files may be making the package too, in the same place."""
    require_node()
    project = Project(folder)
    (ROOT / "dist").mkdir(exist_ok=True)
    with (ROOT / "dist" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = ["hatch_build.py", "npm", "run", "package", "--workspace", "widget"]
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
        shutil.copytree(ROOT / "dist" / "npm", project.package)
    for path in MODULES.iterdir():
        if not path.name.startswith("."):
            (project.package.parent / path.name).symlink_to(path)
    project.add({"vite.config.mjs": CONFIG, "package.json": '{"type": "module"}'})
    return project
