"""A process that is asked to stop closes its house: the next one need not wait for it."""

import signal
import sqlite3
from contextlib import closing
from datetime import datetime

import pytest

from chatserver.clock import SystemClock
from tests.support.running import run_service


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_is_asked_to_stop_leaves_nothing_behind(tmp_path, number):
    with run_service(tmp_path, command="serve") as service:
        service.send_signal(number)
        assert service.died(20)
    assert [path.name for path in tmp_path.glob("chat.db-*")] == []
    with closing(sqlite3.connect(tmp_path / "chat.db")) as connection:
        (until,) = connection.execute(
            "SELECT expires_at FROM leases WHERE name = 'runner'"
        ).fetchone()
    assert datetime.fromisoformat(f"{until}+00:00") <= SystemClock().now(), (
        "the lease is given back"
    )
