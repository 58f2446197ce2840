"""Every failure the service can tell a caller about. Nothing here knows HTTP or WebSockets."""


class ChatError(Exception):
    """Base of all expected failures. `code` is stable and public; the message is for humans.

    `temporary` says that the same request may succeed later, `retry_after` (seconds) when to try,
    `fields` names the form fields that are wrong and why.
    """

    code = "internal"
    temporary = False

    def __init__(
        self,
        message: str = "",
        *,
        retry_after: float | None = None,
        fields: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message or self.__doc__ or self.code)
        self.retry_after = retry_after
        self.fields = fields or {}

    @property
    def message(self) -> str:
        return str(self)


class Internal(ChatError):
    """Something went wrong on our side."""


class BadRequest(ChatError):
    """The request is malformed."""

    code = "bad_request"


class BadFrame(BadRequest):
    """The frame is not JSON or its fields are wrong."""

    code = "bad_frame"


class UnknownType(BadFrame):
    """No frame has this `t`."""

    code = "unknown_type"


class TextEmpty(BadRequest):
    """The message has no text."""

    code = "text_empty"


class TextTooLong(BadRequest):
    """The message is longer than the limit."""

    code = "text_too_long"


class BadText(BadRequest):
    """The text holds characters that cannot be stored or shown."""

    code = "bad_text"


class Invalid(BadRequest):
    """Some fields are wrong; `fields` says which."""

    code = "invalid"


class LengthRequired(BadRequest):
    """An upload says beforehand how long it is."""

    code = "length_required"


class FileType(BadRequest):
    """The content of this file is not of an accepted type."""

    code = "file_type"


class Unauthenticated(ChatError):
    """Sign in first."""

    code = "unauthenticated"


class BadCredentials(Unauthenticated):
    """The e-mail address or the password is wrong."""

    code = "bad_credentials"


class BadTicket(Unauthenticated):
    """The ticket is unknown, used or expired."""

    code = "bad_ticket"


class BadToken(Unauthenticated):
    """The visitor token is unknown or expired."""

    code = "bad_token"


class IdentityRefused(Unauthenticated):
    """The page's word for who its visitor is was not believed."""

    code = "identity_refused"


class IdentityInvalid(IdentityRefused):
    """The identity token is malformed, or lacks or misuses a claim."""

    code = "identity_invalid"


class IdentityUnknownKey(IdentityRefused):
    """No key of this site signed the identity token."""

    code = "identity_unknown_key"


class IdentityExpired(IdentityRefused):
    """The identity token is over; the site's server makes a new one for each page."""

    code = "identity_expired"


class IdentityLifetime(IdentityRefused):
    """The identity token lives for too long."""

    code = "identity_lifetime"


class IdentityWrongSite(IdentityRefused):
    """The identity token was made for another site."""

    code = "identity_wrong_site"


class Forbidden(ChatError):
    """This role may not do that."""

    code = "forbidden"


class BadOrigin(Forbidden):
    """The request came from a website that is not allowed."""

    code = "bad_origin"


class NotFound(ChatError):
    """There is no such thing, or it is not yours to see."""

    code = "not_found"


class Rejected(ChatError):
    """The request is well formed, but the rules say no in the current state."""

    code = "rejected"


class FormRequired(Rejected):
    """The site asks for some things before a chat; the welcome says which."""

    code = "form_required"


class ConversationEnded(Rejected):
    """The conversation closed too long ago; start a new one."""

    code = "conversation_ended"


class RatingOver(Rejected):
    """The conversation closed too long ago to be rated."""

    code = "rating_over"


class Conflict(ChatError):
    """The thing changed in the meantime; look again."""

    code = "conflict"


class ClientIdConflict(Conflict):
    """This client_id already belongs to a message with another content."""

    code = "client_id_conflict"


class Gone(ChatError):
    """This was valid once and is over."""

    code = "gone"


class FileGone(Gone):
    """This file is not there, not yours, or part of another message already."""

    code = "file_gone"


class QuoteGone(Gone):
    """There is no such message to quote in this conversation."""

    code = "quote_gone"


class TooLarge(ChatError):
    """The request is larger than the limit."""

    code = "too_large"


class FileTooLarge(TooLarge):
    """The file is larger than the limit, in bytes or in pixels."""

    code = "file_too_large"


class RateLimited(ChatError):
    """Too many requests; wait a moment."""

    code = "rate_limited"
    temporary = True


class TooManyRequests(ChatError):
    """Too many requests of this connection still wait for their reply."""

    code = "too_many_requests"
    temporary = True


class Unavailable(ChatError):
    """The service cannot do this right now; try again."""

    code = "unavailable"
    temporary = True


class StorageFull(Unavailable):
    """There is no room for this file right now."""

    code = "storage_full"
