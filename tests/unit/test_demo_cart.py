"""The demo shop's cart survives whatever a cookie holds."""

import pytest

from chatserver.features.demo import cart


def test_a_cart_comes_back_as_it_was_written():
    held = cart.added(cart.added({}, "moon-vase"), "old-puer", 2)
    assert cart.read(cart.write(held)) == {"moon-vase": 1, "old-puer": 2}


def test_nobody_carries_more_than_nine_of_a_thing():
    assert cart.added({"moon-vase": 9}, "moon-vase") == {"moon-vase": 9}


def test_what_is_removed_is_gone():
    assert cart.removed({"moon-vase": 1, "old-puer": 1}, "moon-vase") == {"old-puer": 1}


@pytest.mark.parametrize(
    "cookie", ["", "x", "moon-vase", "moon-vase.0", "<b>.1", "moon-vase.٣", "~" * 99]
)
def test_a_broken_cookie_is_an_empty_cart(cookie):
    assert cart.read(cookie) == {}
