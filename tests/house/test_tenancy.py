"""Whoever forgets the tenant is caught: the watcher of all tests, tried on its own statements."""

import pytest
from sqlalchemy import delete, exists, select, update

from chatserver.conversation.mark_store import read_marks
from chatserver.conversation.store import conversations
from chatserver.storage.schema import cursors, facts, log_head, metadata, timers
from tests.support.tables import all_tables
from tests.support.tenancy import INSTEAD, missing_tenants

c, m = conversations.c, read_marks.c

GOOD = [
    select(c.id).where(c.workspace_id == "acme"),
    select(c.id).where(c.workspace_id.in_(["acme", "rival"]), c.id == "c"),
    update(conversations).where(c.workspace_id == "acme").values(seq=1),
    delete(conversations).where(c.workspace_id == "acme", c.id == "c"),
    select(m.seq).join(conversations, c.id == m.conversation_id).where(m.workspace_id == "acme"),
    select(c.id).where(
        c.workspace_id == "acme",
        exists().where(m.workspace_id == c.workspace_id, m.conversation_id == c.id),
    ),
    select(facts.c.seq).where(facts.c.position > 7),
    select(timers.c.id).where(timers.c.due_at <= "now"),
    select(cursors.c.position),
    select(log_head.c.position),
]
BAD = [
    (select(c.id), ["conversations"]),
    (select(c.id).where(c.id == "c"), ["conversations"]),
    (select(c.id).where(c.workspace_id.is_not(None)), ["conversations"]),
    (select(c.id).where(c.workspace_id != "acme"), ["conversations"]),
    (select(facts.c.body).where(facts.c.conversation_id == "c"), ["facts"]),
    (update(conversations).where(c.id == "c").values(workspace_id="acme"), ["conversations"]),
    (delete(read_marks), ["read_marks"]),
    (select(m.seq, c.id).where(c.workspace_id == "acme"), ["read_marks"]),
    (
        select(c.id).where(c.workspace_id == "acme", c.id.in_(select(m.conversation_id))),
        ["read_marks"],
    ),
    (select(select(c.id).subquery().c.id), ["conversations"]),
]


@pytest.mark.parametrize("statement", GOOD, ids=str)
def test_a_statement_that_names_its_tenant_passes(statement):
    assert missing_tenants(statement) == []


@pytest.mark.parametrize(("statement", "tables"), BAD, ids=str)
def test_a_statement_that_forgets_its_tenant_is_caught(statement, tables):
    assert missing_tenants(statement) == tables


@pytest.mark.parametrize("table", INSTEAD)
def test_every_exception_is_about_columns_that_exist(table):
    all_tables()
    assert INSTEAD[table] <= set(metadata.tables[table].c.keys())


# Tables that belong to the installation, not to a tenant.
OF_THE_INSTALLATION = {"cursors", "dead_letters", "leases", "log_head", "people", "workspaces"}


def test_every_table_belongs_to_a_tenant_or_is_known_not_to():
    without = {name for name, table in all_tables().items() if "workspace_id" not in table.c}
    assert without == OF_THE_INSTALLATION
