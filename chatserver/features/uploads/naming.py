"""What a file is called: in our table, and in the header that makes a browser save it. Pure."""

import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes

from chatserver.errors import Invalid

NAME_CHARS = 120
# A percent sign and two digits for each of the four bytes of a letter, for 300 letters.
HEADER_CHARS = 3600
ENDING_CHARS = 10
UNNAMED = "file"
# Not in a file name on some system; the percent sign because old browsers decode it.
_NOT_IN_NAMES = re.compile(r'[<>:"|?*%]')
# What Windows takes for a device, whatever stands behind its dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def read_name(header: str) -> str:
    """The name a client sends, as percent-encoded UTF-8. Raises Invalid; a name that is only odd is
    made plain."""
    if not header.isascii() or len(header) > HEADER_CHARS:
        raise Invalid(fields={"x-file-name": "unknown"})
    try:
        return plain_name(unquote_to_bytes(header).decode("utf-8"))
    except UnicodeError as error:
        raise Invalid(fields={"x-file-name": "unknown"}) from error


def plain_name(name: str) -> str:
    """The last part of a path, without what cannot be seen, turns the direction of writing or means
    something to a file system. The ending stays when a long name is cut."""
    name = re.split(r"[/\\]", name)[-1]
    name = unicodedata.normalize("NFC", name)
    name = "".join(" " if char.isspace() else char for char in name)
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    name = _NOT_IN_NAMES.sub("_", name)
    name = " ".join(name.split()).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= ENDING_CHARS:
        name = f"{stem[: NAME_CHARS - len(ending) - 1].rstrip(' .')}.{ending}"
    else:
        name = name[:NAME_CHARS].rstrip(" .")
    if not name or name.startswith("."):
        name = UNNAMED + name
    return f"_{name}" if _DEVICES.fullmatch(name) else name


def ending_of(name: str) -> str:
    """As `.png`; empty when there is none."""
    _, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot else ""


def with_ending(name: str, ending: str) -> str:
    """The same name for content of another kind: what is a picture is called like one."""
    if ending_of(name) == ending or (ending == ".jpg" and ending_of(name) == ".jpeg"):
        return name
    return f"{name[: name.rindex('.')] if '.' in name else name}{ending}"


def disposition(name: str, *, way: str) -> str:
    """RFC 6266: a plain name for all clients, the real one for nearly all. `way` is inline or
    attachment."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    if plain == name:
        return f'{way}; filename="{plain}"'
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
