"""One process of the service and how it comes and goes; and the doors at which clients knock."""

import asyncio
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.prove_long.plan import Plan
from tests.support.proxies import run_front
from tests.support.proxy import Proxy, open_proxy
from tests.support.running import Running, reserved_port


@dataclass(frozen=True)
class Door:
    """The network, with its faults, before one node or before the nginx of all. `origin` is the one
    of the whole service, from which widget and console are served; `address` answers requests that
    no fault is to befall. `node` is the port of the only node behind it; 0: any of them."""

    origin: str
    address: str
    proxy: Proxy
    node: int = 0


class Node:
    """`door` is its own, or the one of all nodes."""

    def __init__(self, service: Running, door: Door) -> None:
        self.service, self.door = service, door
        self.is_up = False

    @property
    def port(self) -> int:
        return self.service.port

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
    """Started; all of them share the folder, and several the database of the plan and an nginx."""
    ports = [stack.enter_context(reserved_port()) for _ in range(plan.nodes)]
    front = await _open_front(plan, folder, ports, stack) if plan.nodes > 1 else None
    origin = front.origin if front else f"http://127.0.0.1:{ports[0]}"
    settings = {"public_url": origin, **plan.settings_of_node()}
    nodes: list[Node] = []
    for port in ports:
        service = Running(folder, port, command="serve", **settings)
        node = Node(service, front or await _open_door(plan, origin, port, port, stack))
        stack.push_async_callback(_close, node)
        await node.start()
        nodes.append(node)
    return nodes


async def _open_front(plan: Plan, folder: Path, ports: list[int], stack: AsyncExitStack) -> Door:
    port = stack.enter_context(reserved_port())
    own = folder.parent / "nginx"
    own.mkdir()
    stack.enter_context(run_front(own, port, ports))
    return await _open_door(plan, f"http://127.0.0.1:{port}", port, 0, stack)


async def _open_door(plan: Plan, origin: str, port: int, node: int, stack: AsyncExitStack) -> Door:
    proxy = Proxy(port, port=port)
    if not plan.is_direct:
        proxy = await stack.enter_async_context(open_proxy(port))
    return Door(origin, f"http://127.0.0.1:{port}", proxy, node)


async def _close(node: Node) -> None:
    node.thaw()
    await asyncio.to_thread(node.service.kill)
    await asyncio.to_thread(node.service.end)
