"""Many keys of several parts in one parameter, for `tuple_(…).in_(parts_of_keys(…))`.

The statement stays the same however many they are, and each is found by its index. SQLite before
3.41 reads the whole table for a list of tuples.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import JSON, Select, String, bindparam, cast, func, select

# The parameter that `encode` is for.
KEYS = "keys"


def parts_of_keys(dialect: str, count: int) -> Select[Any]:
    """Selects the parts of the keys that the statement is executed with."""
    if dialect == "sqlite":
        row = func.json_each(bindparam(KEYS, type_=String)).table_valued("value", name="wanted")
        return select(*(func.json_extract(row.c.value, f"$[{part}]") for part in range(count)))
    given = cast(bindparam(KEYS, type_=String), JSON)
    row = func.json_array_elements(given).table_valued("value", name="wanted")
    return select(*(row.c.value.op("->>")(part) for part in range(count)))


def encode(keys: Iterable[tuple[str, ...]]) -> str:
    return msgspec.json.encode(list(keys)).decode()
