"""Writes docs/settings.md from the settings themselves, docs/metrics.md from the catalogue of
metrics, and the list of the widget's texts: `python -m tests.support.manual`."""

import dataclasses
from pathlib import Path

from chatserver.config import PREFIX, RESERVED, Settings
from chatserver.features.metrics.catalogue import CATALOGUE, Metric
from chatserver.features.metrics.catalogue import PREFIX as METRIC
from tests.support import text_keys

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"

METRICS_PAGE = PAGE.with_name("metrics.md")

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


METRICS_HEAD = """\
# Metrics

<!-- Made from chatserver/features/metrics by `.venv/bin/python -m tests.support.manual`; never
edit. -->

For Prometheus, or whatever reads its format. Shut by default; open one of two doors:

```sh
CHATSERVER_METRICS_PORT=9100 chatserver serve   # http://127.0.0.1:9100/metrics
CHATSERVER_METRICS_TOKEN=… chatserver serve     # /metrics, with `Authorization: Bearer …`
```

With a token both doors ask for it; for other addresses than 127.0.0.1 there is
`CHATSERVER_METRICS_HOST`. Numbers hold no words, names or addresses of people. What only the
database knows (log, timers, dead
letters, mails) is left out while it does not answer; `chatserver_database_up` is 0 then. Every node
counts for itself since it started; what is stored is the same on all of them. `process_…` (memory,
processor time, open files) come with the library, on Linux.

Worth an alarm: `database_up` 0 · a `storage_trouble` · `bus_degraded` 1 for a minute ·
`commit_seconds` above 0.25 s or `commit_waiting` above 1,000 · `runner_lag` above 1,000 for a
minute, or no node with `runner_holds_lease` · `dead_letters` or `task_crashes` that grow ·
`mail_waiting_seconds` above 3,600 · `timers_late_seconds` above 60 · `tail_age_seconds` above
30 · `loop_lag_seconds` above 0.25 s · `connections` near `connections_limit` · `backup_failed`
1 · `database_pool_waiting` above 0 for a minute · little `disk_free_bytes`.
"""


def metrics_page() -> str:
    rows = ["| metric | kind | labels | meaning |", "|---|---|---|---|", *map(_metric, CATALOGUE)]
    return METRICS_HEAD + "\n" + "\n".join(rows) + "\n"


def _metric(metric: Metric) -> str:
    name = METRIC + metric.name + ("_total" if metric.kind == "counter" else "")
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{name}` | {metric.kind} | {labels} | {_cell(metric.doc)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(settings_page(), encoding="utf-8")
    METRICS_PAGE.write_text(metrics_page(), encoding="utf-8")
    text_keys.MODULE.write_text(text_keys.module(), encoding="utf-8")
