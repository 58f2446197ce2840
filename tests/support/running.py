"""The service as its own process: on a free port, with a data folder of its own, killable."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "tea-and-clay-2026"
# Know CHATSERVER_FAILPOINT and CHATSERVER_TEST_CLOCK, which a release does not.
FAILING = "tests.support.failing"
TURNED = "tests.support.turned"
START_SECONDS = 40
STOP_SECONDS = 20


class Died(AssertionError):
    """It has ended before it said what somebody waits for."""


class Running:
    """`chatserver demo` or `chatserver serve`. Several lives are possible: start, kill, start; the
    next one may run another `command`.
    `failpoint` is where the next life ends by itself, as `name` or `name:occurrence`; `source` the
    folder of another release that it shall run."""

    def __init__(self, folder: Path, port: int, *, command: str, **settings: str) -> None:
        self.port = port
        self.folder = folder
        self.command = command
        self._settings = settings
        self.failpoint = ""
        self.source: Path | None = None
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._lines: list[str] = []
        self._life: list[str] = []
        self._news = threading.Condition()
        self._has_ended = False
        self._is_over = False

    @property
    def origin(self) -> str:
        """Where widget, console and sockets live."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def shop(self) -> str:
        """The demo's shop: another site, to every browser."""
        return f"http://shop.localhost:{self.port}"

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'chat.db'}"

    @property
    def setup_secret(self) -> str:
        return self._line_with("one-time secret").split()[-1]

    @property
    def log(self) -> str:
        """What it printed, over all its lives."""
        return "".join(self._lines)

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Returns when the port answers. Fails with the log when it never does."""
        self._life, self._has_ended = [], False
        self._process = subprocess.Popen(
            [sys.executable, "-m", self._program, self.command],
            env=self._environment(),
            cwd=self.source,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if self._is_over:
            self.kill()
            raise RuntimeError("the service was started after its test")
        self._reader = threading.Thread(target=self._read, args=[self._process], daemon=True)
        self._reader.start()
        self._line_with("/agent/")

    @property
    def _program(self) -> str:
        if self.failpoint:
            return FAILING
        return TURNED if "test_clock" in self._settings else "chatserver"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def died(self, seconds: float) -> bool:
        """Waits until it has ended by itself; False when it lives on for so long."""
        assert self._process is not None
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        self._bury(self._process)
        return True

    def send_signal(self, number: signal.Signals) -> None:
        """SIGSTOP and SIGCONT freeze and thaw it, SIGTERM asks it to drain."""
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """kill -9: no handler runs, nothing is flushed."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Asks politely, then insists."""
        try:
            self._end(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self.kill()

    def end(self) -> None:
        """For good. A thread that a failed test has left starting it must not leave it behind."""
        self._is_over = True
        self.stop()

    def _environment(self) -> dict[str, str]:
        named = {
            "PORT": str(self.port),
            "DATA_DIR": str(self.folder),
            "DEMO_PASSWORD": PASSWORD,
            "DRAIN_SECONDS": "0",
            # Our raw client answers pings only while it reads, and a busy machine is slow.
            "PONG_SECONDS": "100",
            **{name.upper(): value for name, value in self._settings.items()},
        }
        if self.failpoint:
            named["FAILPOINT"] = self.failpoint
        elsewhere = {"PYTHONPATH": str(self.source)} if self.source else {}
        return environment_of(**named) | elsewhere

    def wait_for(self, text: str, *, times: int = 1) -> None:
        """Returns when so many lines of this life have `text`. Fails with the log otherwise."""
        self._line_with(text, number=times)

    def _line_with(self, text: str, *, number: int = 1) -> str:
        """The line of this life that has `text` for the nth time, once it is printed."""

        def found() -> list[str]:
            return [line for line in self._life if text in line][number - 1 :]

        with self._news:
            self._news.wait_for(lambda: found() or self._has_ended, START_SECONDS)
            lines = found()
        if not lines:
            failure = Died if self._has_ended else AssertionError
            self.kill()
            raise failure(f"the service never printed {text!r}:\n{self.log}")
        return lines[0]

    def _read(self, process: "subprocess.Popen[str]") -> None:
        for line in process.stdout or ():
            with self._news:
                self._lines.append(line)
                self._life.append(line)
                self._news.notify_all()
        with self._news:
            self._has_ended = True
            self._news.notify_all()

    def _end(self, number: signal.Signals) -> None:
        process = self._process
        if process is None:
            return
        process.send_signal(number)
        process.wait(STOP_SECONDS)
        self._bury(process)

    def _bury(self, process: "subprocess.Popen[str]") -> None:
        if self._reader is not None:
            self._reader.join(STOP_SECONDS)
        if process.stdout is not None:
            process.stdout.close()


def environment_of(**settings: str) -> dict[str, str]:
    """Ours without settings of its own, and with these."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("CHATSERVER_")}
    return {**inherited, **{f"CHATSERVER_{name}": value for name, value in settings.items()}}


@contextmanager
def run_service(
    folder: Path, *, command: str = "demo", source: Path | None = None, **settings: str
) -> Iterator[Running]:
    """A started service. The port stays ours between a kill and the next start."""
    with reserved_port() as port:
        service = Running(folder, port, command=command, **settings)
        service.source = source
        service.start()
        try:
            yield service
        finally:
            service.end()


@contextmanager
def reserved_port() -> Iterator[int]:
    """Bound but not listening: nobody else gets it, the service can still have it."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        port: int = holder.getsockname()[1]
        yield port
