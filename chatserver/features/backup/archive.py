"""The file of a backup: a compressed tar, readable by its owner only, that knows whether it is
whole. Blocks: call it in a thread."""

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from chatserver.errors import Rejected
from chatserver.features.backup.manifest import CHECKSUMS, FORMAT, MANIFEST, Manifest, may_hold

# Of what one reads at once, in bytes.
PIECE = 1 << 20
# Words and numbers shrink to a third at this level already; higher ones cost more than they save.
LEVEL = 4


def write(target: Path, manifest: Manifest, members: Iterator[tuple[str, Path]]) -> None:
    """Writes the archive under another name first: what has the right name is whole."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=LEVEL) as packed:
                _fill(packed, manifest, members)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> Manifest:
    """Writes the members below `folder` and compares them with their checksums. Raises Rejected."""
    found: dict[str, str] = {}
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                if not (member.isreg() and may_hold(member.name)):
                    raise Rejected(f"{source.name} holds {member.name!r}: this is no backup")
                content = archive.extractfile(member)
                assert content is not None  # isreg
                found[member.name] = _save(content, folder / member.name)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Rejected(f"{source.name} is no whole backup: {error}") from error
    except OSError as error:
        raise Rejected(f"cannot read {source}: {error.strerror or error}") from error
    _compare(source, folder, found)
    return _manifest(source, folder)


def _fill(packed: gzip.GzipFile, manifest: Manifest, members: Iterator[tuple[str, Path]]) -> None:
    with tarfile.open(fileobj=packed, mode="w") as archive:
        text = msgspec.json.encode(manifest)
        sums = {MANIFEST: _add(archive, MANIFEST, io.BytesIO(text), len(text))}
        for name, path in members:
            try:
                content = path.open("rb")
            except FileNotFoundError:  # deleted since it was listed
                continue
            with content:
                sums[name] = _add(archive, name, content, os.fstat(content.fileno()).st_size)
        text = msgspec.json.encode(sums)
        _add(archive, CHECKSUMS, io.BytesIO(text), len(text))


class _Hashed:
    """Reads a file and remembers its digest on the way."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = PIECE) -> bytes:
        data = self._content.read(size)
        self.digest.update(data)
        return data


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> str:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    hashed = _Hashed(content)
    archive.addfile(entry, hashed)
    return hashed.digest.hexdigest()


def _save(content: IO[bytes], target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hashed = _Hashed(content)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while data := hashed.read():
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return hashed.digest.hexdigest()


def _compare(source: Path, folder: Path, found: dict[str, str]) -> None:
    if CHECKSUMS not in found:
        raise Rejected(f"{source.name} is no whole backup: its end is missing")
    del found[CHECKSUMS]
    sums = msgspec.json.decode((folder / CHECKSUMS).read_bytes(), type=dict[str, str])
    wrong = [name for name in sums.keys() | found.keys() if sums.get(name) != found.get(name)]
    if wrong:
        raise Rejected(f"{source.name} is damaged: {', '.join(sorted(wrong)[:5])}")


def _manifest(source: Path, folder: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except msgspec.DecodeError as error:
        raise Rejected(f"{source.name} is no backup of this service: {error}") from error
    if manifest.format > FORMAT:
        raise Rejected(f"{source.name} was made by version {manifest.version}: install that first")
    return manifest
