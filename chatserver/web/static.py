"""The built front ends and our own style sheet under /assets/…: compressed beforehand, kept for
ever under names that change with their content."""

import hashlib
import re
from email.utils import formatdate
from pathlib import Path

import msgspec
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from chatserver.errors import NotFound, Unavailable
from chatserver.identity.permissions import PUBLIC
from chatserver.web.routing import Call, Endpoint

HERE = Path(__file__).parent
BUILD = HERE.parent / "static" / "build"
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"
ENTRY = "src/main.tsx"
# File systems end at 255 bytes a name, the ending of a packed file included.
NAME_CHARS = 200
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
}
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")
# Vite's mark of content in a name: -XXXXXXXX before the ending.
_HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z0-9]+$")
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class Chunk(Struct, frozen=True):
    """What Vite's manifest says of one file."""

    file: str
    css: list[str] = []
    imports: list[str] = []


class Entry(Struct, frozen=True):
    """What a page must load to start a front end, as paths of ours."""

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]


class Assets:
    """Finds files and negotiates their encoding. Nothing is kept: a rebuild shows at once."""

    def __init__(self, build: Path = BUILD, pages: Path = HERE / "static") -> None:
        self._folders = {
            "widget": build / "widget",
            "agent": build / "agent",
            "pages": pages,
        }

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (Endpoint("GET", "/assets/{app}/{name:path}", PUBLIC, self._serve),)

    def entry(self, app: str, *, soon: str = "") -> Entry:
        """`soon`: a source file that the page will ask for first of all, so that it need not wait
        to be asked for. Raises Unavailable when the front end was not built."""
        try:
            text = (self._folders[app] / "manifest.json").read_bytes()
            manifest = msgspec.json.decode(text, type=dict[str, Chunk])
            first = manifest[ENTRY]
        except (OSError, KeyError, msgspec.MsgspecError) as error:
            raise Unavailable(f"the front end '{app}' is not built; run `make run`") from error
        imported = _imports(manifest, first)
        wanted = manifest.get(soon)
        styles = dict.fromkeys(css for chunk in (first, *imported) for css in chunk.css)
        return Entry(
            script=f"/assets/{app}/{first.file}",
            styles=tuple(f"/assets/{app}/{name}" for name in styles),
            preloads=tuple(
                f"/assets/{app}/{chunk.file}" for chunk in (*imported, wanted) if chunk is not None
            ),
        )

    def place(self, app: str, name: str) -> Path:
        """Where a built file lies, if it was built."""
        return self._folders[app] / name

    def marked(self, app: str, name: str) -> str:
        """The path of a built file whose name stays, with its content's mark. Raises Unavailable
        when it was not built."""
        try:
            content = self.place(app, name).read_bytes()
        except OSError as error:
            raise Unavailable(f"'{name}' is not built; run `make run`") from error
        return f"/assets/{app}/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"

    def own(self, name: str) -> str:
        """The path of one of our own files, with its content's mark."""
        content = (self._folders["pages"] / name).read_bytes()
        return f"/assets/pages/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"

    async def _serve(self, call: Call) -> Response:
        app, name = call.request.path_params["app"], call.request.path_params["name"]
        is_for_ever = bool(_HASHED.search(name)) or "v" in call.request.query_params
        response = await self.file(call.request, app, name)
        response.headers["cache-control"] = FOR_EVER if is_for_ever else BRIEFLY
        # The widget's files are loaded by a frame on other people's sites.
        response.headers["cross-origin-resource-policy"] = "cross-origin"
        return response

    async def file(self, request: Request, app: str, name: str) -> Response:
        """One file, as small as the client takes it. Raises NotFound."""
        folder, suffix = self._folders.get(app), Path(name).suffix
        is_plain = len(name) <= NAME_CHARS and _NAME.fullmatch(name)
        if folder is None or suffix not in TYPES or not is_plain:
            raise NotFound
        return await self.send(request, folder / name)

    async def send(self, request: Request, path: Path) -> Response:
        """A file of ours whose name nobody else chose. Raises NotFound."""
        accepted = request.headers.get("accept-encoding", "")
        return await run_in_threadpool(_read, request, path, accepted)


def _read(request: Request, path: Path, accepted: str) -> Response:
    codings = {part.partition(";")[0].strip().lower() for part in accepted.split(",")}
    for coding, suffix in ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if coding in codings and packed.is_file():
            return _answer(request, packed, path.suffix, coding)
    if not path.is_file():
        raise NotFound
    return _answer(request, path, path.suffix, None)


def _answer(request: Request, path: Path, suffix: str, coding: str | None) -> Response:
    content = path.read_bytes()
    headers = {
        "etag": f'"{hashlib.sha256(content).hexdigest()[:24]}"',
        "last-modified": formatdate(path.stat().st_mtime, usegmt=True),
        "vary": "accept-encoding",
        "content-type": TYPES[suffix],
    }
    if coding:
        headers["content-encoding"] = coding
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers)


def _imports(manifest: dict[str, Chunk], first: Chunk) -> list[Chunk]:
    """What the first chunk needs at once, in the order found, each of them once."""
    found: dict[str, Chunk] = {}
    waiting = list(first.imports)
    while waiting:
        name = waiting.pop(0)
        if name in manifest and name not in found:
            found[name] = manifest[name]
            waiting.extend(manifest[name].imports)
    return list(found.values())
