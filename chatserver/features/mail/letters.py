"""The mails we write ourselves: plain text and HTML from templates, in the reader's language.

Only our templates are templates. What people wrote comes in as values, is escaped in the HTML, and
is never evaluated. Nothing is loaded from anywhere: no picture, no sheet, no font.
"""

from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chatserver.mail import Answer, Mail, line
from chatserver.web.languages import VISITOR_TEXT, Words, direction

HERE = Path(__file__).parent
# Enough to know which message is meant.
QUOTE_CHARS = 120


class Letters:
    """Renders `templates/NAME.txt` and `templates/NAME.html` around the same values."""

    def __init__(self) -> None:
        self._words = Words([HERE / "text", HERE / VISITOR_TEXT])
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=lambda name: not (name or "").endswith(".txt"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(
        self, kind: str, to: str, language: str, answers: Iterable[Answer] = (), **values: str
    ) -> Mail:
        """The mail of a kind, say `invitation`: subject, plain text, HTML."""
        t = self._words.translator(language)
        plain = {name: line(value) for name, value in values.items()}
        shared = {
            "t": t,
            "language": language,
            "direction": direction(language),
            **plain,
            "answers": [_tidy(a) for a in answers],
        }
        return Mail(
            kind=kind,
            to=to,
            subject=t(f"mail.{kind}.subject", **plain),
            text=self._environment.get_template(f"{kind}.txt").render(shared),
            html=self._environment.get_template(f"{kind}.html").render(shared),
        )


def _tidy(answer: Answer) -> dict[str, object]:
    """What a person wrote keeps its lines, and nothing that hides or turns them around."""
    lines = [line(text) for text in answer.text.splitlines()]
    files = [line(name) for name in answer.files]
    quote = _cut(line(" ".join(answer.quote.split())))
    return {"name": line(answer.name), "lines": lines, "files": files, "quote": quote}


def _cut(text: str) -> str:
    return text if len(text) <= QUOTE_CHARS else f"{text[:QUOTE_CHARS]}…"
