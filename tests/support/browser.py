"""Chromium for tests: with and without third-party storage, contexts that remember trouble."""

import json
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.support.machine import chromium_launch_options

CI = bool(os.environ.get("CI"))
ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "chatserver" / "static" / "build"
PATIENCE_MS = 10_000
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
# The loader keeps its shadow root closed, and a closed root hides from locators and from axe.
OPEN_SHADOWS = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) {
  return attach.call(this, { ...options, mode: "open" });
};
"""
# Private windows block third-party storage, others do not; this profile allows it everywhere.
ALLOWED = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}


def require_browser_and_built_files() -> None:
    """Skips with the reason; in CI nothing may be missing, so there it fails."""
    missing = [f"{name} is not built" for name in ("widget", "agent") if not _is_built(name)]
    try:
        chromium_launch_options()
    except FileNotFoundError as error:
        missing.append(str(error))
    if missing:
        reason = "browser tests need more: " + "; ".join(missing)
        pytest.fail(reason) if CI else pytest.skip(reason)


def _is_built(name: str) -> bool:
    return (BUILT / name / "manifest.json").exists()


@dataclass
class Browsers:
    """Two Chromiums: what a private window does with third parties, and what others allow."""

    blocking: Browser
    allowing: Browser


@asynccontextmanager
async def open_browsers() -> AsyncIterator[Browsers]:
    expect.set_options(timeout=PATIENCE_MS)
    options: dict[str, Any] = chromium_launch_options()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        _write_profile(Path(folder))
        async with async_playwright() as playwright:
            blocking = await playwright.chromium.launch(**options)
            home = await playwright.chromium.launch_persistent_context(folder, **options)
            assert home.browser is not None
            try:
                yield Browsers(blocking, home.browser)
            finally:
                await home.close()
                await blocking.close()


def _write_profile(folder: Path) -> None:
    default = folder / "Default"
    default.mkdir()
    (default / "Preferences").write_text(json.dumps(ALLOWED))


@dataclass
class Person:
    """One person's browser: a context, and everything in it that went wrong."""

    context: BrowserContext
    troubles: list[str] = field(default_factory=list)

    async def page(self) -> Page:
        return await self.context.new_page()


@asynccontextmanager
async def open_person(
    browser: Browser, *, forgives: tuple[str, ...] = (), **options: Any
) -> AsyncIterator[Person]:
    """A context of its own. Script errors, refused policies and failed answers fail the test, but
    for those that hold a text of `forgives`."""
    chosen = {"locale": "en-US", **DESKTOP, **options}
    context = await browser.new_context(**chosen)
    context.set_default_timeout(PATIENCE_MS)
    person = Person(context)
    await context.add_init_script(OPEN_SHADOWS)
    context.on("weberror", lambda error: person.troubles.append(f"script: {error.error}"))
    context.on("console", lambda message: _hear(person, message))
    try:
        yield person
    finally:
        await context.close()
    unforgiven = [t for t in person.troubles if not any(text in t for text in forgives)]
    assert unforgiven == [], "\n".join(unforgiven)


def _hear(person: Person, message: Any) -> None:
    if message.type == "error":
        person.troubles.append(f"console: {message.text} {message.location.get('url', '')}")
