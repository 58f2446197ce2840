"""The pages of the first run, and the front door that leads there while it is due."""

from starlette.requests import Request
from starlette.responses import Response

from chatserver.broker.buckets import Buckets
from chatserver.config import Settings
from chatserver.errors import ChatError, Invalid, NotFound, RateLimited
from chatserver.features.setup.service import Setup
from chatserver.identity.installation import Beginning
from chatserver.identity.permissions import PUBLIC
from chatserver.identity.service import Identity
from chatserver.web import params
from chatserver.web.addresses import Addresses
from chatserver.web.edge import status_of
from chatserver.web.guard import Cookies
from chatserver.web.limits import Pace
from chatserver.web.pages import Pages
from chatserver.web.replies import see_other
from chatserver.web.routing import Call, Endpoint
from chatserver.web.snippet import preview_url, snippet

FIELDS = ("secret", "name", "email", "password", "workspace", "site", "origin")
# Enough for a person who mistypes; a guesser of 128 bits needs more than the age of the world.
TRIES_PER_SECOND = 0.2
TRIES = 10


class SetupRoutes:
    def __init__(
        self,
        *,
        setup: Setup,
        identity: Identity,
        settings: Settings,
        buckets: Buckets,
        pages: Pages,
    ) -> None:
        self._setup = setup
        self._identity = identity
        self._settings = settings
        self._pages = pages
        self._cookies = Cookies(is_https=settings.is_https)
        self._addresses = Addresses(settings.trusted_proxies)
        self._tries = Pace(buckets, "setup", rate=TRIES_PER_SECOND, burst=TRIES)

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", "/", PUBLIC, self.front),
            Endpoint("GET", "/setup", PUBLIC, self.show),
            Endpoint("POST", "/setup", PUBLIC, self.begin),
            Endpoint("GET", "/setup/done", "site.manage", self.done),
        )

    async def front(self, _call: Call) -> Response:
        return see_other("/setup" if await self._setup.is_open() else "/agent/")

    async def show(self, call: Call) -> Response:
        await self._setup.check_open()
        return self._page(call.request, {})

    async def begin(self, call: Call) -> Response:
        """The owner is signed in by the same answer that ends the set-up."""
        await self._setup.check_open()
        typed = dict.fromkeys(FIELDS, "") | await params.form(call.request)
        try:
            await self._tries.take(self._address(call.request))
            begun = await self._setup.begin(typed["secret"], _beginning(typed))
        except (Invalid, RateLimited) as error:
            return self._page(call.request, typed, error)
        secret, _ = await self._identity.accounts.open_for(begun.owner)
        response = see_other(f"/setup/done?lang={self._pages.language(call.request)}")
        self._cookies.write(response, secret)
        return response

    async def done(self, call: Call) -> Response:
        sites = await self._identity.sites.list(call.agent.workspace_id)
        if not sites:
            raise NotFound
        return self._pages.show(
            call.request,
            "setup_done.html",
            site=sites[0],
            snippet=snippet(self._settings, sites[0].key),
            preview=preview_url(self._settings, sites[0].key),
        )

    def _address(self, request: Request) -> str:
        client = request.client and (request.client.host, request.client.port)
        origin = self._addresses.of(client, request.headers.get("x-forwarded-for", ""))
        return self._identity.signing.blur("address", origin)

    def _page(
        self, request: Request, typed: dict[str, str], error: ChatError | None = None
    ) -> Response:
        problems = dict.fromkeys((*FIELDS, "origins"))
        return self._pages.show(
            request,
            "setup.html",
            status=status_of(error) if error else 200,
            problem=_problem(error),
            fields=problems | (error.fields if error else {}),
            values={name: typed.get(name, "")[:300] for name in FIELDS if name != "password"},
        )


def _beginning(typed: dict[str, str]) -> Beginning:
    return Beginning(
        workspace=typed["workspace"],
        name=typed["name"],
        email=typed["email"],
        password=typed["password"],
        site=typed["site"],
        origins=[typed["origin"]] if typed["origin"].strip() else [],
    )


def _problem(error: ChatError | None) -> str | None:
    if error is None:
        return None
    return "too_often" if isinstance(error, RateLimited) else "fields"
