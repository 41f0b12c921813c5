"""The command line: `comptoir serve` is all of it in one process; the rest is for when that is outgrown, or broken."""

import argparse
import asyncio
import getpass
import logging
import signal
import sys
from collections.abc import Callable

import msgspec

from comptoir import settings as environment
from comptoir.settings import BadSetting, Settings


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("comptoir", description="A team inbox for e-mail and WhatsApp.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    _command(commands, "serve", serve, "the whole product in one process").add_argument(
        "--demo", action="store_true", help="with sample data, in a data folder of its own, already signed in"
    )
    _command(commands, "web", web, "only serve browsers (PostgreSQL; as many as you like)")
    _command(commands, "work", work, "only run jobs and watch mailboxes (PostgreSQL; as many as you like)")
    _command(commands, "migrate", migrate, "bring the database up to this version")
    member = _command(commands, "add-member", add_member, "add a member, or give one a new password")
    member.add_argument("email")
    member.add_argument("--name", default="")
    member.add_argument("--role", choices=("owner", "admin", "member"), default="member")
    replay = _command(commands, "replay", replay_mail, "read again what the ledger kept")
    replay.add_argument(
        "--id", type=int, action="append", help="one ledger entry; without it, all that are in the state"
    )
    replay.add_argument(
        "--state",
        choices=("unreadable", "unmatched", "kept"),
        default="unreadable",
        help="unreadable (default), unmatched (bounces of nothing we know), kept (and forgotten)",
    )
    _command(commands, "doctor", examine, "say in plain words what is wrong with this installation")
    _command(commands, "openapi", openapi, "print the OpenAPI document")
    given = parser.parse_args(arguments)
    try:
        settings = environment.read()
    except BadSetting as error:
        print(error, file=sys.stderr)
        return 2
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "httpx"):  # httpx writes whole addresses, which hold keys
        logging.getLogger(chatty).setLevel(logging.WARNING)
    result: int | None = given.run(settings, given)
    return result or 0


def serve(settings: Settings, given: argparse.Namespace) -> None:
    if given.demo or settings.demo:
        settings = msgspec.structs.replace(settings, demo=True, data=settings.data / "demo", database="")
    _serve(settings, works=True)


def web(settings: Settings, given: argparse.Namespace) -> None:
    _serve(settings, works=False)


def work(settings: Settings, given: argparse.Namespace) -> None:
    from comptoir import app, migrations
    from comptoir.gateway.polling import Mailboxes

    async def until_told() -> None:
        services = app.make_services(settings)
        services.database.open()
        told = asyncio.Event()
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, told.set)
        async with app.running(services, None, Mailboxes(services)):
            await told.wait()
        services.database.close()

    migrations.upgrade(settings.database_url)
    asyncio.run(until_told())


def migrate(settings: Settings, given: argparse.Namespace) -> None:
    from comptoir import migrations

    settings.data.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.database_url)
    print("The database is up to date.")


def add_member(settings: Settings, given: argparse.Namespace) -> None:
    from comptoir import app, migrations
    from comptoir.team import editing

    migrations.upgrade(settings.database_url)
    password = (
        getpass.getpass("Password (10 characters or more): ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    )
    if len(password) < 10:
        print("The password needs 10 characters or more.", file=sys.stderr)
        raise SystemExit(2)
    services = app.make_services(settings)
    services.database.open()
    services.database.write_now(
        lambda tx: editing.add(tx, email=given.email, name=given.name, role=given.role, password=password)
    )
    services.database.close()
    print(f"{given.email} can sign in.")


def replay_mail(settings: Settings, given: argparse.Namespace) -> None:
    from comptoir import app
    from comptoir.gateway import reading

    services = app.make_services(settings)
    services.database.open()
    count = reading.replay(services, given.id, state=given.state)
    services.database.close()
    print(f"{count} to be read again; the running server (or the next one) does it.")


def examine(settings: Settings, given: argparse.Namespace) -> int:
    from comptoir import doctor

    findings = doctor.examine(settings)
    for finding in findings:
        print(f"{'ok  ' if finding.is_fine else 'BAD '} {finding.sentence}")
    return 0 if all(finding.is_fine for finding in findings) else 1


def openapi(settings: Settings, given: argparse.Namespace) -> None:
    from comptoir import app

    services = app.make_services(msgspec.structs.replace(settings, database="sqlite://", secret="openapi"))
    document = app.make_app(services).openapi_schema.to_schema()
    print(msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1).decode())


def _serve(settings: Settings, *, works: bool) -> None:
    from comptoir import app, migrations
    from comptoir.demo import opening

    settings.data.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.database_url)
    services = app.make_services(settings)
    if settings.demo:
        services.database.open()
        asyncio.run(opening.prepare(services))
        services.database.close()
    print(f"Comptoir is at {settings.base_url}", flush=True)
    app.Server(app.make_app(services, work=works), settings).run()


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[Settings, argparse.Namespace], int | None],
    about: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
