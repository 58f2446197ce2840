"""Names and addresses as people type them, made safe to store and to show. Pure."""

import unicodedata

from chatserver.errors import Invalid
from chatserver.identity.origins import ascii_host

NAME_CHARS = 100
EMAIL_CHARS = 200
PHONE_CHARS = 40
# Never in the local part of an address that people really have; all of them bend mail headers.
_BAD_IN_EMAIL = frozenset('()<>[]:;,\\"@ ')
_IN_PHONE = frozenset("0123456789+-()./# ext")


def one_line(text: str, most: int) -> str:
    """The text without control, bidirectional and invisible characters, on one line, cut to `most`.

    Bidirectional marks would let a name rewrite the line it stands in.
    """
    spaced = "".join(" " if char.isspace() else char for char in text)
    visible = (char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    return " ".join("".join(visible).split())[:most].strip()


# Control, format (bidi, zero width), surrogate, private use, unassigned, line and paragraph ends.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def person_name(text: str, field: str = "name") -> str:
    """Raises Invalid when nothing is left or it is too long."""
    name = one_line(text, NAME_CHARS + 1)
    if not name:
        raise Invalid(fields={field: "required"})
    if len(name) > NAME_CHARS:
        raise Invalid(fields={field: "too_long"})
    return name


def email_address(text: str, field: str = "email") -> str:
    """The address in the one form we store and compare: NFKC, lower case, the domain in ASCII."""
    address = unicodedata.normalize("NFKC", text).strip().lower()
    if not address:
        raise Invalid(fields={field: "required"})
    if len(address) > EMAIL_CHARS:
        raise Invalid(fields={field: "too_long"})
    local, _, domain = address.rpartition("@")
    host = ascii_host(domain)
    if not _is_local_part(local) or host is None or ("." not in host and host != "localhost"):
        raise Invalid(fields={field: "not_an_email"})
    return f"{local}@{host}"


def phone_number(text: str, field: str = "phone") -> str:
    """As people write it, in plain digits. Nobody can tell from its form whether it exists."""
    number = one_line(unicodedata.normalize("NFKC", text), PHONE_CHARS + 1)
    if not number:
        raise Invalid(fields={field: "required"})
    if len(number) > PHONE_CHARS:
        raise Invalid(fields={field: "too_long"})
    digits = sum(char in "0123456789" for char in number)
    if digits < 4 or any(char not in _IN_PHONE for char in number):
        raise Invalid(fields={field: "not_a_phone"})
    return number


def _is_local_part(local: str) -> bool:
    fine = all(
        char not in _BAD_IN_EMAIL and unicodedata.category(char)[0] in "LMNPS" for char in local
    )
    return 0 < len(local) <= 64 and fine and not local.startswith(".") and not local.endswith(".")
