"""``connect element451`` and ``connect salesforce``."""

import argparse
import os
import select
import sys
import time
from contextlib import nullcontext
from typing import Any

from syncer.application.container import Application
from syncer.application.decisions import another_organization
from syncer.application.doctor import examine
from syncer.cli.connecting import secret_options
from syncer.cli.connecting.callback import Callback
from syncer.cli.connecting.doctor import lines_of
from syncer.cli.output import EXIT_DONE, EXIT_USAGE, CommandError, print_result, register
from syncer.connections import element451_settings
from syncer.connections.connections import Connections
from syncer.connections.sign_ins import VALID_FOR, StartedSignIn
from syncer.connectors.element451.account_settings import AccountSettings, BadSetting
from syncer.connectors.errors import NotAllowed
from syncer.connectors.salesforce.oauth import STAYED_ON_SALESFORCE, callback_state
from syncer.core.records import System
from syncer.core.text import counted
from syncer.core.trust.verdict import State

_POLL_SECONDS = 0.2
_FEATURE_TOKEN = ("feature-token", "Element451's feature token")
_API_KEY = ("api-key", "Element451's API key")
_CLIENT_SECRET = ("client-secret", "the External Client App's consumer secret")


def add(subparsers: Any) -> None:
    """Add the commands."""
    group = subparsers.add_parser("connect", help="connect Element451 or Salesforce").add_subparsers(
        metavar="SYSTEM", required=True
    )
    element451 = group.add_parser("element451", help="keep the credentials, once Element451 answers to them")
    element451.add_argument(
        "--api-url", required=True, metavar="URL", help="such as https://your-school.api.451.io/v2"
    )
    secret_options.add(element451, *_FEATURE_TOKEN, required=True)
    secret_options.add(element451, *_API_KEY, required=False)
    element451.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="where the account differs from what is assumed of it; README.md lists them",
    )
    register(element451, _element451)
    salesforce = group.add_parser("salesforce", help="sign in with a browser")
    salesforce.add_argument("--url", required=True, help="such as https://your-school.my.salesforce.com")
    salesforce.add_argument(
        "--client-id", required=True, metavar="ID", help="the External Client App's consumer key"
    )
    secret_options.add(salesforce, *_CLIENT_SECRET, required=True)
    register(salesforce, _salesforce)
    another = group.add_parser(
        "another-organization",
        help="leave the Salesforce organization for another one, as when a sandbox was refreshed",
    )
    another.add_argument("--confirm", action="store_true", help="do it: you have seen what it keeps aside")
    register(another, _another_organization)


def _element451(options: argparse.Namespace, application: Application) -> int:
    token = secret_options.read(options, *_FEATURE_TOKEN) or ""
    key = secret_options.read(options, *_API_KEY)
    view = application.connections.connect_element451(
        options.api_url, token, key, _settings(options.set, application)
    )
    line = f"Connected to Element451 at {view.address}, which knows {view.account['fields']} fields."
    document = {"connected": "element451", "address": view.address, "account": dict(view.account)}
    _print_examined(options.json, application, System.ELEMENT451, document, line)
    return EXIT_DONE


def _another_organization(options: argparse.Namespace, application: Application) -> int:
    found = (another_organization.leave if options.confirm else another_organization.preview)(application)
    contacts, conversations = (counted(number, f"pair of {kind}s") for kind, number in found["pairs"].items())
    kept = "are kept aside" if options.confirm else "would be kept aside"
    then = (
        "Sign in to the other organization: python -m syncer connect salesforce. Look at what a run would do,"
        " and say: python -m syncer go-live"
        if options.confirm
        else "If that is right: python -m syncer connect another-organization --confirm"
    )
    print_result(
        options.json,
        {**found, "left": options.confirm},
        f"{contacts} and {conversations} with {found['organization'] or 'the organization'} {kept}, and never"
        " used against another one. Their log stays, and can no longer be undone.",
        "Everybody is matched anew, by IDs and match fields; whoever has no match there is created, as the"
        " preferences say, and the first run asks where that is much.",
        then,
    )
    return EXIT_DONE


def _settings(given: list[str], application: Application) -> AccountSettings | None:
    """The settings in force with those that are given as NAME=VALUE; None where none are."""
    if not given:
        return None
    pairs = dict(one.partition("=")[::2] for one in given)
    try:
        return AccountSettings.of({**element451_settings.read(application.database).changed, **pairs})
    except BadSetting as bad:
        raise CommandError(str(bad), EXIT_USAGE) from None


def _salesforce(options: argparse.Namespace, application: Application) -> int:
    secret = secret_options.read(options, *_CLIENT_SECRET) or ""
    connections = application.connections
    started = connections.begin_salesforce(options.url, options.client_id, secret)
    with Callback.listening(application.settings, connections) or nullcontext() as callback:
        print_result(
            options.json,
            {"authorize_url": started.authorize_url},
            *_instructions(application, started, callback is not None),
        )
        _wait_for_sign_in(connections, started)
    view = connections.view(System.SALESFORCE)
    account = dict(view.account) if view else {}
    line = f"Connected to Salesforce at {account.get('instance_url')} as {account.get('username')}."
    document = {"connected": "salesforce", "address": view.address if view else "", "account": account}
    _print_examined(options.json, application, System.SALESFORCE, document, line)
    return EXIT_DONE


def _print_examined(
    as_json: bool, application: Application, system: System, document: dict[str, Any], line: str
) -> None:
    """Print that a system is connected, and what the doctor has to say of it at once."""
    verdicts = examine(application, systems=[system], just_connected=True)
    disproved = [verdict for verdict in verdicts if verdict.state is State.DISPROVED]
    more = lines_of(disproved) if disproved else ["Nothing that the sync assumes of it was disproved."]
    print_result(as_json, document | {"doctor": [verdict.to_json() for verdict in verdicts]}, line, *more)


def _instructions(application: Application, started: StartedSignIn, listening: bool) -> list[str]:
    back = f"The browser then comes back to {application.settings.callback_url}."
    paste = "If it does not get there, copy the address that it tried to open, and paste it here:"
    if not listening:
        back += " The dashboard answers there, if it runs at that address."
    lines = [
        "Open this address in a browser, sign in and allow the access:",
        "",
        started.authorize_url,
        "",
        back,
    ]
    return [*lines, STAYED_ON_SALESFORCE, paste]


def _wait_for_sign_in(connections: Connections, started: StartedSignIn) -> None:
    """Wait until the sign-in is completed: by the callback of this command, by that of the dashboard, or by
    an address that is pasted on standard input."""
    pasted = _PastedLines()
    deadline = time.monotonic() + VALID_FOR.total_seconds()
    while time.monotonic() < deadline:
        for answer in pasted.lines(_POLL_SECONDS):
            if callback_state(answer) != started.state:
                sentence = (
                    "This is not the address that the browser was sent back to by this sign-in. Paste the"
                    " whole address."
                )
                print(sentence, file=sys.stderr, flush=True)
                continue
            try:
                connections.finish_salesforce(answer)
            except NotAllowed as refused:
                if refused.code != "state":  # else the callback was quicker, and its outcome counts
                    raise
        _confirm_if_it_waits(connections, started, pasted)
        outcome = connections.sign_in_outcome(started.state)
        if outcome:
            raise CommandError(outcome)
        if outcome is not None:
            return
    raise CommandError("Nobody completed the sign-in within ten minutes. Begin again with the same command.")


def _confirm_if_it_waits(connections: Connections, started: StartedSignIn, typed: "_PastedLines") -> None:
    """Confirm a sign-in that came back to the dashboard, whose browser is not this terminal. A person is
    asked; a program that began it is the one that it was begun for."""
    waiting = [one for one in connections.unconfirmed_sign_ins() if one.state == started.state]
    for one in waiting:
        if sys.stdin.isatty():
            question = f"Connect organization {one.organization_id} as user {one.username}? [yes/no] "
            print(question, end="", file=sys.stderr, flush=True)
            while not (answers := typed.lines(_POLL_SECONDS)):
                continue
            if answers[0].casefold() not in ("y", "yes"):
                connections.discard_sign_in(one.state)
                return
        connections.confirm_sign_in(one.state)


class _PastedLines:
    """Lines on standard input, as they arrive. Read without a thread, which could not be stopped while it
    waits."""

    def __init__(self) -> None:
        self._rest = b""
        try:
            self._input: int | None = sys.stdin.fileno()
        except (AttributeError, OSError, ValueError):  # there is no standard input
            self._input = None

    def lines(self, seconds: float) -> list[str]:
        """Wait up to ``seconds``, and return the lines that are complete."""
        if self._input is None:
            time.sleep(seconds)
            return []
        if not select.select([self._input], [], [], seconds)[0]:
            return []
        read = os.read(self._input, 65536)
        *complete, self._rest = (self._rest + read).split(b"\n")
        if not read:
            complete, self._input = [self._rest], None
        texts = [line.decode("utf-8", "replace").strip() for line in complete]
        return [text for text in texts if text]
