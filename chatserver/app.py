"""The parts list: opens the house, lists its slices, and puts the doors in front. Knows all."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.errors import Rejected
from chatserver.feature import Feature
from chatserver.features import (
    absent,
    backup,
    canned,
    csat,
    customers,
    demo,
    embed,
    greetings,
    health,
    hours,
    idle,
    mail,
    metrics,
    people,
    photos,
    pictures,
    replytime,
    setup,
    sitecheck,
    sites,
    transcripts,
    uploads,
)
from chatserver.features.canned.service import CannedReplies
from chatserver.features.uploads.service import Uploads
from chatserver.identity import customer_store
from chatserver.identity.model import Visitor
from chatserver.parts import Parts, open_parts
from chatserver.realtime.endpoint import websocket_routes
from chatserver.realtime.poll import poll_endpoints
from chatserver.runner import Runner
from chatserver.web.build import Web
from chatserver.web.build import build as build_web
from chatserver.web.headers import SecurityHeaders
from chatserver.web.pages import Pages
from chatserver.web.pictures import Studio

# Another *site* than 127.0.0.1 to every browser, and resolved to this machine by all of them.
SHOP_HOST = "shop.localhost"


@dataclass(frozen=True, slots=True)
class App:
    """The running service. `setup_secret` is None once somebody set it up; `demo` outside demos."""

    settings: Settings
    parts: Parts
    features: Sequence[Feature]
    asgi: ASGIApp
    setup_secret: str | None
    demo: demo.Demo | None
    backups: backup.Schedule
    metrics: metrics.Metrics
    runner: Runner
    _exits: AsyncExitStack

    @property
    def shop_origin(self) -> str:
        return shop_origin(self.settings)

    async def close(self) -> None:
        """Stops everything in the opposite order of opening."""
        await self._exits.aclose()


async def open_app(settings: Settings, *, is_demo: bool = False, clock: Clock | None = None) -> App:
    """Opens the database, seeds the demo, starts what runs in the background."""
    async with AsyncExitStack() as exits:
        parts = await exits.enter_async_context(open_parts(settings, clock=clock))
        return await _assemble(parts, exits.pop_all(), is_demo=is_demo)


async def _assemble(parts: Parts, exits: AsyncExitStack, *, is_demo: bool) -> App:
    settings = parts.settings
    web = build_web(settings=settings, identity=parts.identity, ids=parts.ids)
    setting_up = setup.Setup(installation=parts.identity.installation, ids=parts.ids)
    furnished = await _furnish(parts) if is_demo else None
    mails = mail.build(database=parts.database, clock=parts.clock, ids=parts.ids, settings=settings)
    files = uploads.build(
        database=parts.database,
        clock=parts.clock,
        ids=parts.ids,
        identity=parts.identity,
        settings=settings,
        buckets=parts.buckets,
    )
    features = [
        *_features(parts, web.pages, setting_up, mails, is_demo=is_demo),
        *_widget(parts, files, is_demo=is_demo),
    ]
    runner = Runner(database=parts.database, clock=parts.clock, ids=parts.ids, features=features)
    parts.commits.wake(runner.wake)
    polls = Feature("polls", poll_endpoints(parts.realtime))
    backups = _backups(parts)
    measured = metrics.Metrics(
        parts,
        http=web.traffic,
        runner=runner,
        schedule=backups,
        others=[lambda: _mail_numbers(mails), lambda: _upload_numbers(files.uploads)],
    )
    features = [
        *features,
        files.feature,
        _health(parts, runner, backups),
        polls,
        measured.feature,
    ]
    await parts.tail.begin()
    parts.start()
    await parts.meet()
    parts.supervisor.keep("backups", backups.run)
    parts.supervisor.keep("pulse", measured.pulse.run)
    parts.supervisor.keep("runner", runner.run)
    parts.supervisor.keep("mail", mails.post.run)
    parts.supervisor.keep("uploads", files.sweeper.run)
    return App(
        settings=settings,
        parts=parts,
        features=features,
        asgi=_asgi(parts, web, features, furnished),
        setup_secret=setting_up.secret if await setting_up.is_open() else None,
        demo=furnished,
        backups=backups,
        metrics=measured,
        runner=runner,
        _exits=exits,
    )


def _features(
    parts: Parts, pages: Pages, setting_up: setup.Setup, mails: mail.MailSlice, *, is_demo: bool
) -> list[Feature]:
    """Every slice, once."""
    database, clock, ids = parts.database, parts.clock, parts.ids
    identity, settings = parts.identity, parts.settings
    opening_hours = hours.OpeningHours(
        database=database, clock=clock, ids=ids, sites=identity.sites
    )
    parts.realtime.doorplate.find = opening_hours.timetable
    features = [
        setup.build(
            setup=setting_up,
            identity=identity,
            settings=settings,
            buckets=parts.buckets,
            pages=pages,
        ),
        people.build(
            identity=identity,
            settings=settings,
            clock=clock,
            pages=pages,
            neighbours=people.Neighbours(
                statuses=parts.realtime.presence.statuses,
                send_invitation=mails.action.invite,
                buckets=parts.buckets,
            ),
            is_demo=is_demo,
        ),
        sites.build(identity=identity, settings=settings),
        hours.build(hours=opening_hours),
        embed.build(
            identity=identity,
            settings=settings,
            pages=pages,
            opening=opening_hours.opening,
            usual=replytime.Replies(database=database, clock=clock).usual,
            send_back=parts.realtime.presence.send_back,
        ),
        customers.build(database=database, identity=identity),
        replytime.build(calendar_of=opening_hours.calendar),
        canned.build(database=database, clock=clock, ids=ids),
        idle.build(
            conversations=parts.conversations,
            clock=clock,
            idle_close_hours=settings.idle_close_hours,
        ),
        mails.feature,
        *_after(parts, pages, mails),
    ]
    if is_demo:
        features.append(demo.build(shop_origin=shop_origin(settings)))
    return features


def _after(parts: Parts, pages: Pages, mails: mail.MailSlice) -> list[Feature]:
    """What follows a chat: its rating, its record, a word to who left."""
    database, clock = parts.database, parts.clock
    identity, settings = parts.identity, parts.settings
    return [
        transcripts.build(
            database=database,
            pages=pages,
            ratings=csat.store,
            own=transcripts.for_visitors(
                database=database,
                clock=clock,
                settings=settings,
                pages=pages,
                neighbours=transcripts.Neighbours(
                    visitors=identity.visitors,
                    buckets=parts.buckets,
                    send=mails.action.send if mails.action.is_on else None,
                ),
            ),
        ),
        csat.build(),
        absent.build(
            database=database,
            clock=clock,
            identity=identity,
            settings=settings,
            pages=pages,
            neighbours=absent.Neighbours(
                is_absent=parts.realtime.presence.is_absent,
                contact=_email_of,
                remind=mails.action.remind if mails.action.is_on else None,
            ),
        ),
    ]


async def _email_of(connection: AsyncConnection, visitor: Visitor) -> str | None:
    """Of a customer the address that the site signed, not one that somebody typed."""
    if visitor.customer_id is None:
        return visitor.email
    found = await customer_store.get(connection, visitor.workspace_id, [visitor.customer_id])
    customer = found.get(visitor.customer_id)
    return customer.email if customer else None


def _widget(parts: Parts, files: uploads.UploadSlice, *, is_demo: bool) -> list[Feature]:
    """What only a site's widget has: its pictures, its greetings, a look at where it stands."""
    identity, settings, buckets = parts.identity, parts.settings, parts.buckets
    database, clock = parts.database, parts.clock
    studio = Studio(buckets, files.miniatures.draw, minute=settings.picture_minute)
    return [
        *(
            of.build(
                database=database,
                clock=clock,
                ids=parts.ids,
                identity=identity,
                settings=settings,
                studio=studio,
            )
            for of in (pictures, photos)
        ),
        greetings.build(
            database=database, clock=clock, identity=identity, settings=settings, buckets=buckets
        ),
        sitecheck.build(identity=identity, settings=settings, buckets=buckets, is_demo=is_demo),
    ]


def _backups(parts: Parts) -> backup.Schedule:
    settings, clock = parts.settings, parts.clock
    backups = backup.Backups(database=parts.database, clock=clock, settings=settings)
    return backup.Schedule(backups=backups, clock=clock, settings=settings)


def _health(parts: Parts, runner: Runner, backups: backup.Schedule) -> Feature:
    return health.build(
        database=parts.database,
        is_draining=lambda: parts.draining.has_begun,
        is_degraded=lambda: parts.broker.degraded,
        lag=lambda: runner.lag,
        backup_failed=lambda: backups.failed,
    )


async def _upload_numbers(files: Uploads) -> list[metrics.Sample]:
    return [
        metrics.Sample("uploads", files.taken_files),
        metrics.Sample("upload_bytes", files.taken_bytes),
    ]


async def _mail_numbers(mails: mail.MailSlice) -> list[metrics.Sample]:
    counted, waiting_seconds = await mails.numbers()
    samples = [metrics.Sample("mails", number, (state,)) for state, number in counted.items()]
    return [*samples, metrics.Sample("mail_waiting_seconds", waiting_seconds)]


async def _furnish(parts: Parts) -> demo.Demo:
    settings = parts.settings
    if settings.host not in ("127.0.0.1", "localhost", "::1"):
        raise Rejected("the demo has a password that is printed; it runs on this machine only")
    replies = CannedReplies(database=parts.database, clock=parts.clock, ids=parts.ids)
    seed = demo.Seed(
        database=parts.database,
        clock=parts.clock,
        ids=parts.ids,
        identity=parts.identity,
        add_reply=replies.ensure,
    )
    return await seed.run(shop_origin=shop_origin(settings), password=settings.demo_password)


def shop_origin(settings: Settings) -> str:
    """Where the demo shop lives: our port, another host."""
    port = urlsplit(settings.public_origin).port or settings.port
    return f"http://{SHOP_HOST}:{port}"


def _asgi(
    parts: Parts, web: Web, features: Sequence[Feature], furnished: demo.Demo | None
) -> ASGIApp:
    settings = parts.settings
    doors = [door for feature in features for door in feature.endpoints]
    pages = Starlette(
        routes=web.routes(doors),
        exception_handlers=web.exception_handlers,
        middleware=web.middleware,
    )
    sockets = Router(websocket_routes(parts.realtime))
    service = _by_kind(SecurityHeaders(sockets, is_https=settings.is_https), pages)
    if furnished is None:
        return service
    shop = demo.shop(
        chat_origin=settings.public_origin,
        console_url=f"{settings.console_origin}/agent/",
        site_key=furnished.site_key,
    )
    return _by_host(urlsplit(shop_origin(settings)).netloc, shop, service)


def _by_kind(sockets: ASGIApp, pages: ASGIApp) -> ASGIApp:
    """Each layer around a socket is memory for as long as it is open, and time for every frame."""

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        await (sockets if scope["type"] == "websocket" else pages)(scope, receive, send)

    return choose


def _by_host(host: str, theirs: ASGIApp, ours: ASGIApp) -> ASGIApp:
    """What is asked for by the name `host` goes to `theirs`."""

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        asked = dict(scope.get("headers", ())).get(b"host", b"").decode("latin-1")
        await (theirs if asked == host else ours)(scope, receive, send)

    return choose
