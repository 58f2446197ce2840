"""Which texts the widget has, for those who may replace them: from its English catalogues into
chatserver/identity/widget/text_keys.py. `python -m tests.support.manual` writes it."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "widget" / "src"
LAUNCHER = ROOT / "chatserver" / "features" / "embed" / "visitor_text" / "en.json"
MODULE = ROOT / "chatserver" / "identity" / "widget" / "text_keys.py"

HEAD = """\
\"\"\"The widget's texts and the places in each. Made from the widget's catalogues by
`.venv/bin/python -m tests.support.manual`; never edit. Pure.\"\"\"

from collections.abc import Mapping
from types import MappingProxyType

"""


def module() -> str:
    """The module's source."""
    entries = dict(sorted(catalogue().items()))
    rows = [f'        "{key}": "{" ".join(places(entry))}",' for key, entry in entries.items()]
    plurals = [f'        "{key}",' for key, entry in entries.items() if isinstance(entry, dict)]
    texts = ["TEXTS: Mapping[str, str] = MappingProxyType(", "    {", *rows, "    }", ")"]
    return HEAD + "\n".join([*texts, "PLURALS = frozenset(", "    (", *plurals, "    )", ")", ""])


def catalogue() -> dict[str, str | dict[str, str]]:
    """The English texts by the keys that a site's owner uses."""
    found: dict[str, str | dict[str, str]] = {}
    for path in sorted(WIDGET.rglob("text/en.json")):
        folder = path.parents[1]
        part = "" if folder == WIDGET else f"{folder.name}/"
        found |= {part + key: entry for key, entry in json.loads(path.read_text()).items()}
    launcher = json.loads(LAUNCHER.read_text())
    return found | {key.replace(".", "/", 1): text for key, text in launcher.items()}


def places(entry: str | dict[str, str]) -> list[str]:
    sentences = [entry] if isinstance(entry, str) else list(entry.values())
    return sorted({place for text in sentences for place in re.findall(r"\{(\w+)\}", text)})
