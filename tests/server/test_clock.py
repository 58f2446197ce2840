"""Whatever the wall clock does, order stays, work goes on, and what was to come comes."""

from datetime import timedelta

import pytest

from chatserver.clock import Turning
from chatserver.conversation import fact_store, store
from chatserver.errors import BadTicket
from chatserver.feature import Feature
from chatserver.runner import LEASE_SECONDS, Runner
from chatserver.storage import log, timers
from chatserver.storage.log import Entry
from chatserver.storage.timers import Timer
from tests.support.doors import open_acme
from tests.support.world import ANN, VERA, CountingIds

# By how much somebody sets the wall clock, in hours.
JUMPS = [1, -1, 24, -24, -24 * 400]
BACK = [hours for hours in JUMPS if hours < 0]
ALL = pytest.mark.parametrize("hours", JUMPS)
BACKWARDS = pytest.mark.parametrize("hours", BACK)


class Bell:
    """A slice that rings once for each timer, and counts facts."""

    def __init__(self, clock):
        self.clock = clock
        self.rang = []
        self.noticed = 0

    @property
    def feature(self):
        return Feature("bell", reactors={"noticed": self.notice}, on_timer=self.ring)

    async def notice(self, _connection, _entry):
        self.noticed += 1

    async def ring(self, _connection, timer):
        self.rang.append(timer.key)


@pytest.fixture
def bell(clock):
    return Bell(clock)


@pytest.fixture
def start(database, clock, bell):
    names = CountingIds("node")

    def start():
        return Runner(
            database=database, clock=clock, ids=CountingIds(names.new()), features=[bell.feature]
        )

    return start


async def set_timer(database, clock, key, **after):
    due_at = clock.now() + timedelta(**after)
    async with database.write() as connection:
        timer = Timer(f"bell-{key}", "acme", "bell", key, due_at, "")
        await timers.schedule(connection, timer)


async def notice(database, clock):
    async with database.write() as connection:
        await log.append(connection, [Entry("acme", "noticed", "system", clock.now(), "{}")])


async def work(runner):
    while await runner.run_once():
        pass


# Order


@ALL
async def test_messages_keep_their_order(spine, clock, hours):
    chat = await spine.open()
    for number in range(6):
        await spine.say(VERA if number % 2 else ANN, chat, f"{number}")
        clock.turn(hours=hours if number % 3 else -hours)
    async with spine.database.read() as connection:
        facts = await fact_store.list_facts(connection, "acme", chat, after=0, limit=100)
    said = [fact.body.text for fact in facts if fact.body and fact.body.text]
    assert said == ["0", "1", "2", "3", "4", "5"]
    assert [fact.seq for fact in facts] == list(range(1, len(facts) + 1))
    positions = [fact.position for fact in facts]
    assert positions == sorted(positions)


@ALL
async def test_a_resent_message_is_stored_once(spine, clock, hours):
    chat = await spine.open()
    first = await spine.say(VERA, chat, "Hello", client_id="one")
    clock.turn(hours=hours)
    again = await spine.say(VERA, chat, "Hello", client_id="one")
    assert (again.duplicate, again.fact.seq) == (True, first.fact.seq)


@BACKWARDS
async def test_a_closed_chat_goes_on(spine, clock, hours):
    chat = await spine.open()
    await spine.say(VERA, chat)
    await spine.close(ANN, chat)
    clock.turn(hours=hours)
    await spine.say(VERA, chat, "One more thing")
    assert await spine.open() == chat


# The runner


@ALL
async def test_the_runner_goes_on_reading(database, clock, start, bell, hours):
    runner = start()
    await work(runner)
    clock.turn(hours=hours)
    for count in (1, 2, 3):
        await notice(database, clock)
        await work(runner)
        assert bell.noticed == count
        clock.advance(LEASE_SECONDS)


@ALL
async def test_another_process_takes_over_in_time(database, clock, start, bell, hours):
    """Killed, so that nothing is given back, and the clock is corrected before the next start."""
    await work(start())
    clock.turn(hours=hours)
    await notice(database, clock)
    later = start()
    await work(later)
    clock.advance(LEASE_SECONDS + 1)
    await work(later)
    assert bell.noticed == 1


async def test_who_lives_keeps_the_lease_whatever_the_others_clocks_say(
    database, clock, start, bell
):
    holder, other = start(), start()
    await work(holder)
    for _ in range(10):
        clock.advance(LEASE_SECONDS / 3)
        clock.turn(hours=1)  # the holder's clock is ahead of the other's
        await work(holder)
        clock.turn(hours=-1)
        await work(other)
        assert (holder.holds_lease, other.holds_lease) == (True, False)


@ALL
async def test_what_was_to_come_comes_when_as_much_time_has_passed(
    database, clock, start, bell, hours
):
    runner = start()
    await work(runner)
    await set_timer(database, clock, "soon", minutes=10)
    clock.turn(hours=hours)
    await work(runner)
    clock.advance(minutes=10, seconds=LEASE_SECONDS)
    await work(runner)
    assert bell.rang == ["soon"]


@BACKWARDS
async def test_a_clock_turned_back_between_two_lives_delays_nothing(
    database, clock, start, bell, hours
):
    await work(start())
    await set_timer(database, clock, "soon", minutes=10)
    await notice(database, clock)
    clock.turn(hours=hours)
    later = start()
    await work(later)
    clock.advance(LEASE_SECONDS + 1)
    await work(later)
    clock.advance(minutes=10)
    await work(later)
    assert bell.rang == ["soon"]


async def test_a_clock_twice_as_fast_neither_rings_early_nor_stops_anything(
    database, clock, start, bell
):
    runner = start()
    await work(runner)
    await set_timer(database, clock, "soon", minutes=10)
    for second in range(400):
        clock.advance(1)
        clock.turn(hours=1 / 3600)
        if second % 100 == 0:
            await notice(database, clock)
        await work(runner)
        assert bell.rang == (["soon"] if second >= 299 else [])
    assert bell.noticed == 4
    assert runner.holds_lease


async def test_small_corrections_move_no_timer(database, clock, start, bell):
    runner = start()
    await set_timer(database, clock, "soon", minutes=10)
    for _ in range(100):
        clock.turn(hours=-1 / 3600)
        await work(runner)
    clock.advance(minutes=10)
    await work(runner)
    assert bell.rang == []
    clock.advance(seconds=100)
    await work(runner)
    assert bell.rang == ["soon"]


def test_a_turned_clock_is_noticed_once(clock):
    turning = Turning(clock)
    clock.advance(hours=5)
    assert turning.back() == timedelta()
    clock.turn(hours=-1)
    clock.advance(seconds=30)
    assert turning.back() == timedelta(hours=1)
    assert turning.back() == timedelta()
    clock.turn(hours=1)
    assert turning.back() == timedelta()


# The newest conversation


async def test_the_newest_chat_is_the_one_that_was_begun_last(spine, clock):
    """One was begun while the clock was ten days ahead, another after it had been corrected."""
    clock.turn(hours=240)
    first = await spine.open()
    await spine.say(VERA, first)
    clock.turn(hours=-240)
    await spine.close(ANN, first)
    clock.advance(hours=25)  # too late to go on with it
    second = await spine.open()
    assert second != first
    await spine.say(VERA, second, "Good morning")
    assert await spine.open() == second
    assert (await latest(spine.database)).id == second


async def latest(database):
    async with database.read() as connection:
        found = await store.latest_of_visitors(connection, {("acme", "vera")})
    return found["acme", "vera"]


# Who is who


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("hours", [1, -1, 11, -24, -24 * 400])
async def test_whoever_is_signed_in_stays_so(house, hours):
    async with house.browser("ann") as browser:
        house.clock.turn(hours=hours)
        assert (await browser.get("/api/agents")).status_code == 200
        ticket = (await browser.post("/api/tickets", json={})).json()["ticket"]
    assert (await house.identity.tickets.redeem(ticket)).agent_id == house.agents["ann"].id


@pytest.mark.parametrize("hours", [1, -1, 24, -24])
async def test_a_visitor_is_known_again(house, hours):
    visitors, key = house.identity.visitors, house.sites["acme"].key
    first = await visitors.arrive(key)
    house.clock.turn(hours=hours)
    again = await visitors.arrive(key, token=first.token)
    assert again.visitor.id == first.visitor.id
    house.clock.turn(hours=-hours)
    back = await visitors.arrive(key, token=again.token or first.token)
    assert back.visitor.id == first.visitor.id


@pytest.mark.parametrize("hours", [1, -1, 24, -24])
async def test_the_ticket_of_a_page_that_is_open_is_replaced_once_and_good_again(house, hours):
    """It says when it was made. A client that is refused takes a new one."""
    frames, key = house.identity.frames, house.sites["acme"].key
    ticket = frames.issue(key)
    house.clock.turn(hours=hours)
    with pytest.raises(BadTicket):
        frames.check(ticket, key)
    frames.check(frames.issue(key), key)


@pytest.mark.parametrize("hours", [1, -1])  # on another day everybody has another name
async def test_limits_count_time_that_passed_and_not_what_the_wall_says(house, hours):
    async with house.browser() as browser:
        form = {"email": "ann@acme.example", "password": "not hers at all"}
        while (await browser.post("/agent/sign-in", data=form)).status_code != 429:
            pass
        house.clock.turn(hours=hours)
        assert (await browser.post("/agent/sign-in", data=form)).status_code == 429
        house.clock.advance(minutes=16)
        assert (await browser.post("/agent/sign-in", data=form)).status_code == 401
