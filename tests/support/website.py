"""A customer's website: one page on every path and under every name that ends in `.localhost`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = '<!doctype html><html lang="en"><title>Lamps</title><h1>Lamps</h1>'


class Website:
    """What it shows below its heading is `snippet`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.snippet = ""

    def origin(self, name: str) -> str:
        return f"http://{name}.localhost:{self.port}"


@contextmanager
def run_website() -> Iterator[Website]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (PAGE + website.snippet).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
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
