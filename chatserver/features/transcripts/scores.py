"""What the transcripts ask of whoever keeps ratings. `app.py` hands it in."""

from collections.abc import Collection, Mapping
from typing import Protocol

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection


class Score(Protocol):
    """How a visitor found a conversation, from 1 to 5."""

    @property
    def score(self) -> int: ...

    @property
    def resolved(self) -> bool | None: ...


class Scores(Protocol):
    async def find_all(
        self, connection: AsyncConnection, workspace_id: str, conversation_ids: Collection[str], /
    ) -> Mapping[str, Score]: ...

    def with_scores(self, workspace_id: str, scores: Collection[int], /) -> Select[tuple[str]]: ...
