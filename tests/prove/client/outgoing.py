"""One message that the server has not shown back to us yet: outgoing.ts."""


class Outgoing:
    """`state` is waiting, sending, sent or failed; `lane` a conversation, for agents."""

    __slots__ = ("at", "client_id", "code", "lane", "private", "state", "text")

    def __init__(
        self, client_id: str, lane: str, text: str, at: float, *, private: bool = False
    ) -> None:
        self.client_id, self.lane, self.text, self.at = client_id, lane, text, at
        self.private = private
        self.state = "waiting"
        self.code: str | None = None

    def again(self) -> "Outgoing":
        """As another tab finds it: what was in flight goes out again."""
        copy = Outgoing(self.client_id, self.lane, self.text, self.at, private=self.private)
        if self.state == "failed":
            copy.state, copy.code = "failed", self.code
        return copy
