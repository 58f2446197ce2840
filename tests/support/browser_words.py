"""The words of both front ends in the language of a test, so that no test repeats them."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = {
    "widget": ROOT / "widget" / "src" / "text",
    "files": ROOT / "widget" / "src" / "view" / "files" / "text",
    "after": ROOT / "widget" / "src" / "view" / "after" / "text",
    "forms": ROOT / "widget" / "src" / "view" / "forms" / "text",
    "console": ROOT / "agent_ui" / "src" / "text",
    "absent": ROOT / "chatserver" / "features" / "absent" / "visitor_text",
    "pages": ROOT / "chatserver" / "web" / "text",
    "visitors": ROOT / "chatserver" / "web" / "visitor_text",
    "launcher": ROOT / "chatserver" / "features" / "embed" / "visitor_text",
}


class Words:
    """`words("sent")` is the text of that key; `{name}` and the like are filled in."""

    def __init__(self, part: str, language: str = "en") -> None:
        self.language = language
        raw = (CATALOGUES[part] / f"{language}.json").read_text(encoding="utf-8")
        self._texts: dict[str, Any] = json.loads(raw)

    def __call__(self, key: str, **values: object) -> str:
        text = self._texts[key]
        if isinstance(text, dict):
            text = text["one" if values.get("count") == 1 and "one" in text else "other"]
        return re.sub(r"\{(\w+)\}", lambda match: str(values[match[1]]), text)
