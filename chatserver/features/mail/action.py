"""What other slices may ask for: `app.py` hands these on, so that nobody imports this one."""

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.errors import Invalid, RateLimited
from chatserver.features.mail.letters import Letters
from chatserver.features.mail.outbox import Outbox
from chatserver.identity import workspace_store
from chatserver.identity.model import AgentSession, Invitation
from chatserver.mail import Answers, Mail
from chatserver.web.languages import DEFAULT, VISITORS, nearest


class Action:
    """Everything here writes in its caller's transaction: no commit, no mail."""

    def __init__(self, *, outbox: Outbox, letters: Letters) -> None:
        self._outbox = outbox
        self._letters = letters

    async def send(self, connection: AsyncConnection, workspace_id: str, mail: Mail) -> str:
        """The mail's id. Raises Rejected when mail is not configured, Invalid or RateLimited."""
        return (await self._outbox.send(connection, workspace_id, mail)).id

    async def invite(
        self, connection: AsyncConnection, by: AgentSession, invitation: Invitation, link: str
    ) -> bool:
        """Sends the link of an invitation, in the language of who invites. False when it goes by
        hand alone: mail is not configured, or this address cannot have one now."""
        if self._outbox.sender is None:
            return False
        workspace = await workspace_store.find(connection, by.workspace_id)
        mail = self._letters.write(
            "invitation",
            invitation.email,
            nearest(by.locale) or DEFAULT,
            name=by.name,
            workspace=workspace.name,
            until=f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC",
            link=link,
        )
        try:
            await self.send(connection, by.workspace_id, mail)
        except (Invalid, RateLimited):
            return False
        return True

    @property
    def is_on(self) -> bool:
        """Whether mail is configured."""
        return self._outbox.sender is not None

    async def remind(self, connection: AsyncConnection, workspace_id: str, said: Answers) -> None:
        """Tells a visitor who left what was answered. Raises as `send`."""
        mail = self._letters.write(
            "answers",
            said.to,
            nearest(said.language, VISITORS) or DEFAULT,
            answers=said.answers,
            site=said.site,
            earlier=str(said.earlier or ""),
            link=said.link,
            days=str(said.days),
            refusal=said.refusal,
        )
        headers = {"List-Unsubscribe": f"<{said.refusal}>"}
        await self.send(connection, workspace_id, replace(mail, headers=headers))
