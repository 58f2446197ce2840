"""Who may set up: whoever can read what the server printed, as long as nobody did it before."""

import hmac

from chatserver.errors import Gone, Invalid
from chatserver.identity.installation import Beginning, Begun, Installation
from chatserver.ids import Ids

SECRET_CHARS = 100


class Setup:
    """Holds the one-time secret of this process. It is stored nowhere and ends with the set-up."""

    def __init__(self, *, installation: Installation, ids: Ids) -> None:
        self._installation = installation
        self.secret = ids.new()

    async def is_open(self) -> bool:
        return await self._installation.is_empty()

    async def check_open(self) -> None:
        """Raises Gone once an account exists."""
        if not await self.is_open():
            raise Gone("the set-up is over")

    async def begin(self, secret: str, wanted: Beginning) -> Begun:
        """Raises Gone, or Invalid with every field that is wrong."""
        await self.check_open()
        typed = secret[:SECRET_CHARS].strip().lower()
        if not hmac.compare_digest(typed.encode(), self.secret.encode()):
            raise Invalid("the set-up code is wrong", fields={"secret": "unknown"})
        return await self._installation.begin(wanted)
