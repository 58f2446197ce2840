"""Heartbeats: what a bus must show before it is trusted, and what takes the trust away."""

import pytest

from chatserver.broker.pulse import SILENCE, Pulse


@pytest.fixture
def steady() -> Pulse:
    """Two beats came back, the second at 1 s."""
    pulse = Pulse()
    pulse.begin(0)
    for now in (0, 1):
        pulse.hear(pulse.beat(), now)
    return pulse


def test_nothing_is_steady_before_two_beats_in_a_row_came_back():
    pulse = Pulse()
    pulse.begin(0)
    assert not pulse.is_steady(0)
    pulse.hear(pulse.beat(), 0.1)
    assert not pulse.is_steady(0.1)
    assert pulse.hear(pulse.beat(), 0.2)
    assert pulse.is_steady(0.2)


def test_silence_takes_the_trust_away(steady):
    assert steady.is_steady(1 + SILENCE)
    assert not steady.is_steady(1.1 + SILENCE)
    assert steady.silence(5) == 4


def test_a_hole_is_told_once_and_healed_by_the_next_beat(steady):
    steady.beat()
    after_the_hole = steady.beat()
    assert not steady.hear(after_the_hole, 2)
    assert not steady.is_steady(2)
    assert steady.hear(steady.beat(), 3)
    assert steady.is_steady(3)


def test_a_new_connection_proves_itself_anew(steady):
    steady.begin(1.5)
    assert not steady.is_steady(1.5)
    steady.hear(steady.beat(), 1.6)
    assert not steady.is_steady(1.6)
    steady.hear(steady.beat(), 1.7)
    assert steady.is_steady(1.7)
