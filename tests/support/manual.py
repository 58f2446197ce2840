"""Writes docs/settings.md from the settings themselves: `python -m tests.support.manual`."""

import dataclasses
from pathlib import Path

from chatserver.config import PREFIX, RESERVED, Settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"

KINDS = {str: "text", int: "whole number", float: "number"}

HEAD = """\
# Settings

<!-- Made from chatserver/config.py by `.venv/bin/python -m tests.support.manual`; never edit. -->

In the environment, with the prefix `CHATSERVER_`:

```sh
CHATSERVER_PUBLIC_URL=https://chat.example.com CHATSERVER_PORT=9000 .venv/bin/chatserver serve
```

Or in a TOML file, without the prefix and in lower case:

```toml
# chat.toml, for `chatserver serve --config chat.toml` or CHATSERVER_CONFIG=chat.toml
public_url = "https://chat.example.com"
port = 9000
```

Defaults come first, then the file, then the environment, then the command line's options: the later
one wins. Settings are read once, at start. A name that does not exist or a value of the wrong kind
stops the start and says why. `chatserver check` reads them and changes nothing.
"""

FOOT = """\

Some of them need a word more. With `CHATSERVER_REDIS_URL` several processes are one service: see
[nodes.md](nodes.md). PostgreSQL in `CHATSERVER_DATABASE_URL` is not ready for production.
`CHATSERVER_SECRET_KEY` may hold several keys, separated by commas, the newest first:
the first signs, all are believed.

Some variables are no settings of the service: `CHATSERVER_CONFIG` names the file,
`CHATSERVER_FRONTEND` (`auto`, `build`, `skip`) tells the build whether to make the widget and the
console, and what begins with `CHATSERVER_TEST_` is for the tests.
"""


def settings_table() -> str:
    """A row for every setting, in the order of `config.py`."""
    rows = ["| setting | kind | default | meaning |", "|---|---|---|---|"]
    for field in dataclasses.fields(Settings):
        default = f"`{field.default}`" if field.default != "" else "empty"
        name = f"`{PREFIX}{field.name.upper()}`"
        kind = KINDS[type(field.default)]
        rows.append(f"| {name} | {kind} | {default} | {_cell(field.metadata['doc'])} |")
    return "\n".join(rows) + "\n"


def settings_page() -> str:
    missing = [name for name in sorted(RESERVED) if name not in FOOT]
    if missing:
        raise ValueError(f"say in FOOT what {missing} are")
    return f"{HEAD}\n{settings_table()}{FOOT}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(settings_page(), encoding="utf-8")
