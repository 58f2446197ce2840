"""One thing of each kind that a door may ask for by id. Each function makes one in the session's
workspace and returns its id."""

from datetime import UTC, datetime

from chatserver.features.canned.model import Draft
from chatserver.features.canned.service import CannedReplies
from chatserver.features.mail import store as mail_store
from chatserver.features.mail.model import Letter, State
from chatserver.features.transcripts import store as transcript_store
from chatserver.features.transcripts.model import Transcript
from chatserver.identity import (
    person_store,
    site_store,
    visitor_store,
    workspace_store,
)
from chatserver.identity.model import (
    Agent,
    Algorithm,
    Role,
    SiteFields,
    Visitor,
    Workspace,
)
from chatserver.identity.person_store import Person

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def sign_in(app, workspace_id, name, role):
    """A person with a session, without the cost of a password."""
    agent = Agent(
        name, workspace_id, f"p-{name}", name, f"{name}@{workspace_id}.example", role, False, NOW
    )
    async with app.parts.database.write() as connection:
        if name in ("agent", "foreign"):
            workspace = Workspace(workspace_id, workspace_id, NOW)
            await workspace_store.add(connection, workspace)
        person = Person(agent.person_id, agent.email, name, "en", "!", NOW)
        await person_store.add(connection, person)
        await person_store.add_membership(connection, agent)
        return await app.parts.identity.sessions.open(connection, agent, "en")


async def make_site(app, session):
    site = app.parts.identity.sites.new(session.workspace_id, SiteFields(name="S", origins=[]))
    async with app.parts.database.write() as connection:
        await site_store.add(connection, site)
    return site.id


async def make_agent(app, session):
    name = app.parts.ids.new()
    await sign_in(app, session.workspace_id, name, Role.AGENT)
    return name


async def make_invitation(app, session):
    email = f"{app.parts.ids.new()}@new.example"
    invitations = app.parts.identity.invitations
    return (await invitations.invite(session, email, Role.AGENT))[1].id


async def make_reply(app, session):
    parts = app.parts
    replies = CannedReplies(database=parts.database, clock=parts.clock, ids=parts.ids)
    return (await replies.add(session, Draft(parts.ids.new(), "T", "T"))).id


async def make_transcript(app, session):
    card = Transcript(
        conversation_id=app.parts.ids.new(),
        workspace_id=session.workspace_id,
        site_id="s",
        visitor_id="v",
        visitor_name=None,
        visitor_email=None,
        agents=(),
        phase="closed",
        opened_at=NOW,
        closed_at=NOW,
        last_at=NOW,
        messages=1,
        position=1,
    )
    async with app.parts.database.write() as connection:
        await transcript_store.add(connection, card, [])
    return card.conversation_id


async def make_letter(app, session):
    now = app.parts.clock.now()
    letter = Letter(
        id=app.parts.ids.new(),
        workspace_id=session.workspace_id,
        kind="test",
        recipient="bo@new.example",
        subject="S",
        text="T",
        html="",
        headers={},
        message_id="<m@new.example>",
        state=State.FAILED,
        attempts=9,
        next_at=None,
        error="550 no",
        created_at=now,
        updated_at=now,
    )
    async with app.parts.database.write() as connection:
        await mail_store.add(connection, letter)
    return letter.id


async def make_identity_key(app, session):
    site_id = await make_site(app, session)
    keys = app.parts.identity.identity_keys
    return (await keys.add(session, site_id, Algorithm.HS256)).key.id


async def make_visitor(app, session):
    visitor = Visitor(
        app.parts.ids.new(), session.workspace_id, await make_site(app, session), NOW, NOW
    )
    async with app.parts.database.write() as connection:
        await visitor_store.add(connection, visitor)
    return visitor.id


OF_A_SITE = (
    "",
    "/check",
    "/greetings",
    "/hours",
    "/identity-keys",
    "/pictures",
    "/preview",
    "/widget",
)
MAKE = {
    "/api/agents/{id}": make_agent,
    "/api/agents/{id}/photo": make_agent,
    "/api/canned-replies/{id}": make_reply,
    "/api/identity-keys/{id}": make_identity_key,
    "/api/invitations/{id}": make_invitation,
    "/api/mail/outbox/{id}": make_letter,
    **{f"/api/sites/{{id}}{rest}": make_site for rest in OF_A_SITE},
    "/api/transcripts/{id}": make_transcript,
    "/api/transcripts/{id}/text": make_transcript,
    "/agent/transcripts/{id}/print": make_transcript,
    "/api/visitors/{id}": make_visitor,
}
