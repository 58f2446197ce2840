"""The console's page: one shell for every address below /agent/; its script draws the rest."""

from collections.abc import Mapping

from msgspec import Struct
from starlette.responses import Response

from chatserver.config import Settings
from chatserver.features.people.model import Me, me
from chatserver.identity import permissions
from chatserver.identity.service import Identity
from chatserver.web import headers
from chatserver.web.addresses import socket_origin
from chatserver.web.pages import Pages
from chatserver.web.replies import see_other
from chatserver.web.routing import Call, Endpoint

CANNED_CHARS = 4000


class ConsoleBoot(Struct, frozen=True):
    """What the page carries. `nonce` lets the script add its own styles."""

    me: Me
    csrf: str
    socket: str
    locale: str
    permissions: list[str]
    limits: Mapping[str, int]
    nonce: str
    demo: bool


class Console:
    def __init__(
        self, *, identity: Identity, settings: Settings, pages: Pages, is_demo: bool
    ) -> None:
        self._installation = identity.installation
        self._pages = pages
        self._socket = socket_origin(settings.console_origin)
        self._uploads = settings.uploads_origin
        self._widget = settings.widget_origin
        self._limits = {"text_chars": settings.text_chars, "canned_chars": CANNED_CHARS}
        self._is_demo = is_demo

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", "/agent", permissions.PUBLIC, self.enter),
            Endpoint("GET", "/agent/", "session.own", self.show),
            Endpoint("GET", "/agent/{rest:path}", "session.own", self.show),
        )

    async def enter(self, _call: Call) -> Response:
        return see_other("/agent/")

    async def show(self, call: Call) -> Response:
        session = call.agent
        workspace = await self._installation.workspace(session.workspace_id)
        language = self._pages.language(call.request, session.locale)

        def boot(nonce: str) -> ConsoleBoot:
            return ConsoleBoot(
                me=me(session, workspace, language),
                csrf=session.csrf,
                socket=f"{self._socket}/ws/agent",
                locale=language,
                permissions=permissions.granted(session.role),
                limits=self._limits,
                nonce=nonce,
                demo=self._is_demo,
            )

        return self._pages.show(
            call.request,
            "console.html",
            language=language,
            policy=lambda nonce: headers.console_policy(
                nonce, self._socket, self._uploads, self._widget
            ),
            entry=self._pages.assets.entry("agent"),
            boot=boot,
        )
