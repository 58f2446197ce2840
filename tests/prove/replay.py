"""Plays a trace to the Python client: a tab without a network, whose server is the file."""

from typing import Any

import msgspec

from tests.prove.client.browser import Browser
from tests.prove.client.connection import Connection
from tests.prove.client.visitor import VisitorOptions, VisitorTab
from tests.prove.schedule import Clock, Schedule

HALF = 0.5  # the dice of every trace
Frame = dict[str, Any]


class Line:
    """One dialled connection; what is sent on it is kept as JSON without empty fields."""

    def __init__(self, sent: list[Frame]) -> None:
        self._sent = sent

    def send(self, data: bytes) -> None:
        self._sent.append(_without_empty(msgspec.json.decode(data)))

    def close(self) -> None:
        return None


class Blind:
    """A `Watcher` that looks at nothing: the trace says what must be shown."""

    def applied(self, _fact: Any) -> None: ...

    def prepended(self, _fact: Any) -> None: ...

    def dropped(self) -> None: ...

    def marked(self, _conversation: str, _seq: int) -> None: ...


class Replay:
    def __init__(self) -> None:
        self.schedule = Schedule()
        self.sent: list[Frame] = []
        self._all: list[Frame] = []
        self._ids = 0
        self._line = Line(self.sent)
        clock = Clock(self.schedule)
        page = {"url": "https://shop.example/"}
        fixed = {"site": "KEY", "ticket": "ticket", "locale": "en", "page": page}
        self.tab = VisitorTab(
            VisitorOptions(
                name="tab",
                browser=Browser(has_locks=False),
                clock=clock,
                dial=self._dial,
                new_id=self._new_id,
                random=lambda: HALF,
                watcher=Blind(),
                hello=fixed,
                on_outcome=lambda _message, _outcome: None,
            )
        )

    def play(self, step: dict[str, Any]) -> None:
        ((word, value),) = step.items()
        self._do(word, value)
        self.schedule.settle()

    def sent_since(self) -> list[Frame]:
        """Frames since the last time somebody asked."""
        sent = self.sent.copy()
        self._all += sent
        self.sent.clear()
        return sent

    def state(self) -> dict[str, Any]:
        tab = self.tab
        return {
            "shown": [fact.seq for fact in tab.state.thread],
            "outbox": [[m.client_id, m.state] for m in tab.outbox.messages],
            "stage": tab.connection.stage,
            "conversation": tab.state.conversation,
        }

    def _do(self, word: str, value: Any) -> None:
        tab, connection = self.tab, self.tab.connection
        match word:
            case "open":
                connection.opened(self._line)
            case "say":
                connection.message(self._line, msgspec.json.encode(self._answer(value)))
            case "drop":
                connection.closed(self._line, value)
            case "write":
                tab.write(value)
            case "jump":
                tab.clock.jump_ms += value
            case "pass":
                self.schedule.run_until(self.schedule.now + value / 1000)
            case "earlier":
                tab.catch_up.earlier()
            case "nudge":
                connection.nudge()
            case "start" | "seen" | "end":
                getattr(tab, word)()
            case _:
                raise ValueError(f"no trace knows the word {word}")

    def _answer(self, frame: Frame) -> Frame:
        """A reply to the last frame of its kind."""
        if frame.get("id") != "last":
            return frame
        asked = [sent for sent in [*self._all, *self.sent] if sent["t"] == frame["to"]]
        return {key: value for key, value in frame.items() if key != "to"} | {"id": asked[-1]["id"]}

    def _dial(self, _connection: Connection) -> Line:
        self._line = Line(self.sent)
        return self._line

    def _new_id(self) -> str:
        self._ids += 1
        return f"id-{self._ids}"


def _without_empty(frame: Frame) -> Frame:
    """As JavaScript writes it: what is not set is not there."""
    return {
        key: _without_empty(value) if isinstance(value, dict) else value
        for key, value in frame.items()
        if value not in (None, "", [])
    }
