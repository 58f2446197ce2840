"""The demo: a small tea shop as a customer of the chat, its people, and what they talked about."""

from starlette.responses import RedirectResponse, Response

from chatserver.feature import Feature
from chatserver.features.demo.seed import Demo, Seed
from chatserver.features.demo.shop import shop
from chatserver.identity.permissions import PUBLIC
from chatserver.web.routing import Call, Endpoint

__all__ = ["Demo", "Seed", "build", "shop"]


def build(*, shop_origin: str) -> Feature:
    """The door from the service to the shop, which lives on a host of its own."""

    async def to_shop(_: Call) -> Response:
        return RedirectResponse(f"{shop_origin}/", headers={"Cache-Control": "no-store"})

    return Feature(name="demo", endpoints=(Endpoint("GET", "/demo/", PUBLIC, to_shop),))
