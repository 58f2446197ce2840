"""A customer's website: what `pages` says, else one page on every path, under every name that ends
in `.localhost`."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = '<!doctype html><html lang="en"><title>Lamps</title><h1>Lamps</h1>'


@dataclass(frozen=True)
class WebPage:
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Website:
    """What its usual page shows below its heading is `snippet`; with `headers`, and `status`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.snippet = ""
        self.pages: dict[str, WebPage] = {}
        self.headers: dict[str, str] = {}
        self.status = 200

    def origin(self, name: str) -> str:
        return f"http://{name}.localhost:{self.port}"

    def page(self, path: str) -> WebPage:
        return self.pages.get(path.partition("?")[0], WebPage(PAGE + self.snippet))


@contextmanager
def run_website() -> Iterator[Website]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = website.page(self.path)
            body = page.body.encode()
            self.send_response(website.status)
            kind = "text/javascript" if self.path.endswith(".js") else "text/html"
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            for name, value in website.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Not into the test's output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        website = Website(server.server_port)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield website
        finally:
            server.shutdown()
            thread.join()
