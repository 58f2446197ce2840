"""Traces of requests to an OpenTelemetry collector, for who has one. Only methods, the first word
of paths, and statuses."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatserver import __version__
from chatserver.errors import Rejected


def traced(app: ASGIApp, url: str) -> tuple[ASGIApp, Callable[[], None]]:
    """The same application, whose requests become spans at `url`, and what sends the last of them
    at the end. Raises Rejected where the library is missing."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise Rejected("CHATSERVER_OTLP_URL needs: pip install 'chatserver[otel]'") from error
    named = {"service.name": "chatserver", "service.version": __version__}
    provider = TracerProvider(resource=Resource(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=3)))
    tracer = provider.get_tracer("chatserver", __version__)

    async def trace(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # a socket lasts for hours; it is counted, not traced
            await app(scope, receive, send)
            return
        # The first word only: an invitation's path is its secret.
        door = f"/{scope['path'].strip('/').partition('/')[0][:40]}"
        with tracer.start_as_current_span(f"{scope['method']} {door}") as span:
            span.set_attribute("http.request.method", scope["method"])

            async def send_traced(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await app(scope, receive, send_traced)

    return trace, provider.shutdown
