"""One process of the service behind its proxy, and how it comes and goes."""

import asyncio
import signal
from contextlib import AsyncExitStack
from pathlib import Path

from tests.prove_long.plan import Plan
from tests.support.proxy import Proxy, open_proxy
from tests.support.running import Running, reserved_port


class Node:
    """`origin` is the one of the whole service: what widget and console are served from."""

    def __init__(self, service: Running, proxy: Proxy, origin: str) -> None:
        self.service, self.proxy, self.origin = service, proxy, origin
        self.is_up = False

    async def start(self, failpoint: str = "") -> None:
        """Another life. `failpoint`: where it will end by itself."""
        self.service.failpoint = failpoint
        await asyncio.to_thread(self.service.start)
        self.is_up = True

    async def kill(self) -> None:
        self.is_up = False
        await asyncio.to_thread(self.service.kill)

    async def died(self, seconds: float) -> bool:
        """Waits for the end that somebody else has caused."""
        has_died = await asyncio.to_thread(self.service.died, seconds)
        self.is_up = not has_died
        return has_died

    def freeze(self) -> None:
        self.service.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.service.send_signal(signal.SIGCONT)

    def terminate(self) -> None:
        self.service.send_signal(signal.SIGTERM)


async def open_nodes(plan: Plan, folder: Path, stack: AsyncExitStack) -> list[Node]:
    """Started; all of them share the folder, and with several the database of the plan."""
    nodes: list[Node] = []
    ports = [stack.enter_context(reserved_port()) for _ in range(plan.nodes)]
    origin = f"http://127.0.0.1:{ports[0]}"
    settings = {"public_url": origin, **plan.settings_of_node()}
    for port in ports:
        service = Running(folder, port, command="serve", **settings)
        proxy = Proxy(port, port=port) if plan.is_direct else await _open_proxy(port, stack)
        node = Node(service, proxy, origin)
        stack.push_async_callback(_close, node)
        await node.start()
        nodes.append(node)
    return nodes


async def _open_proxy(port: int, stack: AsyncExitStack) -> Proxy:
    return await stack.enter_async_context(open_proxy(port))


async def _close(node: Node) -> None:
    node.thaw()
    await asyncio.to_thread(node.service.kill)
    await asyncio.to_thread(node.service.end)
