"""From a letter to the bytes that a mail server takes. Pure.

Headers are built from the outside in: each value is encoded first and never parsed again, so that
neither a line's end nor an encoded word in somebody's name can become a header.
"""

import re
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, parseaddr

from msgspec import Struct

from chatserver.features.mail.model import Letter
from chatserver.mail import is_address, line

WIRE = compat32.clone(linesep="\r\n")
_PLAIN = re.compile(r"[A-Za-z0-9 ]+")


class Sender(Struct, frozen=True):
    """Whom our mails come from. The name may be empty."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def sender_of(text: str) -> Sender:
    """Of `chat@shop.example` or `Shop <chat@shop.example>`. Raises ValueError."""
    name, address = parseaddr(text)
    if text != line(text) or not is_address(address):
        raise ValueError("write it as chat@shop.example or Shop <chat@shop.example>")
    return Sender(name, address)


def message_id(letter_id: str, sender: Sender) -> str:
    return f"<{letter_id}@{sender.domain}>"


def to_bytes(letter: Letter, sender: Sender) -> bytes:
    """The same bytes for the same letter, however often it is sent."""
    message = _content(letter)
    message["From"] = _from(sender)
    message["To"] = letter.recipient
    message["Subject"] = _encoded(letter.subject).encode()
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        message[name] = value
    return message.as_bytes(policy=WIRE)


def _content(letter: Letter) -> Message:
    plain = _part(letter.text, "plain")
    if not letter.html:
        return plain
    # A fixed boundary: it must not differ between two tries. No body can hold it, for `=` is
    # always written as `=3D` there.
    both = MIMEMultipart("alternative", boundary=f"=_{letter.id}")
    both.attach(plain)
    both.attach(_part(letter.html, "html"))
    return both


def _part(text: str, kind: str) -> Message:
    charset = Charset("utf-8")
    charset.body_encoding = QP
    part = MIMENonMultipart("text", kind, charset="utf-8")
    part.set_payload(text, charset)
    return part


def _from(sender: Sender) -> str:
    if not sender.name:
        return sender.address
    plain = _PLAIN.fullmatch(sender.name)
    name = sender.name if plain else Header(sender.name, "utf-8", header_name="From").encode()
    return f"{name} <{sender.address}>"


def _encoded(text: str) -> Header:
    """Text that looks like an encoded word is encoded itself, and so shown as it was written."""
    is_plain = text.isascii() and "=?" not in text
    return Header(text, "us-ascii" if is_plain else "utf-8", header_name="Subject")
