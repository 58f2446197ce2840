"""The command line. Says what happens in plain words; does the work elsewhere."""

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click

from chatserver import __version__
from chatserver.config import BadSettings, Settings, load_settings
from chatserver.errors import ChatError

ROLES = ("owner", "admin", "supervisor", "agent")


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Live chat for websites: widget, agent console and server in one."""


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--config", "file", help="TOML file with settings.")
def serve(host: str | None, port: int | None, file: str | None) -> None:
    """Run the service; an empty one shows its set-up page."""
    from chatserver.serving import serve as run  # imported here: --help must be quick

    _run(run(_settings(file, host=host, port=port), demo=False))


@main.command()
@click.option("--port", type=int, help="Port to listen on.")
def demo(port: int | None) -> None:
    """Run the service with a demo shop and made-up people, on this machine only."""
    from chatserver.serving import serve as run

    settings = _settings(None, port=port)
    folder = settings.data_dir if settings.data_dir != Settings().data_dir else "./data/demo"
    _run(run(_settings(None, host="127.0.0.1", port=port, data_dir=folder), demo=True))


@main.command()
@click.option("--config", "file", help="TOML file with settings.")
def migrate(file: str | None) -> None:
    """Bring the database to this version's schema."""
    from chatserver.upkeep import migrate as run

    _run(run(_settings(file)))
    click.echo("The database is current.")


@main.command()
@click.option("--config", "file", help="TOML file with settings.")
def check(file: str | None) -> None:
    """Read the settings and look at the database; change nothing."""
    from chatserver.upkeep import check as run

    for line in _run(run(_settings(file))):
        click.echo(line)


@main.command()
@click.argument("target", type=click.Path())
@click.option("--config", "file", help="TOML file with settings.")
def backup(target: str, file: str | None) -> None:
    """Write database, files and key to the file TARGET, or into the folder TARGET.

    A TARGET that ends in / is a folder, which is made if need be. The service may go on running.
    """
    from chatserver.upkeep import backup as run

    settings = _settings(file)
    if target.endswith("/"):
        Path(target).mkdir(mode=0o700, parents=True, exist_ok=True)
    click.echo(f"The backup is in {_run(run(settings, Path(target)))}")


@main.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Take the place of an installation that is there.")
@click.option("--config", "file", help="TOML file with settings.")
def restore(source: Path, replace: bool, file: str | None) -> None:
    """Put the backup SOURCE where the settings say, while no service runs there."""
    from chatserver.upkeep import restore as run

    done = _run(run(_settings(file), source, replace=replace))
    click.echo(f"The backup of {done.manifest.made_at:%Y-%m-%d %H:%M} UTC is in place.")
    click.echo("Agents sign in again; open chats reload by themselves.")
    if done.aside:
        click.echo(f"What was there before is in {done.aside}")
    if not done.has_key:
        click.echo("It holds no key: give the service the CHATSERVER_SECRET_KEY it had.")


@main.command("copy-database")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--config", "file", help="TOML file with settings.")
def copy_database(source: Path, file: str | None) -> None:
    """Copy the SQLite file SOURCE into the empty PostgreSQL database that the settings name.

    All or nothing; every row is read back and compared. Stop the service first.
    """
    from chatserver.upkeep import copy_database as run

    def tell(table: str, done: int, total: int) -> None:
        if done == total or done % 10_000 == 0:
            click.echo(f"{table:<24} {done:>10} of {total}")

    rows = _run(run(_settings(file), source, tell))
    click.echo(f"{rows} rows are there, each as it was. The SQLite file was not changed.")


@main.command("begin-anew")
@click.option("--config", "file", help="TOML file with settings.")
def begin_anew(file: str | None) -> None:
    """Tell all clients to reload, after a database came back by other means than `restore`."""
    from chatserver.upkeep import begin_anew as run

    _run(run(_settings(file)))
    click.echo("The database has begun another life. Clients reload, agents sign in again.")


@main.command()
@click.option("--config", "file", help="TOML file with settings.")
def doctor(file: str | None) -> None:
    """Look at everything the service needs and say what is wrong; change nothing.

    Ends with 1 when something has to be put right.
    """
    _run(_tell_findings(_settings(file)))


async def _tell_findings(settings: Settings) -> None:
    from chatserver.clock import SystemClock
    from chatserver.doctor import Level, examine

    failed = 0
    async for finding in examine(settings, SystemClock()):
        failed += finding.level is Level.FAIL
        click.echo(f"{finding.level:<5} {finding.subject:<16} {finding.words}")
    if failed:
        raise SystemExit(1)


@main.command()
@click.option("--site", default="PUBLIC_KEY", help="The key of the site, for the tag.")
@click.option("--config", "file", help="TOML file with settings.")
def loader(site: str, file: str | None) -> None:
    """Print the script tag that names this version's loader and its hash.

    A page with it keeps exactly this loader, over upgrades too, until somebody changes the tag.
    """
    from chatserver.upkeep import pinned_snippet

    click.echo(pinned_snippet(_settings(file), site))


@main.command()
@click.option("--write", "path", type=click.Path(dir_okay=False, path_type=Path))
def protocol(path: Path | None) -> None:
    """Print the wire's TypeScript types, or write them to a file."""
    from chatserver.protocol.typescript import generate

    if path:
        path.write_text(generate(), encoding="utf-8")
    else:
        click.echo(generate(), nl=False)


@main.group()
def workspace() -> None:
    """Companies that share this installation."""


@workspace.command("add")
@click.argument("name")
@click.option("--owner-name", prompt=True, help="Shown to visitors.")
@click.option("--owner-email", prompt=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--site", prompt=True, help="Name of its first website.")
@click.option("--origin", prompt=True, help="Where that website is, like https://shop.example.")
def workspace_add(name: str, **said: str) -> None:
    """Add a workspace with its first owner and website."""
    from chatserver.upkeep import add_workspace

    _run(add_workspace(_settings(None), name, said))
    click.echo(f"{name} is there; {said['owner_email']} owns it.")


@workspace.command("export")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--workspace", "workspace_id", help="Its id; without one, the first.")
@click.option("--config", "file", help="TOML file with settings.")
def workspace_export(target: Path, workspace_id: str | None, file: str | None) -> None:
    """Write everything of one workspace to TARGET, a .tar.gz of JSON lines and files."""
    from chatserver.upkeep import export_workspace

    counted = _run(export_workspace(_settings(file), target, workspace_id))
    for table, rows in counted.items():
        click.echo(f"{table:<24} {rows:>10}")
    click.echo(f"The export is in {target}")


@main.group()
def agent() -> None:
    """People who answer chats."""


@agent.command("add")
@click.argument("email")
@click.option("--name", prompt=True, help="Shown to visitors.")
@click.option("--role", type=click.Choice(ROLES), default="agent", show_default=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--config", "file", help="TOML file with settings.")
def agent_add(email: str, name: str, role: str, password: str, file: str | None) -> None:
    """Add somebody to the first workspace without an invitation."""
    from chatserver.upkeep import add_agent

    _run(add_agent(_settings(file), email=email, name=name, role=role, password=password))
    click.echo(f"{email} can sign in now.")


@agent.command("unlock")
@click.argument("email")
@click.option("--config", "file", help="TOML file with settings.")
def agent_unlock(email: str, file: str | None) -> None:
    """Let somebody sign in again at once who failed too often."""
    from chatserver.upkeep import unlock

    _run(unlock(_settings(file), email))
    click.echo(f"{email} can try again. Whoever forgot the password needs `agent reset-password`.")


@agent.command("reset-password")
@click.argument("email")
@click.option("--password", prompt="New password", hide_input=True, confirmation_prompt=True)
@click.option("--config", "file", help="TOML file with settings.")
def agent_reset_password(email: str, password: str, file: str | None) -> None:
    """Set a new password and end all sessions of that person."""
    from chatserver.upkeep import reset_password

    _run(reset_password(_settings(file), email, password))
    click.echo(f"{email} has a new password.")


def _settings(file: str | None, **overrides: Any) -> Settings:
    try:
        return load_settings(file=file, **overrides)
    except BadSettings as error:
        raise click.ClickException(str(error)) from error


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """On uvloop where there is one. Expected failures become one line and exit code 1."""
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(work)
    except ChatError as error:
        fields = "".join(f"\n  {name}: {code}" for name, code in error.fields.items())
        raise click.ClickException(f"{error.message}{fields}") from error
    except KeyboardInterrupt:
        return sys.exit(130)


def _loop_factory() -> Any:
    try:
        import uvloop
    except ImportError:  # Windows
        return None
    return uvloop.new_event_loop
