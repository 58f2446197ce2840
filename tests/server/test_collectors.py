"""A Sentry and an OpenTelemetry collector get what is needed to find an error, and nothing of
people. Both are off by default, and their libraries are not even imported."""

import gzip
import json
import logging
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest
import sentry_sdk
import structlog

from chatserver.reporting import report_errors
from tests.support.logs import logging_as_json
from tests.support.running import run_service

WORDS = "canary-of-words"


@pytest.fixture
def collector():
    """Takes whatever is posted; `bodies` are what came, by path."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            server.bodies.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.bodies = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sentry(collector):
    with logging_as_json():
        report_errors(f"http://key@127.0.0.1:{collector.server_port}/1")
        yield collector
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)  # `init` would watch all later tests


def events(sentry):
    sentry_sdk.flush(10)
    lines = [line for _, body in sentry.bodies for line in body.splitlines() if line]
    return [
        event for line in lines if "event_id" in (event := json.loads(line)) and "level" in event
    ]


def test_an_error_is_reported_by_its_type_and_place(sentry):
    try:
        raise ValueError(WORDS)
    except ValueError:
        logging.getLogger("chatserver.test").exception("request failed", extra={"request": "r1"})
    (event,) = events(sentry)
    assert event["logentry"]["message"] == "request failed"
    assert event["exception"]["values"][0]["type"] == "ValueError"
    frame = event["exception"]["values"][0]["stacktrace"]["frames"][-1]
    assert frame["function"] == "test_an_error_is_reported_by_its_type_and_place"
    assert event["extra"]["request"] == "r1"
    assert WORDS not in json.dumps(event)


def test_what_is_reported_holds_no_words(sentry):
    words = {"text": WORDS}  # a local variable of a frame that is on the stack
    logging.getLogger("chatserver.test").warning("looked at %s", words)
    logging.getLogger("chatserver.test").error("failed for %s", WORDS)
    structlog.get_logger("chatserver.test").error("mail not sent", mail="m1")
    told = events(sentry)
    assert [event["logentry"]["message"] for event in told] == ["failed for %s", "mail not sent"]
    assert WORDS not in json.dumps(told)
    assert {"user", "request", "breadcrumbs"}.isdisjoint(set().union(*told))


def test_requests_become_spans_without_words(tmp_path, collector):
    url = f"http://127.0.0.1:{collector.server_port}/v1/traces"
    with run_service(tmp_path, otlp_url=url) as service:
        with httpx2.Client(base_url=service.origin, trust_env=False) as client:
            client.get("/healthz", params={"q": WORDS})
            client.get(f"/invitations/{WORDS}", headers={"User-Agent": WORDS})
        service.stop()
    sent = b"".join(body for path, body in collector.bodies if path == "/v1/traces")
    assert b"GET /healthz" in sent
    assert b"GET /invitations" in sent
    assert WORDS.encode() not in sent


def test_nothing_is_imported_that_nobody_asked_for():
    code = "import sys, chatserver.serving; print(*[m for m in sys.modules if '.' not in m])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"sentry_sdk", "opentelemetry"}.isdisjoint(said.stdout.split())
