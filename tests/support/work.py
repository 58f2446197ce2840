"""What a piece of work costs the database, counted: statements, and the rows they return."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Work:
    """`queries`: what was asked, with its parameters."""

    statements: int = 0
    rows: int = 0
    queries: list[tuple[str, Any]] = field(default_factory=list)


@contextmanager
def counting() -> Iterator[Work]:
    """Counts what every engine of this process does meanwhile. SQLite only: there all rows of a
    query are there once it ran."""
    work = Work()

    def ran(_: Any, cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        work.statements += 1
        work.rows += len(getattr(cursor, "_rows", ()))
        work.queries.append((statement, parameters))

    event.listen(Engine, "after_cursor_execute", ran)
    try:
        yield work
    finally:
        event.remove(Engine, "after_cursor_execute", ran)
