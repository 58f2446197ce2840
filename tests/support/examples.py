"""The examples of the manual, taken from its pages as they stand there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.MULTILINE | re.DOTALL
ORIGIN = "https://chat.example.com"


def page_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def examples(page: str, language: str, *, below: str = "") -> list[str]:
    """Those of a page of this repository; from that heading to the next alone, if one is named."""
    text = page_of(page)
    if below:
        part = re.search(rf"^{re.escape(below)}\n(.*?)(?=^#+ |\Z)", text, BLOCK)
        assert part is not None, f"{page} has no {below!r}"
        text = part[1]
    return re.findall(rf"^```{language}\n(.*?)^```", text, BLOCK)


def example(page: str, language: str, *, below: str = "") -> str:
    """The only one."""
    (found,) = examples(page, language, below=below)
    return found


def placed(text: str, origin: str, site: str) -> str:
    """With a service's address and a site's key in the place of the made-up ones."""
    return text.replace(ORIGIN, origin).replace("PUBLIC_KEY", site)
