"""The public doors of the widget. Everybody may come; the browser keeps foreign websites out."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from chatserver.calendar import Opening
from chatserver.config import Settings
from chatserver.errors import BadOrigin, NotFound
from chatserver.features.embed.loaders import Loaders
from chatserver.features.embed.model import (
    AS_CSS,
    Asked,
    Draft,
    Drafted,
    FrameBoot,
    FrameTicket,
    LauncherSite,
    PublicSite,
    Stage,
    privacy_link,
    public,
    public_looks,
    public_rating,
)
from chatserver.identity.model import Site
from chatserver.identity.permissions import PUBLIC
from chatserver.identity.sites import Sites
from chatserver.identity.tickets import FrameTickets
from chatserver.realtime.asking import due_from_a_stranger
from chatserver.web import headers, languages, params
from chatserver.web.addresses import is_same_origin, own_origins, socket_origin
from chatserver.web.edge import status_of
from chatserver.web.pages import Pages
from chatserver.web.replies import json_reply, problem
from chatserver.web.routing import Call, Endpoint
from chatserver.web.static import FOR_EVER

# A site's new colour reaches its visitors within a minute, a new loader within five.
CONFIG_CACHE = "public, max-age=60"
LOADER_CACHE = "public, max-age=300"

# Loaded by the launcher of sites that have some: widget/src/greetings.
GREETINGS = "greetings.js"
LAUNCHER_WORDS = ("open", "close")
GREETING_WORDS = ("dismiss",)
# A page and a browser name a handful of languages; there is no reason to read on for ever.
TAGS_CHARS = 500

# Whether a site is open now, and when it opens again.
Openings = Callable[[Site], Awaitable[Opening]]
# Within how many seconds a site usually answers; None where nothing can be said.
Usual = Callable[[Site], Awaitable[int | None]]


class Embed:
    """Serves what the snippet leads to."""

    def __init__(
        self,
        *,
        sites: Sites,
        frames: FrameTickets,
        settings: Settings,
        pages: Pages,
        opening: Openings,
        usual: Usual,
    ) -> None:
        self._sites = sites
        self._frames = frames
        self._settings = settings
        self._pages = pages
        self._opening = opening
        self._usual = usual
        self._loaders = Loaders(Path(settings.data_dir) / "loaders", pages.assets)
        self._ours = sorted(own_origins(settings))

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", "/widget.js", PUBLIC, self.loader),
            Endpoint("GET", "/widget-{mark}.js", PUBLIC, self.pinned),
            Endpoint("GET", "/widget/loader", PUBLIC, self.newest),
            Endpoint("GET", "/widget/config", PUBLIC, self.config),
            Endpoint("GET", "/chat/{key}", PUBLIC, self.page),
            Endpoint("GET", "/frame", PUBLIC, self.frame),
            Endpoint("POST", "/frame/tickets", PUBLIC, self.ticket),
            Endpoint("GET", "/preview", PUBLIC, self.preview),
            Endpoint("GET", "/preview/stage", PUBLIC, self.stage),
            Endpoint("POST", "/api/sites/{id}/preview", "site.manage", self.draft),
        )

    async def loader(self, call: Call) -> Response:
        response = await self._pages.assets.file(call.request, "widget", "loader.js")
        response.headers["cache-control"] = LOADER_CACHE
        return _for_everyone(response)

    async def pinned(self, call: Call) -> Response:
        """The loader of this content or none; an upgrade changes nothing for who named it."""
        mark = call.request.path_params["mark"]
        file = await run_in_threadpool(self._loaders.find, mark)
        response = await self._pages.assets.send(call.request, file)
        response.headers["cache-control"] = FOR_EVER
        return _for_everyone(response)

    async def newest(self, call: Call) -> Response:
        """Which loader is the newest, and the hash to check it by."""
        found = await run_in_threadpool(self._loaders.current)
        await run_in_threadpool(self._loaders.find, found.mark)
        return _for_everyone(json_reply(found))

    async def config(self, call: Call) -> Response:
        try:
            site = await self._site(call)
        except NotFound as error:
            # Readable, or the loader would take it for a server that is away, and show itself.
            return _for_everyone(json_reply(problem(error), status_of(error)))
        # By the address alone, for this answer is cached by it; the loader names all languages.
        response = json_reply(await self._launcher(site, _language(call, site)))
        response.headers["cache-control"] = CONFIG_CACHE
        return _for_everyone(response)

    async def frame(self, call: Call) -> Response:
        """The panel. `frame-ancestors` is what keeps other websites from showing it."""
        return await self._panel(call, await self._site(call))

    async def page(self, call: Call) -> Response:
        """The panel as a page of its own, for a link in a mail or on a card."""
        return await self._panel(call, await self._sites.by_key(call.request.path_params["key"]))

    async def _panel(self, call: Call, site: Site) -> Response:
        accept = call.request.headers.get("accept-language", "")
        language = _language(call, site, accept)
        boot = await self._boot(site, language)
        socket = socket_origin(self._settings.widget_origin)
        uploads = self._settings.uploads_origin
        response = self._pages.show(
            call.request,
            "frame.html",
            language=language,
            policy=lambda nonce: headers.frame_policy(nonce, socket, uploads, boot.origins),
            entry=self._pages.assets.entry("widget", soon=f"src/text/{boot.locale}.json"),
            boot=boot,
            site=site.name,
        )
        # A host page that isolates itself may still frame the panel.
        response.headers["cross-origin-resource-policy"] = "cross-origin"
        return response

    async def ticket(self, call: Call) -> Response:
        """Another ticket for a panel that has been open for longer than its own lasts. Only that
        panel may ask: to get it, the browser had to let the website around it frame it."""
        if not is_same_origin(call.request.headers, self._settings.widget_origin):
            raise BadOrigin
        asked = await params.body(call.request, Asked)
        site = await self._sites.by_key(asked.site)
        return json_reply(FrameTicket(self._frames.issue(site.key), int(self._frames.seconds)))

    async def preview(self, call: Call) -> Response:
        site = await self._site(call)
        widget = self._settings.widget_origin
        return self._pages.show(
            call.request,
            "preview.html",
            policy=lambda nonce: headers.preview_policy(nonce, widget),
            site=site,
            loader=f"{widget}/widget.js",
            console=self._settings.console_origin,
        )

    async def stage(self, call: Call) -> Response:
        """A shop of grey boxes with the real widget on it, which shows what nobody saved yet."""
        site = await self._site(call)
        widget, console = self._settings.widget_origin, self._settings.console_origin
        return self._pages.show(
            call.request,
            "stage.html",
            policy=lambda nonce: headers.preview_policy(nonce, widget, [console]),
            style=self._pages.assets.own("stage.css"),
            script=self._pages.assets.own("stage.js"),
            boot=Stage(site.key, f"{widget}/widget.js", console),
        )

    async def draft(self, call: Call) -> Response:
        """What loader and panel would be told if this were saved, for the customiser's stage."""
        wanted = await params.body(call.request, Draft)
        site_id, workspace_id = params.path_id(call.request), call.agent.workspace_id
        site = await self._sites.draft(workspace_id, site_id, wanted.site, wanted.widget)
        language = languages.first((wanted.lang, site.locale), languages.VISITORS)
        config, boot = await self._launcher(site, language), await self._boot(site, language)
        mails = bool(self._settings.mail_from)
        before, offline = due_from_a_stranger(site.widget.forms, mails=mails)
        return json_reply(Drafted(config, boot, before, offline))

    async def _boot(self, site: Site, language: str) -> FrameBoot:
        socket = socket_origin(self._settings.widget_origin)
        return FrameBoot(
            site=await self._public(site),
            origins=list(dict.fromkeys([*site.origins, *self._ours])),
            ticket=self._frames.issue(site.key),
            ticket_seconds=int(self._frames.seconds),
            socket=f"{socket}/ws/visitor",
            locale=language,
            limits={"text_chars": self._settings.text_chars},
            looks=public_looks(site.widget),
            texts=site.widget.texts.own.get(language, {}),
            rating=public_rating(site.widget),
            mails=bool(self._settings.smtp_host),
            privacy=privacy_link(site.widget),
            asks=site.widget.forms.before or site.widget.forms.offline,
        )

    async def _site(self, call: Call) -> Site:
        return await self._sites.by_key(call.request.query_params.get("site", ""))

    async def _public(self, site: Site) -> PublicSite:
        return public(site, await self._opening(site), await self._usual(site))

    async def _launcher(self, site: Site, language: str) -> LauncherSite:
        t, own = self._pages.translator(language), site.widget.texts.own.get(language, {})
        greets = bool(site.widget.greetings.active)
        seen = await self._public(site)
        return LauncherSite(
            **msgspec.structs.asdict(seen) | {"scheme": AS_CSS.get(seen.scheme, seen.scheme)},
            language=language,
            dir=languages.direction(language),
            words={
                name: own.get(f"launcher/{name}") or t(f"launcher.{name}")
                for name in (*LAUNCHER_WORDS, *(GREETING_WORDS if greets else ()))
            },
            greetings=self._pages.assets.marked("widget", GREETINGS)[1:] if greets else "",
        )


def _language(call: Call, site: Site, accept: str = "") -> str:
    """What the snippet says wins over the site; then the page around decides, and then the
    browser, as both told the loader."""
    query = call.request.query_params
    asked, likes = (query.get(name, "")[:TAGS_CHARS].split(",") for name in ("lang", "like"))
    own = () if "auto" in asked else (site.locale,)
    tags = (*asked, *own, *likes, *languages.accepted(accept))
    return languages.first(tags, languages.VISITORS)


def _for_everyone(response: Response) -> Response:
    """Any website may load it; no cookie is ever looked at, so `*` gives nothing away."""
    response.headers["access-control-allow-origin"] = "*"
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response
