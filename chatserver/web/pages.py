"""Our own HTML pages: templates with escaping on, the reader's language, one nonce each."""

import secrets
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from chatserver.web import headers, languages
from chatserver.web.static import Assets

HERE = Path(__file__).parent
FEATURES = HERE.parent / "features"
SHEET = "pages.css"


class Pages:
    """Shows templates of `web/templates`, or of a slice as `<slice>/templates/<name>`."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets
        self._words = languages.Words(text_folders())
        self._environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(HERE / "templates"), FileSystemLoader(FEATURES)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # `{{ boot | tojson }}` writes our structs, and escapes what could end a script element.
        self._environment.policies["json.dumps_function"] = _json

    def language(
        self,
        request: Request,
        preferred: str | None = None,
        among: Collection[str] = languages.LANGUAGES,
    ) -> str:
        """?lang= wins, then what the person chose, then what the browser likes. No cookie."""
        asked = request.query_params.get("lang")
        accept = request.headers.get("accept-language", "")
        return languages.choose(asked, preferred, accept, among)

    def translator(self, language: str) -> languages.Translate:
        return self._words.translator(language)

    def show(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        language: str | None = None,
        among: Collection[str] = languages.LANGUAGES,
        policy: Callable[[str], str] = headers.page_policy,
        **values: Any,
    ) -> Response:
        """`policy` makes the content policy from this page's nonce; `language` is one of ours, or
        None to let the request choose `among` those that the template is written in. The template
        sees `t`, `language`, `nonce`, `sheet` and `values`; a value that is a function is called
        with the nonce."""
        language = language or self.language(request, among=among)
        nonce = new_nonce()
        text = self._environment.get_template(template).render(
            t=self.translator(language),
            language=language,
            direction=languages.direction(language),
            languages={code: languages.VISITORS[code] for code in among},
            nonce=nonce,
            sheet=self.assets.own(SHEET),
            path=request.scope["path"],
            **{name: value(nonce) if callable(value) else value for name, value in values.items()},
        )
        response = Response(text, status, media_type="text/html")
        response.headers["content-security-policy"] = policy(nonce)
        response.headers["cross-origin-opener-policy"] = "same-origin"
        response.headers["content-language"] = language
        response.headers["vary"] = "accept-language"
        return response


def text_folders() -> list[Path]:
    """Where the words of our pages are: the house's and each slice's."""
    names = ("text", languages.VISITOR_TEXT)
    house = [HERE / name for name in names]
    return house + [folder for name in names for folder in sorted(FEATURES.glob(f"*/{name}"))]


def new_nonce() -> str:
    return secrets.token_urlsafe(18)


def _json(value: Any, **_options: Any) -> str:
    return msgspec.json.encode(value).decode()
