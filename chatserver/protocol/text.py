"""What counts as the content of a message. Pure."""

from collections.abc import Sequence
from unicodedata import category

from chatserver.errors import BadRequest, BadText, TextEmpty, TextTooLong
from chatserver.protocol.shared import Limits


def check_message(text: str, files: Sequence[str], limits: Limits) -> tuple[str, tuple[str, ...]]:
    """The text, which may be empty beside files, and the files. Raises BadRequest for too many
    files or the same one twice, else as `check_text`."""
    if len(files) > limits.files:
        raise BadRequest(f"at most {limits.files} files in a message")
    if len(set(files)) < len(files):
        raise BadRequest("a message carries a file once")
    is_without_words = files and not text.strip()
    return "" if is_without_words else check_text(text, limits.text_chars), tuple(files)


def check_text(text: str, limit: int) -> str:
    """The text without white space at its end. Raises TextEmpty, TextTooLong or BadText.

    `limit` counts code points. NUL and lone surrogates cannot be stored everywhere and are refused;
    other control characters but line break and tab are dropped.
    """
    text = text.replace("\r\n", "\n").rstrip()
    if len(text) > limit:
        raise TextTooLong(f"at most {limit} characters")
    text = text if text.isprintable() else _without_controls(text)
    if not text.strip():
        raise TextEmpty
    return text


def _without_controls(text: str) -> str:
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text):
        raise BadText
    return "".join(c for c in text if c in "\n\t" or category(c) != "Cc").rstrip()


def check_client_id(client_id: str) -> str:
    """Raises BadText unless it is 1 to 64 visible ASCII characters."""
    if not (1 <= len(client_id) <= 64 and client_id.isascii() and client_id.isprintable()):
        raise BadText("client_id needs 1 to 64 visible ASCII characters")
    return client_id
