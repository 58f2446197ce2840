"""Loaders by their content: a page can name one exactly, check it by its hash, and get the same for
as long as the data folder remembers it, over upgrades too."""

import base64
import hashlib
import re
import tempfile
from pathlib import Path

from msgspec import Struct

from chatserver.errors import NotFound, Unavailable
from chatserver.web.static import ENCODINGS, Assets

# Of SHA-384, in hexadecimal: enough to say which file it is. That nobody changed it, `integrity`
# says.
MARK_CHARS = 16
_MARK = re.compile(rf"[0-9a-f]{{{MARK_CHARS}}}")


class Pinned(Struct, frozen=True):
    """`integrity` is what a script tag takes."""

    mark: str
    path: str
    integrity: str
    bytes: int


def pinned(content: bytes) -> Pinned:
    digest = hashlib.sha384(content)
    mark = digest.hexdigest()[:MARK_CHARS]
    return Pinned(
        mark=mark,
        path=f"/widget-{mark}.js",
        integrity=f"sha384-{base64.b64encode(digest.digest()).decode()}",
        bytes=len(content),
    )


class Loaders:
    """`folder` holds those that were asked for by name once; there are a few in a year."""

    def __init__(self, folder: Path, assets: Assets) -> None:
        self._folder = folder
        self._built = assets.place("widget", "loader.js")

    def current(self) -> Pinned:
        """Raises Unavailable when the widget was not built."""
        return pinned(self._read())

    def find(self, mark: str) -> Path:
        """The file, from now on kept. Raises NotFound."""
        if not _MARK.fullmatch(mark):
            raise NotFound
        kept = self._folder / f"{mark}.js"
        if not kept.is_file():
            content = self._read()
            if pinned(content).mark != mark:
                raise NotFound
            try:
                self._keep(kept, content)
            except OSError:  # a folder nobody may write to: it serves until the next upgrade
                return self._built
        return kept

    def _read(self) -> bytes:
        try:
            return self._built.read_bytes()
        except OSError as error:
            raise Unavailable("the widget is not built; run `make run`") from error

    def _keep(self, kept: Path, content: bytes) -> None:
        """With its packed forms before it: whoever finds the file finds them too."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for _, suffix in ENCODINGS:
            packed = self._built.with_name(self._built.name + suffix)
            if packed.is_file():
                _write(kept.with_name(kept.name + suffix), packed.read_bytes())
        _write(kept, content)


def _write(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
