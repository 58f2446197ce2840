"""Many rows or keys as one JSON parameter: one statement, however many they are.

In a list of parameters each row costs SQLAlchemy tens of microseconds, and costs SQLite's thread a
turn of waiting for the interpreter. For a list of tuples SQLite before 3.41 uses no index at all.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Select,
    String,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
)

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
    return [cast(value.op("->>")(_text(c.name)), c.type) for c in columns]


def taken(dialect: str, query: Select[Any]) -> Select[Any]:
    """One text instead of rows: a JSON list of objects, or NULL for none."""
    rows = query.subquery("taken").c
    if dialect == "sqlite":
        pairs = [(_text(column.name), _sqlite_value(column)) for column in rows]
        return select(func.json_group_array(func.json_object(*chain(*pairs))))
    pairs = [(_text(column.name), column) for column in rows]
    return select(cast(func.json_agg(func.json_build_object(*chain(*pairs))), Text))


def encode(rows: Sequence[msgspec.Struct | dict[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()


def _sqlite_field(value: ColumnElement[Any], column: Column[Any]) -> ColumnElement[Any]:
    field: ColumnElement[Any] = func.json_extract(value, _text(f"$.{column.name}"))
    if not isinstance(column.type, UTCTime):
        return field
    bare = func.replace(func.replace(field, _text("T"), _text(" ")), _text("Z"), _text(""))
    return func.substr(bare.op("||")(_text(".000000")), literal_column("1"), literal_column("26"))


def _sqlite_value(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """UTCTime's text as JSON has it."""
    is_time = isinstance(column.type, UTCTime)
    return type_coerce(column, String).op("||")(_text("Z")) if is_time else column


def _text(text: str) -> ColumnElement[Any]:
    """A constant. As a parameter it would be handed over with every execution."""
    return literal_column(f"'{text}'")
