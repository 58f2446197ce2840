"""Real browsers in front of the real process. One pair of Chromiums for all."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.browser import Browsers, open_browsers, require_browser_and_built_files
from tests.support.hostile import Hosts, open_hosts
from tests.support.running import Running, run_service

LOG_LINES = 40


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browsers() -> AsyncIterator[Browsers]:
    require_browser_and_built_files()
    async with open_browsers() as both:
        yield both


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The tea shop of a file of tests; each brings visitors and words of its own. Those of all
    files together would be more than the inbox shows on a screen."""
    require_browser_and_built_files()
    with run_service(tmp_path_factory.mktemp("demo")) as service:
        yield service


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hosts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hosts]:
    """A website of somebody else, where each test puts a page of its own, and a service for it: its
    chats would fill the tea shop's queue."""
    require_browser_and_built_files()
    with run_service(tmp_path_factory.mktemp("hosts")) as service:
        async with open_hosts(service) as opened:
            yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Running]:
    """An installation that nobody has set up."""
    require_browser_and_built_files()
    with run_service(tmp_path / "data", command="serve") as service:
        yield service


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """A failure shows what the service printed."""
    report = yield
    if report.failed:
        for value in getattr(item, "funcargs", {}).values():
            if isinstance(value, Running):
                lines = value.log.splitlines()[-LOG_LINES:]
                report.sections.append(("service", "\n".join(lines)))
    return report
