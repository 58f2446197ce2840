"""Who is behind a visitor: what the site vouched for, what was only said, and the chats before."""

from chatserver.feature import Feature
from chatserver.features.customers.routes import CustomerRoutes
from chatserver.features.customers.service import Customers
from chatserver.identity.service import Identity
from chatserver.storage.database import Database

__all__ = ["build"]


def build(*, database: Database, identity: Identity) -> Feature:
    """The slice's door; it reacts to nothing."""
    routes = CustomerRoutes(
        Customers(database=database, profiles=identity.profiles, sites=identity.sites)
    )
    return Feature(name="customers", endpoints=routes.endpoints())
