"""Watches every statement that is executed: one on a tenant's table must name the tenant.

Reads what SQLAlchemy is about to compile, so no store can forget it and pass.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Delete, Join, Select, Table, Update
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, ColumnElement
from sqlalchemy.sql.schema import Column

# Columns that stand for the tenant: whoever knows such a value needs no workspace, or has not been
# told one yet. By table, with the reason.
INSTEAD = {
    "facts": {"position"},  # log.after: the runner and the tail read for all workspaces
    "timers": {"due_at", "slice"},  # the runner rings for all; (slice, key) is unique
    "sites": {"key"},  # public and unique in the installation: it is how a tenant is found
    "visitor_tokens": {"digest"},  # a bearer secret's digest: it says who somebody is
    "agent_tickets": {"digest", "expires_at"},  # the same; and the old ones of all are swept
    "sessions": {"digest", "seen_at"},  # the same
    "invitations": {"digest"},  # the same
    "resume_links": {"digest", "expires_at"},  # the same; and what ended is swept
    "mail_outbox": {"state"},  # how many wait is counted for the whole installation
    "files": {"created_at"},  # what nobody sent is swept in all workspaces
    "site_pictures": {"id"},  # random, and public as the website that shows it
    "agent_photos": {"id"},  # the same, and as whoever is talked with
    "memberships": {"person_id"},  # the sign-in asks in which workspaces a person is
}
# Statements of the tests themselves, and of whoever moves a whole database, that look at everything
# say so with this execution option.
EXEMPT = "all_tenants"


def missing_tenants(statement: Any) -> list[str]:
    """The tenants' tables that this statement reads or changes without naming the tenant."""
    return sorted(name for part in _parts(statement) for name in _missing(part))


def _missing(part: Any) -> set[str]:
    sources = [part.table] if isinstance(part, Update | Delete) else part.get_final_froms()
    joins = [join for source in sources for join in _joins(source)]
    conditions = [
        c for c in (part.whereclause, *(join.onclause for join in joins)) if c is not None
    ]
    comparisons = [pair for condition in conditions for pair in _comparisons(condition)]
    tables = {table for source in sources for table in _tables(source)}
    wanted = {table.name for table in tables if "workspace_id" in table.c}
    known = {name for pair in comparisons for name, column in pair if column in _keys(name)}
    for _ in comparisons:  # what is joined to a row of a known tenant belongs to that tenant
        for pair in comparisons:
            names = {name for name, _ in pair}
            known |= names if names & known else set()
    return wanted - known


def _keys(table: str) -> set[str]:
    return {"workspace_id"} | INSTEAD.get(table, set())


def _parts(statement: Any) -> Iterable[Any]:
    """The statement and every SELECT inside it."""
    if isinstance(statement, Select | Update | Delete):
        yield statement
    for element in visitors.iterate(statement):
        if isinstance(element, Select) and element is not statement:
            yield element


def _joins(source: Any) -> Iterable[Join]:
    if isinstance(source, Join):
        yield source
        yield from _joins(source.left)
        yield from _joins(source.right)


def _tables(source: Any) -> Iterable[Table]:
    """A join's tables; not what stands inside a subquery, which is a part of its own."""
    if isinstance(source, Join):
        yield from _tables(source.left)
        yield from _tables(source.right)
    elif isinstance(source, Table):
        yield source


def _comparisons(condition: ColumnElement[Any]) -> Iterable[set[tuple[str, str]]]:
    """The (table, column) pairs of each comparison; `IS NOT NULL` compares with nothing."""
    for element in visitors.iterate(condition):
        if isinstance(element, BinaryExpression) and element.operator not in _NOTHING:
            columns = [c for c in visitors.iterate(element) if isinstance(c, Column)]
            yield {(c.table.name, c.name) for c in columns if isinstance(c.table, Table)}


_NOTHING = (operators.is_, operators.is_not, operators.ne)
