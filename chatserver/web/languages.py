"""The words of our own pages: one JSON file per language, of the house and of each slice."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

# Of the console, and of the pages and mails for those who work with it.
LANGUAGES = ("en", "zh-CN", "zh-TW")
# Of everything that visitors see, each under its own name. The widget has the same.
VISITORS: Mapping[str, str] = MappingProxyType(
    {
        "en": "English",
        "zh-CN": "简体中文",
        "zh-TW": "繁體中文",
        "ja": "日本語",
        "ko": "한국어",
        "de": "Deutsch",
        "fr": "Français",
        "es": "Español",
        "pt-BR": "Português (Brasil)",
        "ru": "Русский",
        "ar": "العربية",
        "he": "עברית",
    }
)
RIGHT_TO_LEFT = frozenset({"ar", "he"})
# A folder of this name speaks all of them; any other one the first three.
VISITOR_TEXT = "visitor_text"
DEFAULT = "en"
ACCEPT_CHARS = 500
# Where Chinese is written in traditional characters, unless a tag names the script itself.
TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})

Translate = Callable[..., str]
_PLACE = re.compile(r"\{(\w+)\}")


class Words:
    """Reads the catalogues once; a later folder adds its words to the earlier ones."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._catalogues: dict[str, dict[str, str]] = {language: {} for language in VISITORS}
        for folder in folders:
            for language in VISITORS if folder.name == VISITOR_TEXT else LANGUAGES:
                file = folder / f"{language}.json"
                words = msgspec.json.decode(file.read_bytes(), type=dict[str, str])
                self._catalogues[language].update(words)

    def catalogue(self, language: str) -> dict[str, str]:
        return self._catalogues[language]

    def translator(self, language: str) -> Translate:
        """`t("sign_in.title", name=…)`; an unknown key is a bug and raises KeyError. A value is
        never looked at again, whatever braces it holds."""
        words = self._catalogues[language]

        def translate(key: str, /, **values: object) -> str:
            return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), words[key])

        return translate


def choose(
    asked: str | None, preferred: str | None, accept: str, among: Collection[str] = LANGUAGES
) -> str:
    """The language of a page: what the address asks for, what the person chose, what the browser
    likes."""
    return first((asked, preferred, *accepted(accept)), among)


def first(tags: Iterable[str | None], among: Collection[str]) -> str:
    """Of the first tag that one of these languages serves; English, when there is none."""
    served = (nearest(tag, among) for tag in tags)
    return next((language for language in served if language), DEFAULT)


def nearest(tag: str | None, among: Collection[str] = LANGUAGES) -> str | None:
    """The language that serves a tag: en-GB by en, pt by pt-BR, zh-HK by zh-TW, zh-SG by zh-CN."""
    wanted = _written(tag or "")
    return next((language for language in among if _written(language) == wanted), None)


def direction(language: str) -> str:
    """How it is written, as HTML's `dir` says it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _written(tag: str) -> str:
    """What a reader of a tag reads: its language, and of Chinese its script. The front ends
    decide likewise (widget/src/text/text.ts)."""
    language, *rest = tag.strip().replace("_", "-").lower().split("-")
    if language == "iw":  # how old Androids still call it
        return "he"
    if language != "zh":
        return language
    traditional = "hans" not in rest and not TRADITIONAL.isdisjoint(rest)
    return "zh-hant" if traditional else "zh-hans"


def accepted(header: str) -> list[str]:
    """The tags of an `Accept-Language`, the most wanted first."""
    weighed = [part.strip().partition(";q=") for part in header[:ACCEPT_CHARS].split(",")]
    return [tag for tag, _, _ in sorted(weighed, key=lambda part: -_weight(part[2]))]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
