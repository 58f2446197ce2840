"""The doors of a mail's links: back to the chat, no more mails, and the panel's exchange."""

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import RedirectResponse, Response

from chatserver.errors import BadOrigin
from chatserver.features.absent.links import SECRET_CHARS, Links
from chatserver.identity.permissions import PUBLIC
from chatserver.web import params, replies
from chatserver.web.addresses import is_same_origin
from chatserver.web.languages import VISITORS
from chatserver.web.pages import Pages
from chatserver.web.routing import Call, Endpoint

TEMPLATES = "absent/templates"


class Redemption(Struct, frozen=True, forbid_unknown_fields=True):
    site: Annotated[str, Meta(max_length=64)]
    link: Annotated[str, Meta(max_length=SECRET_CHARS)]


class AbsentRoutes:
    def __init__(self, *, links: Links, pages: Pages, widget_origin: str) -> None:
        self._links = links
        self._pages = pages
        self._widget = widget_origin

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", "/back/{token}", PUBLIC, self.back),
            Endpoint("POST", "/frame/resume", PUBLIC, self.resume),
            Endpoint("GET", "/no-mail/{token}", PUBLIC, self.ask),
            Endpoint("POST", "/no-mail/{token}", PUBLIC, self.refuse),
        )

    async def back(self, call: Call) -> Response:
        """To the page where the chat was. A link that is over says so, and how to go on."""
        there, home = await self._links.destination(_token(call))
        if there is None:
            return self._pages.show(
                call.request, f"{TEMPLATES}/over.html", status=410, among=VISITORS, home=home
            )
        response = RedirectResponse(there, 303)
        response.headers["cache-control"] = "no-store"
        response.headers["referrer-policy"] = "no-referrer"
        return response

    async def resume(self, call: Call) -> Response:
        """Only our own panel asks. Raises Gone."""
        if not is_same_origin(call.request.headers, self._widget):
            raise BadOrigin
        asked = await params.body(call.request, Redemption)
        return replies.json_reply({"token": await self._links.redeem(asked.link, asked.site)})

    async def ask(self, call: Call) -> Response:
        """Asks before it does: mail servers open links too."""
        self._links.check_refusal(_token(call))
        return self._pages.show(
            call.request, f"{TEMPLATES}/refuse.html", among=VISITORS, is_done=False
        )

    async def refuse(self, call: Call) -> Response:
        await self._links.refuse(_token(call))
        return self._pages.show(
            call.request, f"{TEMPLATES}/refuse.html", among=VISITORS, is_done=True
        )


def _token(call: Call) -> str:
    return str(call.request.path_params.get("token", ""))
