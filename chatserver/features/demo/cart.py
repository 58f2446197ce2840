"""The demo shop's cart, kept in a cookie of the visitor's own browser. Pure."""

from collections.abc import Mapping

from chatserver.features.demo.catalogue import PRODUCTS

COOKIE = "cart"
MOST = 9


def read(cookie: str) -> dict[str, int]:
    """`slug.count~slug.count`; whatever is not that is no cart."""
    cart: dict[str, int] = {}
    for line in cookie.split("~")[: len(PRODUCTS)]:
        slug, _, count = line.partition(".")
        if count in _counts:
            cart = added(cart, slug, int(count))
    return cart


def write(cart: Mapping[str, int]) -> str:
    return "~".join(f"{slug}.{count}" for slug, count in cart.items())


def added(cart: Mapping[str, int], slug: str, count: int = 1) -> dict[str, int]:
    if slug not in _slugs:
        return dict(cart)
    return {**cart, slug: min(cart.get(slug, 0) + count, MOST)}


def removed(cart: Mapping[str, int], slug: str) -> dict[str, int]:
    return {name: count for name, count in cart.items() if name != slug}


_slugs = frozenset(product.slug for product in PRODUCTS)
_counts = frozenset(str(number) for number in range(1, MOST + 1))
