"""All tables of the house, whoever defines them."""

import importlib
import pkgutil

from sqlalchemy import Table

import chatserver
from chatserver.storage.schema import metadata


def all_tables() -> dict[str, Table]:
    """Imports every module that may define a table: one whose name ends in `store` or `schema`."""
    for module in pkgutil.walk_packages(chatserver.__path__, "chatserver."):
        if module.name.endswith(("store", "schema")):
            importlib.import_module(module.name)
    return dict(metadata.tables)
