"""The words of our own pages: one JSON file per language, of the house and of each slice."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

LANGUAGES = ("en", "zh-CN", "zh-TW")
DEFAULT = "en"
ACCEPT_CHARS = 500
# Where Chinese is written in traditional characters, unless a tag names the script itself.
TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})

Translate = Callable[..., str]
_PLACE = re.compile(r"\{(\w+)\}")


class Words:
    """Reads the catalogues once; a later folder adds its words to the earlier ones."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._catalogues: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
        for folder in folders:
            for language in LANGUAGES:
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


def choose(asked: str | None, preferred: str | None, accept: str) -> str:
    """The language of a page: what the address asks for, what the person chose, what the browser
    likes."""
    for tag in (asked, preferred, *_accepted(accept)):
        if language := nearest(tag):
            return language
    return DEFAULT


def nearest(tag: str | None) -> str | None:
    """The language of ours that serves a tag: en-GB by en, zh-HK by zh-TW, zh-SG by zh-CN."""
    wanted = _written(tag or "")
    return next((language for language in LANGUAGES if _written(language) == wanted), None)


def _written(tag: str) -> str:
    """What a reader of a tag reads: its language, and of Chinese its script. The front ends
    decide likewise (widget/src/text/text.ts)."""
    language, *rest = tag.strip().replace("_", "-").lower().split("-")
    if language != "zh":
        return language
    traditional = "hans" not in rest and not TRADITIONAL.isdisjoint(rest)
    return "zh-hant" if traditional else "zh-hans"


def _accepted(header: str) -> list[str]:
    weighed = [part.strip().partition(";q=") for part in header[:ACCEPT_CHARS].split(",")]
    return [tag for tag, _, _ in sorted(weighed, key=lambda part: -_weight(part[2]))]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
