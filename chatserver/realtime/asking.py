"""What a site asks its visitors for, on its way to them and back."""

from chatserver.errors import FormRequired
from chatserver.identity import forms
from chatserver.identity.forms import Answers, Ask
from chatserver.identity.model import Arrival, Profile, Site, Visitor
from chatserver.identity.profiles import Profiles, Said
from chatserver.identity.widget.forms import Forms
from chatserver.protocol import visitor as wire


class Asking:
    """`mails`: whether this installation can answer by mail at all."""

    def __init__(self, profiles: Profiles, *, mails: bool) -> None:
        self._profiles = profiles
        self._mails = mails

    async def due(
        self, arrival: Arrival, *, has_chat: bool
    ) -> tuple[wire.FormAsk | None, wire.FormAsk | None]:
        """What is left to be asked before a chat, and for a message while nobody is there. Nothing
        once a chat is under way."""
        settings = arrival.site.widget.forms
        if has_chat or not (settings.before or settings.offline):
            return None, None
        visitor, profile = await self._known(arrival.visitor)
        before = forms.to_ask(settings, visitor, profile)
        offline = forms.to_ask_offline(settings, visitor, profile)
        return _due(settings, before, offline, mails=self._mails)

    async def said(self, site: Site, visitor: Visitor, form: wire.Form, *, has_chat: bool) -> Said:
        """What is to be kept of a form. Raises Invalid for answers that are wrong, FormRequired
        when there are none and some are needed."""
        settings = site.widget.forms
        if has_chat or not (settings.before or form.offline):
            return Said(name=form.name, email=form.email, phone=form.phone)
        visitor, profile = await self._known(visitor)
        if form.offline:
            ask = forms.to_ask_offline(settings, visitor, profile)
        else:
            ask = forms.to_ask(settings, visitor, profile)
        if form == wire.Form():
            if any(field.required for field in ask.fields) or ask.consent is not None:
                raise FormRequired
            return Said()
        return _beside(ask, form)

    async def _known(self, visitor: Visitor) -> tuple[Visitor, Profile]:
        now, profile, _ = await self._profiles.find(visitor.workspace_id, visitor.id)
        return now, profile


def due_from_a_stranger(
    settings: Forms, *, mails: bool
) -> tuple[wire.FormAsk | None, wire.FormAsk | None]:
    """What a visitor meets of whom nothing is known: for the owner to look at."""
    return _due(settings, *forms.to_ask_a_stranger(settings), mails=mails)


def _due(
    settings: Forms, before: Ask, offline: Ask, *, mails: bool
) -> tuple[wire.FormAsk | None, wire.FormAsk | None]:
    return (
        _frame(before, mails) if before.is_needed else None,
        _frame(offline, mails) if settings.offline else None,
    )


def _frame(ask: Ask, mails: bool) -> wire.FormAsk:
    consent = ask.consent
    return wire.FormAsk(
        fields=[
            wire.FormField(field.key, field.kind, field.label, field.required, list(field.options))
            for field in ask.fields
        ],
        consent=wire.FormConsent(consent.text, consent.version, consent.link) if consent else None,
        mails=mails,
    )


def _beside(ask: Ask, form: wire.Form) -> Said:
    """What is given besides what was asked for counts too: the page knows the name, say."""
    own = {"name": form.name, "email": form.email, "phone": form.phone}
    given = {key: text for key, text in own.items() if text}
    asked = {field.key for field in ask.fields}
    answers = Answers(form.answers | given, form.consent)
    said = forms.said(ask, answers)
    more = {key: text for key, text in given.items() if key not in asked}
    return Said(
        name=said.name or more.get("name"),
        email=said.email or more.get("email"),
        phone=said.phone or more.get("phone"),
        answers=said.answers,
        consent_version=said.consent_version,
    )
