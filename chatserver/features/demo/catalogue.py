"""What the demo shop sells: prices, and which drawing in which colours. Words are in `content/`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """`art` names a macro of `templates/art.html`; `ground`, `glaze`, `shade` colour it. `sign` is
    written on a tin. Prices are whole: one for each language's country."""

    slug: str
    kind: str
    euros: int
    yuan: int
    taiwan_dollars: int
    art: str
    ground: str
    glaze: str
    shade: str
    sign: str = ""


PRODUCTS = (
    Product("dragon-well", "tea", 24, 188, 850, "tin", "#e4e9d8", "#7f9a63", "#58713f", "龙"),
    Product("celadon-gaiwan", "clay", 46, 358, 1580, "gaiwan", "#dfe8e3", "#a9c9b8", "#6f9a86"),
    Product("rock-oolong", "tea", 32, 248, 1100, "tin", "#efe0d2", "#a4532f", "#733519", "岩"),
    Product("kiln-teapot", "clay", 118, 899, 3980, "teapot", "#eadfd3", "#9a5a3c", "#663520"),
    Product("white-peony", "tea", 21, 168, 750, "tin", "#eeeae0", "#d9cdb2", "#b09f7a", "白"),
    Product("tenmoku-bowl", "clay", 58, 438, 1980, "bowl", "#e2ddd6", "#4a3a33", "#1f1714"),
    Product("old-puer", "tea", 39, 298, 1350, "tin", "#e6dcd8", "#5d4038", "#392521", "普"),
    Product("moon-vase", "clay", 84, 648, 2880, "vase", "#dde3ea", "#e9edf0", "#a9b7c4"),
)


def find(slug: str) -> Product | None:
    return next((product for product in PRODUCTS if product.slug == slug), None)


def others(product: Product, count: int) -> tuple[Product, ...]:
    """What goes with it: its neighbours in the catalogue, around the corner."""
    start = PRODUCTS.index(product) + 1
    return (PRODUCTS * 2)[start : start + count]
