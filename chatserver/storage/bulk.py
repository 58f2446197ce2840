"""Many rows or keys as one JSON parameter: one statement, however many they are.

In a list of parameters each row costs SQLAlchemy tens of microseconds, and costs SQLite's thread a
turn of waiting for the interpreter. For a list of tuples SQLite before 3.41 uses no index at all.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import JSON, Column, ColumnElement, String, bindparam, cast, func

from chatserver.storage.schema import UTCTime

DIALECTS = ("sqlite", "postgresql")
# The parameter that holds what `encode` returns.
GIVEN = "given"


def given(dialect: str, columns: Iterable[Column[Any]]) -> list[ColumnElement[Any]]:
    """A table of the rows in the parameter: for each of `columns` the field of the same name."""
    rows = bindparam(GIVEN, type_=String)
    if dialect == "sqlite":
        value = func.json_each(rows).table_valued("value", name="given").c.value
        return [_sqlite_field(value, column) for column in columns]
    value = func.json_array_elements(cast(rows, JSON)).table_valued("value", name="given").c.value
    return [cast(value.op("->>")(column.name), column.type) for column in columns]


def encode(rows: Sequence[msgspec.Struct | dict[str, str]]) -> str:
    return msgspec.json.encode(rows).decode()


def _sqlite_field(value: ColumnElement[Any], column: Column[Any]) -> ColumnElement[Any]:
    field: ColumnElement[Any] = func.json_extract(value, f"$.{column.name}")
    if not isinstance(column.type, UTCTime):
        return field
    bare = func.replace(func.replace(field, "T", " "), "Z", "")
    return func.substr(bare.concat(".000000"), 1, 26)  # as UTCTime writes it
