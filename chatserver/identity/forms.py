"""What a visitor is still to be asked, and what their answers are worth. Pure."""

from collections.abc import Iterable

from msgspec import Struct

from chatserver.errors import Invalid
from chatserver.identity.model import Profile, Visitor
from chatserver.identity.profiles import Said
from chatserver.identity.widget.forms import CHOICES, ConsentTo, Field, Forms
from chatserver.identity.words import email_address, one_line, person_name, phone_number

LINE_CHARS = 200
LINES_CHARS = 2000
YES = "yes"
# Kept with the visitor; all other answers are kept by the key of their field.
OWN = {"name": person_name, "email": email_address, "phone": phone_number}
OFFLINE = (Field("name", "name"), Field("email", "email", required=True))


class Ask(Struct, frozen=True):
    """What is left to be asked; `consent` None: nothing to agree to any more."""

    fields: tuple[Field, ...] = ()
    consent: ConsentTo | None = None

    @property
    def is_needed(self) -> bool:
        return bool(self.fields) or self.consent is not None


class Answers(Struct, frozen=True):
    """What a client sent, unchecked. `consent`: the version that was agreed to."""

    values: dict[str, str]
    consent: str | None = None


def to_ask(forms: Forms, visitor: Visitor, profile: Profile) -> Ask:
    """Before a chat. Who answered once, if with nothing, is not asked again."""
    if not forms.before:
        return Ask()
    return Ask(_unanswered(forms.fields, visitor, profile), _consent(forms, profile))


def to_ask_offline(forms: Forms, visitor: Visitor, profile: Profile) -> Ask:
    """Beside the message itself. An address is needed: the answer goes there."""
    return Ask(_unanswered(OFFLINE, visitor, profile), _consent(forms, profile))


def to_ask_a_stranger(forms: Forms) -> tuple[Ask, Ask]:
    """Before a chat and beside a message, of whom nothing is known yet."""
    consent = forms.consent if forms.consent.version else None
    return Ask(forms.fields, consent) if forms.before else Ask(), Ask(OFFLINE, consent)


def said(ask: Ask, answers: Answers) -> Said:
    """What is to be kept of a form. Raises Invalid, naming every field that is wrong: `required`,
    `too_long`, `unknown`, or what the kind of field says."""
    known = {field.key: field for field in ask.fields}
    problems = {key: "unknown" for key in answers.values if key not in known | OWN}
    clean: dict[str, str] = {}
    for key, field in known.items():
        try:
            clean[key] = _checked(field, answers.values.get(key, ""))
        except Invalid as error:
            problems |= error.fields
    if ask.consent is not None and answers.consent != ask.consent.version:
        problems["consent"] = "changed" if answers.consent else "required"
    if problems:
        raise Invalid("some fields of the form are wrong", fields=problems)
    own = {key: clean.get(key) or None for key in OWN}
    return Said(
        name=own["name"],
        email=own["email"],
        phone=own["phone"],
        answers=clean | {key: "" for key in OWN if key in clean},
        consent_version=ask.consent.version if ask.consent else None,
    )


def _unanswered(fields: Iterable[Field], visitor: Visitor, profile: Profile) -> tuple[Field, ...]:
    def is_known(field: Field) -> bool:
        if field.kind in OWN and getattr(visitor, field.kind):
            return True
        return field.key in profile.answers and not (field.kind in OWN and field.required)

    return tuple(field for field in fields if not is_known(field))


def _consent(forms: Forms, profile: Profile) -> ConsentTo | None:
    version = forms.consent.version
    return forms.consent if version and profile.consent_version != version else None


def _checked(field: Field, text: str) -> str:
    most = LINES_CHARS if field.kind == "multiline" else LINE_CHARS
    if len(text) > most:
        raise Invalid(fields={field.key: "too_long"})
    clean = _lines(text) if field.kind == "multiline" else one_line(text, most)
    if not clean:
        if field.required:
            raise Invalid(fields={field.key: "required"})
        return ""
    if field.kind in OWN:
        return OWN[field.kind](clean, field.key)
    if field.kind in CHOICES and clean not in field.options:
        raise Invalid(fields={field.key: "unknown"})
    if field.kind == "checkbox" and clean != YES:
        raise Invalid(fields={field.key: "unknown"})
    return clean


def _lines(text: str) -> str:
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(one_line(line, LINES_CHARS) for line in lines).strip()
