"""What files of one subject stand on: installations and backups, runners and two slices."""

import pytest

from chatserver.config import Settings
from chatserver.features.backup import Backups
from tests.support.counted import Nodes, Slice
from tests.support.keeping import installation


@pytest.fixture
def settings(database_url, tmp_path):
    return installation(tmp_path / "data", database_url)


@pytest.fixture
def elsewhere(empty_url, tmp_path):
    """Another machine: nothing is there yet."""
    return Settings(data_dir=str(tmp_path / "elsewhere"), database_url=empty_url)


@pytest.fixture
def backups(database, clock, settings):
    return Backups(database=database, clock=clock, settings=settings)


@pytest.fixture
def echo(clock):
    return Slice("echo", clock)


@pytest.fixture
def other(clock):
    return Slice("other", clock)


@pytest.fixture
def start(database, clock):
    return Nodes(database, clock)
