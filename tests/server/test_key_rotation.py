"""The key of the tickets is changed while people chat: nobody has to reload, and after a while what
the old key signed is worth nothing (security J10)."""

from websockets.exceptions import ConnectionClosed

from tests.support.running import run_service
from tests.support.sockets import dial, frame_boot, open_chat, open_visitor, site_key

OLD, NEW = "o" * 48, "n" * 48


async def greet(service, site, ticket, token=None):
    """What a page that was loaded with this ticket gets: `welcome`, or the close code."""
    async with dial(service, "/ws/visitor") as wire:
        hello = {"t": "hello", "v": 1, "site": site, "ticket": ticket, "tab": "t"}
        await wire.send(hello | ({"token": token} if token else {}))
        try:
            return (await wire.until("welcome"))["t"]
        except ConnectionClosed as closed:
            return closed.rcvd.code


async def test_a_key_is_changed_without_a_break(tmp_path):
    key = tmp_path / "secret.key"
    key.write_text(OLD)
    with run_service(tmp_path) as service:
        site = await site_key(service)
        loaded_before = (await frame_boot(service, site))["ticket"]
        async with open_visitor(service, site) as wire:
            token, chat = wire.welcome["token"], await open_chat(wire)
        service.stop()
        key.write_text(f"{NEW},{OLD}")
        service.start()
        assert await greet(service, site, loaded_before, token) == "welcome"
        loaded_between = (await frame_boot(service, site))["ticket"]
        service.stop()
        key.write_text(NEW)
        service.start()
        assert await greet(service, site, loaded_before, token) == 4501
        assert await greet(service, site, loaded_between, token) == "welcome"
        async with open_visitor(service, site, token=token) as wire:
            assert wire.welcome["conversation"]["id"] == chat
