"""Renders the demo shop's pages in the language asked for."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from chatserver.features.demo import cart
from chatserver.features.demo.catalogue import Product, find
from chatserver.web import languages

HERE = Path(__file__).parent

Text = dict[str, Any]


class Pages:
    """The templates, the words in every language, and what every page must know."""

    def __init__(self, *, chat_origin: str, console_url: str, site_key: str) -> None:
        loader = FileSystemLoader(HERE / "templates")
        self._templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        self._templates.globals.update(
            chat_origin=chat_origin, console_url=console_url, site_key=site_key
        )
        self._texts = {name: read_text(name) for name in languages.LANGUAGES}

    def render(self, request: Request, name: str, *, status: int = 200, **values: Any) -> Response:
        language = _language(request)
        text = self._texts[language]
        page = self._templates.get_template(name).render(
            text=text,
            link=lambda path, **query: _link(request, path, **query),
            price=lambda product, count=1: _price(text, product, count),
            others=[
                (tag, other["name"], _link(request, request.url.path, lang=tag))
                for tag, other in self._texts.items()
                if tag != language
            ],
            cart_count=sum(_held(request).values()),
            **values,
        )
        return HTMLResponse(page, status_code=status)

    def cart(self, request: Request) -> Response:
        text = self._texts[_language(request)]
        found = ((find(slug), count) for slug, count in _held(request).items())
        lines = [(product, count) for product, count in found if product is not None]
        total = sum(_amount(text, product) * count for product, count in lines)
        return self.render(
            request,
            "cart.html",
            lines=lines,
            total=_money(text, total),
            shipping=text["cart_shipping"].format(free=_money(text, text["free_from"])),
        )

    def link(self, request: Request, path: str) -> str:
        return _link(request, path)


def read_text(language: str) -> Text:
    text: Text = json.loads((HERE / "content" / f"{language}.json").read_text(encoding="utf-8"))
    return text


def _language(request: Request) -> str:
    """`?lang=`, else what the browser likes; who likes neither reads English."""
    accept = request.headers.get("accept-language", "")
    return languages.choose(request.query_params.get("lang"), None, accept)


def _link(request: Request, path: str, **query: str) -> str:
    """A path of the shop that keeps a language once chosen."""
    chosen = {"lang": _language(request)} if "lang" in request.query_params else {}
    wanted = {name: value for name, value in {**chosen, **query}.items() if value}
    return f"{path}?{urlencode(wanted)}" if wanted else path


def _held(request: Request) -> dict[str, int]:
    return cart.read(request.cookies.get(cart.COOKIE, ""))


def _amount(text: Text, product: Product) -> int:
    prices = {"EUR": product.euros, "CNY": product.yuan, "TWD": product.taiwan_dollars}
    return prices[text["currency"]]


def _price(text: Text, product: Product, count: int) -> str:
    return _money(text, _amount(text, product) * count)


def _money(text: Text, amount: int) -> str:
    money: str = text["money"].format(amount=f"{amount:,}")
    return money
