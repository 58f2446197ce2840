"""The simulated broker: loses, delays, reorders and repeats hints, and is down at times."""

from collections.abc import Callable

from chatserver.broker.base import Listener
from tests.prove.chance import Chance
from tests.prove.schedule import Schedule

# How long a node takes to notice that the bus is down or up again, in seconds.
NOTICE = 1.0
# A hint that takes no longer was not troubled by anything.
SOON = 0.1


class Bus:
    """What all nodes' endpoints share."""

    def __init__(self, schedule: Schedule, chance: Chance) -> None:
        self.schedule, self.chance = schedule, chance
        self.topics: dict[str, dict[int, tuple[Endpoint, Listener]]] = {}
        self.is_down = False
        self.looks_down = False
        self.endpoints = 0
        self._next = 0
        self.troubles = 0  # hints that did not arrive at once and in order

    def join(self, topic: str, endpoint: "Endpoint", listener: Listener) -> Callable[[], None]:
        self._next += 1
        key = self._next
        self.topics.setdefault(topic, {})[key] = (endpoint, listener)

        def leave() -> None:
            listeners = self.topics.get(topic, {})
            listeners.pop(key, None)
            if not listeners:
                self.topics.pop(topic, None)

        return leave

    def go_down(self, seconds: float) -> None:
        if self.is_down:
            return
        self.is_down = True
        self.schedule.after(NOTICE, self._notice, True)
        self.schedule.after(seconds, self._come_up)
        self.schedule.after(seconds + NOTICE, self._notice, False)

    def _come_up(self) -> None:
        self.is_down = False

    def _notice(self, down: bool) -> None:
        self.looks_down = down


class Endpoint:
    """One node's broker. One publisher's hints keep their order, unless chance breaks even that."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        bus.endpoints += 1
        self.number = bus.endpoints
        self._arrives: dict[int, float] = {}
        self.is_open = True

    @property
    def degraded(self) -> bool:
        return self._bus.looks_down

    def publish(self, topic: str, hint: bytes) -> None:
        listeners = self._bus.topics.get(topic)
        if not listeners:
            return
        for endpoint, listener in listeners.values():
            self._send(endpoint, listener, topic, hint)

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        return self._bus.join(topic, self, listener)

    async def close(self) -> None:
        self.is_open = False

    def _send(self, to: "Endpoint", listener: Listener, topic: str, hint: bytes) -> None:
        bus, chance = self._bus, self._bus.chance
        bus.troubles += 1
        dice, weather = chance.random.random(), chance.weather
        delay = 0.0005 + 0.004 * dice
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
                bus.schedule.after(chance.between(0.0, 1.5), to.hear, listener, topic, hint)
                return
            dice -= weather.hint_twice
            if dice < 0:
                chance.faults["hint twice"] += 1
                bus.schedule.after(chance.between(0.0, 1.5), to.hear, listener, topic, hint)
            elif dice < weather.hint_late:
                chance.faults["hint late"] += 1
                delay = chance.between(0.05, 1.0)
        now = bus.schedule.now
        when = max(now + delay, self._arrives.get(to.number, 0.0))
        if when - now < SOON:
            bus.troubles -= 1
        self._arrives[to.number] = when
        bus.schedule.after(when - now, to.hear, listener, topic, hint)

    def hear(self, listener: Listener, topic: str, hint: bytes) -> None:
        if self.is_open:
            listener(topic, hint)
