"""The doctor: what the product assumes of the two connected systems, proved on them. Its verdicts are kept
until it is asked again; it runs by itself after a system was connected."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, select

from syncer.application.container import Application
from syncer.application.doctor_report import CHECKS
from syncer.configuration.compilation import to_preferences
from syncer.configuration.config_file import default_document
from syncer.configuration.document import (
    Document,
    entity_name,
    field_keys,
    is_constant,
    mapping_rows,
    synced_kinds,
)
from syncer.configuration.required_mappings import (
    CONVERSATION_ID,
    ELEMENT_ID,
    required_mapping,
)
from syncer.connections.connection_state import ConnectionState
from syncer.connectors.element451.examination.checks import CONVERSATIONS
from syncer.connectors.errors import NotAllowed, ReconnectNeeded
from syncer.connectors.salesforce.examination.checks import Expected, ExpectedObject
from syncer.core.permissions import MACHINE, Action
from syncer.core.preferences import Preferences, Scope
from syncer.core.records import Kind, System
from syncer.core.trust.verdict import State, Verdict, not_proved
from syncer.infra.database import key_value
from syncer.infra.database.lease import RUN, Lease
from syncer.infra.database.tables import ConnectionRow, PairRow, table
from syncer.journal import audit

_PAIRS, _CONNECTIONS = table(PairRow), table(ConnectionRow)
KNOWN = 200
"""So many of the known records are looked for: as many as one query asks for."""
CALLS_PER_RUN = 4
"""What a run takes of Salesforce where nothing changed: the changes of both kinds, and how far they reach."""
_IDS = (ELEMENT_ID, CONVERSATION_ID)
_WRITES = not_proved(
    "It was not tried, because that writes to a contact.",
    "Name a test contact: python -m syncer doctor --write ELEMENT_ID",
)


@dataclass(frozen=True, slots=True)
class Examination:
    """The last verdicts about one system, when it was examined, and when the connection was made that it was
    examined by."""

    at: datetime
    connected_at: datetime
    verdicts: tuple[Verdict, ...]

    @property
    def disproved(self) -> list[Verdict]:
        """Those that somebody has to do something about."""
        return [verdict for verdict in self.verdicts if verdict.state is State.DISPROVED]


def examine(
    application: Application,
    *,
    test_contact: str | None = None,
    systems: Iterable[System] = System,
    just_connected: bool = False,
) -> list[Verdict]:
    """Try every assumption on those of the ``systems`` that are connected, and keep the verdicts. Reads only,
    unless the Element ID of a ``test_contact`` is given: it and its Salesforce record are written to and put
    back. ``just_connected``: the sign-in was renewed a moment ago, and is not renewed again.

    Raises `NotPermitted`, `ReconnectNeeded` where nothing is connected, `NotAllowed` where the test contact
    is held, and `LeaseBusy` where a run goes on that a writing examination would disturb.
    """
    act = Action.CHECK if test_contact is None else Action.TEST
    about = "the doctor" if test_contact is None else f"the doctor, on contact {test_contact}"
    audit.authorize(application.database, application.person, act, about)
    views = {system: application.connections.view(system) for system in systems}
    usable = {system: view for system, view in views.items() if view and view.usable}
    if not usable:
        sentence = "Nothing is connected. Connect the systems first."
        raise ReconnectNeeded(next(iter(views)), sentence, code="not_connected")
    found: list[Verdict] = []
    if test_contact is not None:
        _refuse_held(application.database, test_contact)
    with _sole_writer(application, test_contact) as before_send:
        for system, view in usable.items():
            if system is System.ELEMENT451:
                verdicts = tuple(_of_element451(application, test_contact, before_send))
            else:
                expected = _expected(application, test_contact)
                client = application.salesforce(before_send)
                verdicts = tuple(client.examine(replace(expected, renew=not just_connected)))
            if _pauses(application, verdicts) and just_connected:
                found += verdicts
                continue  # it is examined once the pause is over
            verdicts += tuple(_not_tried(application.database, system, view.connected_at, verdicts))
            examination = Examination(datetime.now(UTC), view.connected_at, verdicts)
            _keep(application.database, system, examination)
            found += verdicts
    return found


def last(database: Engine) -> dict[System, Examination]:
    """The last examination of each system that had one."""
    with database.connect() as connection:
        found = {system: _read(connection, system) for system in System}
    return {system: examination for system, examination in found.items() if examination}


def due(database: Engine) -> list[System]:
    """The systems that were connected since they were examined last, or never were examined."""
    connected = select(_CONNECTIONS.c.system, _CONNECTIONS.c.connected_at).where(
        _CONNECTIONS.c.state == ConnectionState.CONNECTED
    )
    with database.connect() as connection:
        made = {System(row.system): row.connected_at for row in connection.execute(connected)}
        known = {system: _read(connection, system) for system in made}
    return [system for system, at in made.items() if not (seen := known[system]) or seen.connected_at != at]


def forget(database: Engine, system: System) -> None:
    """Let a system be examined anew, as one that was just connected."""
    with database.begin() as connection:
        key_value.write(connection, _fact(system), {})


def examine_what_is_due(application: Application) -> list[Verdict]:
    """Examine what was connected since the last examination, but no system that asked not to be called."""
    now, views = datetime.now(UTC), application.connections.view
    systems = [each for each in due(application.database) if (view := views(each)) and not view.pauses(now)]
    return examine(application, systems=systems, just_connected=True) if systems else []


def export_everybody(application: Application) -> None:
    """The way on where conversations cannot be exported: the scope of contacts is no longer theirs, and they
    are not synced. Raises `NotPermitted`, `VersionConflict`, and `BadConfiguration` where the configuration
    has other errors."""
    current = application.configuration.current()
    document = deepcopy(current[1]) if current else default_document()
    document["preferences"]["export"]["scope"] = Scope.ALL.value
    document["preferences"]["sync_conversations"] = False
    application.configuration.store(document, based_on=current[0] if current else 0)


def exports_nobody(application: Application, verdicts: Iterable[Verdict]) -> bool:
    """Whether that is needed: conversations cannot be exported, and the configuration relies on them."""
    current = application.configuration.current()
    preferences = to_preferences(current[1]) if current else Preferences()
    relies = preferences.sync_conversations or preferences.scope is Scope.CONVERSATIONS
    missing = (one.check == CONVERSATIONS.name and one.state is State.DISPROVED for one in verdicts)
    return relies and any(missing)


def _pauses(application: Application, verdicts: Iterable[Verdict]) -> bool:
    """Whether a system asked not to be called for a while; runs then wait as well."""
    waits = [(each.finding.wait_until, each.system) for each in verdicts if each.finding.wait_until]
    if not waits:
        return False
    until, system = max(waits)
    application.acting_as(MACHINE).connections.pause(system, until)
    return True


@contextmanager
def _sole_writer(application: Application, test_contact: str | None) -> Iterator[Callable[[], None]]:
    """What is called before each request that writes; a run and a writing examination exclude each other
    (rule 18)."""
    if test_contact is None:
        yield _never
        return
    with Lease(application.database, RUN, application.settings.lease_seconds) as lease:
        yield lease.check


def _never() -> None:
    raise RuntimeError("an examination without a test contact writes nothing")


def _not_tried(
    database: Engine, system: System, connected_at: datetime, verdicts: Iterable[Verdict]
) -> Iterator[Verdict]:
    """What only a writing examination tries: as the last one left it, where that was of this connection."""
    tried = {verdict.check for verdict in verdicts}
    with database.connect() as connection:
        before = _read(connection, system)
    same = before is not None and before.connected_at == connected_at
    known = {one.check: one for one in before.verdicts} if before and same else {}
    for check in CHECKS[system]:
        if check.name not in tried:
            yield known.get(check.name) or Verdict(check.name, system, _WRITES)


def _refuse_held(database: Engine, contact: str) -> None:
    """What is held is not written, by whatever road (rule 20). Raises `NotAllowed`."""
    query = select(_PAIRS.c.id).where(
        _PAIRS.c.kind == Kind.CONTACT, _PAIRS.c.element_id == contact, _PAIRS.c.held.is_(True)
    )
    with database.connect() as connection:
        held = connection.execute(query).first()
    if held:
        sentence = "This contact is held. Release it first, or name another test contact."
        raise NotAllowed(System.ELEMENT451, sentence)


def _of_element451(
    application: Application, test_contact: str | None, before_send: Callable[[], None]
) -> Iterator[Verdict]:
    with application.element451(before_send) as client:
        yield from client.examine(test_contact)


def _expected(application: Application, test_contact: str | None) -> Expected:
    current = application.configuration.current()
    return expected_of(application.database, current[1] if current else default_document(), test_contact)


def expected_of(database: Engine, document: Document, test_contact: str | None = None) -> Expected:
    """What the configuration expects of the org."""
    preferences = to_preferences(document)
    entity = entity_name(document, Kind.CONTACT)
    ours = (_PAIRS.c.kind == Kind.CONTACT, _PAIRS.c.entity == entity, _PAIRS.c.salesforce_id.is_not(None))
    living = (_PAIRS.c.left_sync.is_(False), _PAIRS.c.salesforce_state == "live")
    with database.connect() as connection:
        newest = select(_PAIRS.c.salesforce_id).where(*ours, *living).order_by(_PAIRS.c.id.desc())
        known = connection.execute(newest.limit(KNOWN)).scalars().all()
        record = None
        if test_contact is not None:
            same = select(_PAIRS.c.salesforce_id).where(*ours, _PAIRS.c.element_id == test_contact)
            record = connection.execute(same).scalar() or ""
    return Expected(
        tuple(_object(document, kind, preferences) for kind in synced_kinds(document)),
        known=tuple(known),
        calls_a_day=24 * 60 // preferences.interval_minutes * CALLS_PER_RUN,
        share_percent=preferences.api_share_percent,
        test_record=record,
    )


def _object(document: Document, kind: Kind, preferences: Preferences) -> ExpectedObject:
    rows = mapping_rows(document, kind)
    link = {row["salesforce"] for row in rows if required_mapping(kind, field_keys(row)) in _IDS}
    owned = {row["salesforce"] for row in rows if row.get("owner") == System.ELEMENT451}
    constants = {row["salesforce"] for row in rows if is_constant(row)}
    updates = kind is Kind.CONVERSATION or preferences.export_updates
    return ExpectedObject(
        entity_name(document, kind),
        external_id=next(iter(link), None),
        read=frozenset(row["salesforce"] for row in rows) - constants,
        created=frozenset(owned | constants),
        updated=frozenset(owned if updates else link),
    )


def _keep(database: Engine, system: System, examination: Examination) -> None:
    kept = {
        "at": examination.at.isoformat(),
        "connected_at": examination.connected_at.isoformat(),
        "verdicts": [
            {name: value for name, value in verdict.to_json().items() if name != "restore"}
            for verdict in examination.verdicts
        ],
    }
    with database.begin() as connection:
        key_value.write(connection, _fact(system), kept)


def _read(connection: Connection, system: System) -> Examination | None:
    stored = key_value.read(connection, _fact(system))
    if not stored:
        return None
    return Examination(
        datetime.fromisoformat(stored["at"]),
        datetime.fromisoformat(stored["connected_at"]),
        tuple(map(Verdict.from_json, stored["verdicts"])),
    )


def _fact(system: System) -> str:
    return f"doctor_{system.value}"
