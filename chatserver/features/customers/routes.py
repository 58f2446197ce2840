"""The HTTP door of people: parse, ask, answer."""

from starlette.responses import Response

from chatserver.features.customers.service import Customers
from chatserver.web import params
from chatserver.web.replies import json_reply
from chatserver.web.routing import Call, Endpoint


class CustomerRoutes:
    def __init__(self, customers: Customers) -> None:
        self._customers = customers

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (Endpoint("GET", "/api/visitors/{id}", "conversation.read", self.read),)

    async def read(self, call: Call) -> Response:
        visitor_id = params.path_id(call.request)
        return json_reply(await self._customers.card(call.agent.workspace_id, visitor_id))
