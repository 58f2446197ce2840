"""The simulated broker: loses, delays, reorders and repeats hints, and is down at times. What other
nodes publish is heard once a subscription is in force."""

from collections.abc import Callable
from functools import partial

from chatserver.broker.base import Listener
from tests.prove.chance import Chance
from tests.prove.schedule import Schedule

# How long a node takes to notice that the bus is down or up again, in seconds.
NOTICE = 1.0
# A hint that takes no longer was not troubled by anything.
SOON = 0.1
# Nobody waits longer for a subscription to be in force.
SETTLE = 1.0

Resume = Callable[[object], None]


class Subscription:
    """`since` is when it comes into force; None while the bus is down."""

    __slots__ = ("endpoint", "listener", "since")

    def __init__(self, endpoint: "Endpoint", listener: Listener, since: float | None) -> None:
        self.endpoint, self.listener, self.since = endpoint, listener, since


class Bus:
    """What all nodes' endpoints share."""

    def __init__(self, schedule: Schedule, chance: Chance) -> None:
        self.schedule, self.chance = schedule, chance
        self.topics: dict[str, dict[int, Subscription]] = {}
        self.is_down = False
        self.looks_down = False
        self.endpoints: list[Endpoint] = []
        self._next = 0
        self.troubles = 0  # hints that did not arrive at once and in order

    def join(self, topic: str, endpoint: "Endpoint", listener: Listener) -> Callable[[], None]:
        self._next += 1
        key = self._next
        since = None if self.is_down else self.schedule.now + self._round_trip()
        self.topics.setdefault(topic, {})[key] = Subscription(endpoint, listener, since)
        endpoint.settles_at = max(endpoint.settles_at, since or 0.0)

        def leave() -> None:
            listeners = self.topics.get(topic, {})
            listeners.pop(key, None)
            if not listeners:
                self.topics.pop(topic, None)

        return leave

    def forget(self, endpoint: "Endpoint") -> None:
        """Its process is gone."""
        self.endpoints.remove(endpoint)
        for topic, listeners in list(self.topics.items()):
            for key in [key for key, one in listeners.items() if one.endpoint is endpoint]:
                del listeners[key]
            if not listeners:
                del self.topics[topic]

    def go_down(self, seconds: float) -> None:
        if self.is_down:
            return
        self.is_down = True
        self.schedule.after(NOTICE, self._notice, True)
        self.schedule.after(seconds, self._come_up)
        self.schedule.after(seconds + NOTICE, self._notice, False)

    def _come_up(self) -> None:
        """Nobody is subscribed to anything: each node asks anew, and doubts what it heard."""
        self.is_down = False
        for endpoint in self.endpoints:
            endpoint.settles_at = self.schedule.now + self._round_trip()
            self.schedule.after(endpoint.settles_at - self.schedule.now, endpoint.doubts)
        for listeners in self.topics.values():
            for one in listeners.values():
                one.since = one.endpoint.settles_at

    def _round_trip(self) -> float:
        if self.chance.strikes("late subscription", self.chance.weather.subscription_late):
            return self.chance.between(0.05, 0.9 * SETTLE)
        return self.chance.between(0.0005, 0.003)

    def _notice(self, down: bool) -> None:
        self.looks_down = down


class Endpoint:
    """One node's broker. One publisher's hints keep their order, unless chance breaks even that."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        bus.endpoints.append(self)
        self._arrives: dict[Endpoint, float] = {}
        self.settles_at = 0.0
        self._waits: Resume | None = None
        self.is_open = True

    @property
    def degraded(self) -> bool:
        return self._bus.looks_down

    def publish(self, topic: str, hint: bytes) -> None:
        listeners = self._bus.topics.get(topic)
        if not listeners:
            return
        now = self._bus.schedule.now
        for one in listeners.values():
            in_force = one.since is not None and one.since <= now
            if one.endpoint is self or self._bus.is_down or in_force:
                self._send(one, topic, hint)

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        return self._bus.join(topic, self, listener)

    def settling_seconds(self) -> float:
        """Until all subscriptions are in force; 0 where that cannot be had."""
        if self._bus.is_down:
            return 0.0
        return min(SETTLE, max(0.0, self.settles_at - self._bus.schedule.now))

    def doubting(self, seconds: float) -> Callable[[Resume], None]:
        """What a task yields to wait for so long, or until hints may have been lost."""

        def wait(resume: Resume) -> None:
            def wake(_reason: object = None) -> None:
                if self._waits is wake:
                    self._waits = None
                    resume(None)

            self._waits = wake
            self._bus.schedule.after(seconds, wake)

        return wait

    def doubts(self) -> None:
        if self._waits is not None:
            self._waits(None)

    async def close(self) -> None:
        self.is_open = False

    def _send(self, to: Subscription, topic: str, hint: bytes) -> None:
        bus, chance = self._bus, self._bus.chance
        bus.troubles += 1
        dice, weather = chance.random.random(), chance.weather
        delay = 0.0005 + 0.004 * dice
        arrive = partial(to.endpoint.hear, to.listener, topic, hint)
        if bus.is_down:
            chance.faults["hint lost, bus down"] += 1
            return
        if not chance.calm:
            dice -= weather.hint_lost
            if dice < 0:
                chance.faults["hint lost"] += 1
                return
            dice -= weather.hint_disordered
            if dice < 0:
                chance.faults["hint out of order"] += 1
                bus.schedule.after(chance.between(0.0, 1.5), arrive)
                return
            dice -= weather.hint_twice
            if dice < 0:
                chance.faults["hint twice"] += 1
                bus.schedule.after(chance.between(0.0, 1.5), arrive)
            elif dice < weather.hint_late:
                chance.faults["hint late"] += 1
                delay = chance.between(0.05, 1.0)
        self._send_in_order(to.endpoint, delay, arrive)

    def _send_in_order(self, to: "Endpoint", delay: float, arrive: Callable[[], None]) -> None:
        now = self._bus.schedule.now
        when = max(now + delay, self._arrives.get(to, 0.0))
        if when - now < SOON:
            self._bus.troubles -= 1
        self._arrives[to] = when
        self._bus.schedule.after(when - now, arrive)

    def hear(self, listener: Listener, topic: str, hint: bytes) -> None:
        if self.is_open:
            listener(topic, hint)
