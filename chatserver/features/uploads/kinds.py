"""Which files are taken, and whether one is what its name says. Reads content, never unpacks it:
an archive stays closed here, so that a bomb in it has nowhere to go off."""

from collections.abc import Iterable
from pathlib import Path

import puremagic
from msgspec import Struct

from chatserver.errors import FileType, Invalid

# Enough for every signature, for the first entries of an archive and for the table at its end.
PIECE = 65536
TEXT = "text"
# Control characters that no text holds; NUL is among them, so no program passes for a text.
_NOT_IN_TEXTS = bytes({*range(32), 127} - set(b"\t\n\r\f\x1b"))
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Kind(Struct, frozen=True):
    """A type, the signatures (as puremagic names them) of which one must be there, and what must
    stand somewhere in the first or last piece."""

    type: str
    signs: frozenset[str]
    holds: tuple[bytes, ...] = ()


def _kind(media_type: str, *signs: str, holds: tuple[bytes, ...] = ()) -> Kind:
    return Kind(media_type, frozenset(signs), holds)


def _office(media_type: str, folder: bytes) -> Kind:
    full = f"application/vnd.openxmlformats-officedocument.{media_type}"
    return _kind(full, ".docx", holds=(b"[Content_Types].xml", folder))


def _open_document(name: str) -> Kind:
    full = f"application/vnd.oasis.opendocument.{name}"
    return _kind(full, ".docx", ".odt", holds=(b"mimetype" + full.encode(),))


PICTURES = {
    "PNG": ("image/png", ".png"),
    "JPEG": ("image/jpeg", ".jpg"),
    "GIF": ("image/gif", ".gif"),
    "WEBP": ("image/webp", ".webp"),
}
# One kind for all pictures: people name them wrongly, and each is drawn anew as what it is.
PICTURE = _kind("image/*", ".png", ".jpg", ".jpeg", ".jfif", ".jpe", ".gif", ".webp")
KINDS: dict[str, Kind] = {
    ".png": PICTURE,
    ".jpg": PICTURE,
    ".jpeg": PICTURE,
    ".gif": PICTURE,
    ".webp": PICTURE,
    ".pdf": _kind("application/pdf", ".pdf"),
    ".txt": _kind("text/plain", TEXT),
    ".log": _kind("text/plain", TEXT),
    ".md": _kind("text/markdown", TEXT),
    ".csv": _kind("text/csv", TEXT),
    ".docx": _office("wordprocessingml.document", b"word/"),
    ".xlsx": _office("spreadsheetml.sheet", b"xl/"),
    ".pptx": _office("presentationml.presentation", b"ppt/"),
    ".odt": _open_document("text"),
    ".ods": _open_document("spreadsheet"),
    ".odp": _open_document("presentation"),
    ".doc": _kind("application/msword", ".doc"),
    ".xls": _kind("application/vnd.ms-excel", ".doc"),
    ".ppt": _kind("application/vnd.ms-powerpoint", ".doc"),
    ".zip": _kind("application/zip", ".docx", ".zip"),
    ".mp3": _kind("audio/mpeg", ".mp3", ".mpga"),
    ".m4a": _kind("audio/mp4", ".m4a"),
    ".wav": _kind("audio/wav", ".wav"),
    ".ogg": _kind("audio/ogg", ".ogg"),
    ".mp4": _kind("video/mp4", ".mp4"),
    ".mov": _kind("video/quicktime", ".mov"),
    ".webm": _kind("video/webm", ".webm"),
}


def check_endings(endings: Iterable[str]) -> frozenset[str]:
    """The endings of the setting. Raises Invalid for one whose content we could not tell."""
    accepted = frozenset(endings)
    if unknown := sorted(accepted - KINDS.keys()):
        raise Invalid(
            f"CHATSERVER_UPLOAD_TYPES: {', '.join(unknown)} cannot be told by content;"
            f" known are {' '.join(KINDS)}"
        )
    return accepted


def identify(path: Path, ending: str) -> Kind:
    """The kind that this ending stands for, when the content is of it. Raises FileType. Blocks."""
    kind = KINDS[ending]
    if TEXT in kind.signs:
        return _text(path, kind)
    head, tail = _ends(path)
    found = {match.extension for match in _matches(head)}
    if not found & kind.signs or any(part not in head and part not in tail for part in kind.holds):
        raise FileType(f"the content is not of the type {ending}")
    return kind


def _matches(head: bytes) -> list[puremagic.PureMagicWithConfidence]:
    try:
        return puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # unknown, or empty
        return []


def _ends(path: Path) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        head = file.read(PIECE)
        file.seek(max(0, path.stat().st_size - PIECE))
        return head, file.read(PIECE)


def _text(path: Path, kind: Kind) -> Kind:
    """Any encoding: people's tables come in all of them. UTF-16 says so itself."""
    with path.open("rb") as file:
        if file.read(2) in _UTF16:
            return kind
        file.seek(0)
        while piece := file.read(PIECE):
            if len(piece.translate(None, _NOT_IN_TEXTS)) < len(piece):
                raise FileType("this is no text")
    return kind
