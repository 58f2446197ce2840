"""A site whose opening hours somebody writes, and what its visitors are told of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.support.inside import Inside
from tests.support.sockets import Frame, Staff, Wire, open_staff, site_key

OWNER = "olivia@teahouse.example"
CLOSED = {"zone": "UTC", "always": False, "week": [[]] * 7, "holidays": [], "workdays": []}
ALWAYS = CLOSED | {"always": True}
# How long it is open, each time.
HALF_AN_HOUR = timedelta(minutes=30)


@dataclass
class Shop:
    """A site whose owner is at work."""

    house: Inside
    owner: Staff
    key: str
    path: str

    async def set(self, plan: Frame) -> None:
        version = (await self.owner.get(self.path))["version"]
        await self.owner.put(self.path, plan | {"version": version})

    async def open_at(self, *moments: datetime) -> None:
        """For half an hour each, and never else."""
        await self.set(CLOSED | {"workdays": [_workday(moment) for moment in moments]})

    def noon(self, days: int) -> datetime:
        """So many days from now."""
        today = self.house.clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
        return today + timedelta(days=days)

    async def another(self) -> "Shop":
        """Another site of the same owner."""
        fields = {"name": "Coffee", "origins": ["https://coffee.example"]}
        site = await self.owner.post("/api/sites", fields)
        return Shop(self.house, self.owner, site["key"], f"/api/sites/{site['id']}/hours")


@asynccontextmanager
async def open_shop(house: Inside) -> AsyncIterator[Shop]:
    """The demo's site, open round the clock."""
    async with open_staff(house, OWNER) as owner:
        key = await site_key(house)
        (site,) = [one for one in (await owner.get("/api/sites"))["items"] if one["key"] == key]
        shop = Shop(house, owner, key, f"/api/sites/{site['id']}/hours")
        await shop.set(ALWAYS)
        yield shop


async def told(wire: Wire) -> tuple[str, datetime | None]:
    """The next news of who is there: what it says of people, and when the site opens."""
    while (frame := await wire.until("state"))["kind"] != "availability":
        pass
    return said(frame)


def said(frame: Frame) -> tuple[str, datetime | None]:
    opening = frame.get("next_opening")
    return frame["availability"], datetime.fromisoformat(opening) if opening else None


def _workday(moment: datetime) -> Frame:
    hours = [[f"{moment:%H:%M}", f"{moment + HALF_AN_HOUR:%H:%M}"]]
    return {"date": f"{moment:%Y-%m-%d}", "hours": hours, "name": ""}
