"""The HTTP doors of opening hours: parse, ask the service, answer. No rules."""

from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from chatserver.conversation.projection import stamp
from chatserver.features.hours.model import Holiday, Plan, SiteHours, Workday
from chatserver.features.hours.service import OpeningHours
from chatserver.web import params
from chatserver.web.replies import json_reply
from chatserver.web.routing import Call, Endpoint

PATH = "/api/sites/{id}/hours"


class NewHoliday(Holiday, frozen=True, forbid_unknown_fields=True):
    """What is stored is read with patience; what is written is not."""


class NewWorkday(Workday, frozen=True, forbid_unknown_fields=True):
    """Likewise."""


class Change(Plan, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of a change: a plan, and the version that its writer has seen."""

    holidays: tuple[NewHoliday, ...] = ()
    workdays: tuple[NewWorkday, ...] = ()
    version: Annotated[int, Meta(ge=0, lt=2**31 - 1)]


def endpoints(hours: OpeningHours) -> tuple[Endpoint, ...]:
    async def show(call: Call) -> Response:
        return answer(await hours.get(call.agent, params.path_id(call.request)))

    async def change(call: Call) -> Response:
        site_id = params.path_id(call.request)
        wanted = await params.body(call.request, Change)
        return answer(await hours.change(call.agent, site_id, wanted, wanted.version))

    def answer(found: SiteHours) -> Response:
        plan, now = found.plan, hours.now(found.plan)
        return json_reply(
            {
                "zone": plan.zone,
                "always": plan.always,
                "week": plan.week,
                "holidays": plan.holidays,
                "workdays": plan.workdays,
                "version": found.version,
                "updated_at": found.updated_at and stamp(found.updated_at),
                "updated_by": found.updated_by,
                "open": now.open,
                "next_opening": now.next_opening and stamp(now.next_opening),
            }
        )

    return (
        Endpoint("GET", PATH, "site.read", show),
        Endpoint("PUT", PATH, "site.manage", change),
    )
