"""What agents do with transcripts: search the cards, read one, take it along. Reads only."""

from collections.abc import AsyncIterator, Sequence

from msgspec import Struct

from chatserver.conversation import fact_store
from chatserver.conversation.facts import Fact
from chatserver.errors import NotFound
from chatserver.features.transcripts import store, telling
from chatserver.features.transcripts.model import Filter, Place, Transcript
from chatserver.features.transcripts.scores import Score, Scores
from chatserver.identity import site_store
from chatserver.identity.model import AgentSession
from chatserver.storage.database import Database

# Facts of one page: half a megabyte at the longest messages people write, not at the limit.
PAGE = 500


class Found(Struct, frozen=True):
    """A card, the name of its site as it is called today, and how the visitor found it."""

    card: Transcript
    site: str
    rating: Score | None = None


class Transcripts:
    """Every agent of a workspace reads its transcripts; nobody reads those of another."""

    def __init__(self, *, database: Database, ratings: Scores) -> None:
        self._database = database
        self._ratings = ratings

    async def search(
        self, by: AgentSession, wanted: Filter, *, after: Place | None, limit: int
    ) -> list[Found]:
        """The newest first."""
        async with self._database.read() as connection:
            among = None
            if wanted.scores:
                among = self._ratings.with_scores(by.workspace_id, wanted.scores)
            cards = await store.search(
                connection, by.workspace_id, wanted, after=after, limit=limit, among=among
            )
            ids = {card.site_id for card in cards}
            sites = await site_store.get(connection, by.workspace_id, ids)
            keys = [card.conversation_id for card in cards]
            rated = await self._ratings.find_all(connection, by.workspace_id, keys)
        names = {site.id: site.name for site in sites.values()}
        return [
            Found(card, names.get(card.site_id, ""), rated.get(card.conversation_id))
            for card in cards
        ]

    async def find(self, by: AgentSession, conversation_id: str) -> Found:
        """Raises NotFound, also for what belongs to another workspace."""
        async with self._database.read() as connection:
            card = await store.find(connection, by.workspace_id, conversation_id)
            if card is None:
                raise NotFound
            sites = await site_store.get(connection, by.workspace_id, [card.site_id])
            key = card.conversation_id
            rated = await self._ratings.find_all(connection, by.workspace_id, [key])
        site = sites.get(card.site_id)
        return Found(card, site.name if site else "", rated.get(key))

    async def page(
        self, by: AgentSession, conversation_id: str, after: int = 0
    ) -> tuple[list[Fact], int | None]:
        """The facts behind a seq, notes among them, and where to go on; None at the end."""
        async with self._database.read() as connection:
            facts = await fact_store.list_facts(
                connection, by.workspace_id, conversation_id, after=after, limit=PAGE + 1
            )
        more = len(facts) > PAGE
        return facts[:PAGE], facts[PAGE - 1].seq if more else None

    async def quoted(self, by: AgentSession, facts: Sequence[Fact]) -> dict[int, Fact]:
        """The messages that these facts of one chat quote, by their numbers."""
        seqs = {quote for fact in facts if (quote := telling.quoted_by(fact)) is not None}
        if not seqs:
            return {}
        chat = facts[0].conversation_id
        async with self._database.read() as connection:
            return await fact_store.by_number(connection, by.workspace_id, chat, seqs)

    async def pages(self, by: AgentSession, conversation_id: str) -> AsyncIterator[list[Fact]]:
        """All facts, a page at a time: no export holds a whole chat or a long transaction."""
        after: int | None = 0
        while after is not None:
            facts, after = await self.page(by, conversation_id, after)
            yield facts
