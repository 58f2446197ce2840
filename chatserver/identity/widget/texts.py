"""A site's own words in place of the widget's: any text, in any of its languages. Pure."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from chatserver.errors import Invalid
from chatserver.identity.widget.checks import Check, joined, words
from chatserver.identity.widget.text_keys import PLURALS, TEXTS

# What visitors are served in. There are words for each (`web/languages.py`).
LOCALES = ("en", "zh-CN", "zh-TW", "ja", "ko", "de", "fr", "es", "pt-BR", "ru", "ar", "he")
FORMS = frozenset(("zero", "one", "two", "few", "many", "other"))
# Longer than any of ours; what is to be said at length belongs on the page around.
TEXT_CHARS = 300
PLACE = re.compile(r"\{(\w+)\}")

# A sentence, or one for each plural form that is said differently.
Words = str | dict[str, str]


class Texts(Struct, frozen=True):
    """`own` is the words by language and key: `{"de": {"title": "Frag uns", "files/drop": …}}`. A
    key has the name of what is loaded later before it. What is missing is said in our words."""

    own: dict[str, dict[str, Words]] = {}


def _own(given: dict[str, dict[str, Words]]) -> dict[str, dict[str, Words]]:
    problems: dict[str, str] = {}
    clean: dict[str, dict[str, Words]] = {}
    for locale, texts in given.items():
        if locale not in LOCALES:
            problems[locale] = "unknown"
            continue
        kept = {key: text for key, text in _cleaned(locale, texts, problems) if text}
        if kept:
            clean[locale] = kept
    if problems:
        raise Invalid(fields=problems)
    return clean


def _cleaned(
    locale: str, texts: Mapping[str, Words], problems: dict[str, str]
) -> Iterator[tuple[str, Words]]:
    for key, text in texts.items():
        try:
            yield key, _text(key, text)
        except Invalid as error:
            problems |= {joined(locale, key, name): why for name, why in error.fields.items()}


def _text(key: str, text: Words) -> Words:
    if key not in TEXTS or isinstance(text, dict) != (key in PLURALS):
        raise Invalid(fields={"": "unknown"})
    if isinstance(text, str):
        return _sentence(key, text)
    if not text.keys() <= FORMS:
        raise Invalid(fields=dict.fromkeys(text.keys() - FORMS, "unknown"))
    forms = {form: _sentence(key, sentence, form) for form, sentence in text.items()}
    return {form: sentence for form, sentence in forms.items() if sentence}


def _sentence(key: str, text: str, form: str = "") -> str:
    """Plain text on one line. A place may be left out, but none made up: it would stay empty."""
    sentence = words(text)
    if len(sentence) > TEXT_CHARS:
        raise Invalid(fields={form: "too_long"})
    if not set(PLACE.findall(sentence)) <= set(TEXTS[key].split()):
        raise Invalid(fields={form: "unknown_place"})
    return sentence


CHECKS: Mapping[str, Check] = MappingProxyType({"own": _own})
