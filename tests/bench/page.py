"""What the chat costs a page in milliseconds: a blank page, one with a script that does nothing but
ask for the site's settings, and one with the snippet, turn about in one Chromium, at full speed and
with the processor slowed down four times.

`python -m tests.bench.page` prints a table. Work before the click is the main thread's own
processor time, so that neighbours on the machine are not counted; from the click on it is what a
clock shows. The frame shares the page's process here, so that all of it is slowed down and counted;
browsers that keep sites apart do better.
"""

import argparse
import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from tests.bench.table import percentile
from tests.support.hostile import Hosts, open_hosts
from tests.support.machine import chromium_launch_options
from tests.support.running import run_service
from tests.support.website import WebPage

TOGETHER = ("--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process")
SPEEDS = (1, 4)
PAGES = BLANK, TWO, CHAT = "blank", "two-requests", "chat"
# Long enough for idle callbacks on a slowed-down page; a blank one is given the same.
SETTLE_MS = 1_500
LAUNCHER = (1232, 672)
# What two requests cost, whoever makes them: no launcher, no styles, no memory.
BARE = """
const { dataset } = document.currentScript;
const ask = () => fetch(`${dataset.chat}/widget/config?site=${dataset.site}`).then((a) => a.json());
addEventListener("load", () => requestIdleCallback(ask));
"""
BODY = "<h1>Lamps</h1>" + "<p>Lamps that hum.</p>" * 40
# Runs in every frame: long tasks, the moment of the click, the first painted text field.
WATCH = """
  window.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((e) => e.duration)))
    .observe({ type: "longtask", buffered: true });
  const now = () => performance.timeOrigin + performance.now();
  addEventListener("pointerup", () => { window.clicked ??= now(); }, true);
  if (window !== top) {
    const look = () => {
      if (!document.querySelector("textarea")) return requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => { window.usable = now(); }));
    };
    requestAnimationFrame(look);
  }
"""
# Asked of the frame itself: its policy lets nobody evaluate a text, as waiting for a function does.
USABLE = """
new Promise((done) => {
  const look = () => (window.usable ? done(window.usable) : setTimeout(look, 5));
  look();
})
"""


@dataclass
class Figures:
    """Milliseconds, one of each round; `tasks` and `script` by page."""

    tasks: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    script: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    usable: list[float] = field(default_factory=list)
    long_tasks: int = 0


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, run_service(Path(folder)) as service:
        async with open_hosts(service) as hosts, async_playwright() as playwright:
            options: dict[str, Any] = chromium_launch_options()
            options["args"] = [*options["args"], *TOGETHER]
            # Counting by thread slows this browser down from then on: clicks have another.
            browser, clicker = [await playwright.chromium.launch(**options) for _ in range(2)]
            found = {
                speed: await measure((browser, clicker), hosts, speed, rounds) for speed in SPEEDS
            }
            print(f"Chromium {browser.version}, {rounds} rounds, medians (9th of 10) in ms\n")
            print(table(found))
            await browser.close()
            await clicker.close()


async def measure(
    browsers: tuple[Browser, Browser], hosts: Hosts, speed: int, rounds: int
) -> Figures:
    browser, clicker = browsers
    hosts.website.pages["/bare.js"] = WebPage(BARE)
    bare = f'<script async src="/bare.js" data-chat="{hosts.chat}" data-site="{hosts.keys[0]}">'
    bodies = {BLANK: BODY, TWO: f"{BODY}{bare}</script>", CHAT: BODY + hosts.tag()}
    pages = {name: hosts.show(body, path=f"/{name}") for name, body in bodies.items()}
    figures = Figures()
    await visit(browser, pages, CHAT, speed, Figures())  # warms the server, not the browser's cache
    for _ in range(rounds):
        for name in pages:
            await visit(browser, pages, name, speed, figures)
        await click(clicker, pages[CHAT], speed, figures)
    return figures


async def visit(
    browser: Browser, pages: Mapping[str, str], name: str, speed: int, figures: Figures
) -> None:
    """A visitor who was never here, in a context of its own."""
    context = await browser.new_context(viewport={"width": 1280, "height": 720})
    try:
        await context.add_init_script(WATCH)
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        await session.send("Performance.enable", {"timeDomain": "threadTicks"})
        await session.send("Emulation.setCPUThrottlingRate", {"rate": speed})
        await page.goto(pages[name])
        await page.wait_for_timeout(SETTLE_MS)
        task, script = await spent(session)
        figures.tasks[name].append(task)
        figures.script[name].append(script)
        long_tasks = len(await page.evaluate("longTasks"))
        if name == BLANK:
            figures.long_tasks -= long_tasks
        elif name == CHAT:
            figures.long_tasks += long_tasks
    finally:
        await context.close()


async def click(browser: Browser, address: str, speed: int, figures: Figures) -> None:
    """From the finger to the field, in the browser where nothing is counted."""
    context = await browser.new_context(viewport={"width": 1280, "height": 720})
    try:
        await context.add_init_script(WATCH)
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": speed})
        await page.goto(address)
        await page.wait_for_timeout(SETTLE_MS)
        figures.usable.append(await opened(page))
    finally:
        await context.close()


async def spent(session: CDPSession) -> tuple[float, float]:
    """The page's main thread: all of its work, and the part that was script."""
    answer = await session.send("Performance.getMetrics")
    values = {metric["name"]: metric["value"] * 1000 for metric in answer["metrics"]}
    return values["TaskDuration"], values["ScriptDuration"]


async def opened(page: Page) -> float:
    """From the finger to a painted text field."""
    async with page.expect_event("frameattached") as coming:
        await page.mouse.click(*LAUNCHER)
    frame = await coming.value
    await frame.wait_for_selector("textarea")
    usable: float = await frame.evaluate(USABLE)
    clicked: float = await page.evaluate("clicked")
    return usable - clicked


def table(found: dict[int, Figures]) -> str:
    head = ("processor", *PAGES, "more", "of it script", "more long tasks", "usable")
    rows = [head, tuple("---" for _ in head)]
    for speed, figures in found.items():
        tasks, script = figures.tasks, figures.script
        rows.append(
            (
                f"{speed}x slower" if speed > 1 else "full speed",
                *(spread(tasks[name]) for name in PAGES),
                f"{median(tasks[CHAT]) - median(tasks[BLANK]):.1f}",
                f"{median(script[CHAT]) - median(script[BLANK]):.1f}",
                str(figures.long_tasks),
                spread(figures.usable),
            )
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def spread(values: list[float]) -> str:
    return f"{median(values):.1f} ({percentile(values, 0.9):.1f})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.page", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    asyncio.run(main(parser.parse_args().rounds))
