"""A configuration brought from another installation, as from a sandbox org to production: planned with every
difference and everything that it would do, and applied only while that is still so."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from syncer.application.commands import Commands
from syncer.application.container import Application
from syncer.application.decisions import forecast
from syncer.configuration import promotion
from syncer.configuration.config_file import default_document
from syncer.configuration.diff import diff_documents
from syncer.configuration.document import Document, entity_name, synced_kinds
from syncer.configuration.problems import errors_in
from syncer.configuration.promotion import Described, digest
from syncer.connectors.errors import FieldRefused
from syncer.core.fields import Entity
from syncer.core.guard import ChangeKind
from syncer.infra.database import key_value
from syncer.sync.forecasting.outlook import FAIL, FIELD_KINDS

_PLANNED = "planned configuration"
"""Key of `key_value`: what was planned last."""
_NUMBERS = (*(kind.value for kind in ChangeKind), FAIL)
MOVED = 10
"""Percent by which a number may differ from the plan's."""


class NotAsPlanned(Exception):
    """The configuration is not applied: it was not planned, or something moved since. ``str()`` says what."""


def plan(application: Application, document: Document, there: Described | None = None) -> dict[str, Any]:
    """What it takes to bring ``document`` into force here, and what it would do. ``there``: how its fields
    are described where it comes from (`promotion.describe`). Nothing is written to either system, and nothing
    comes into force; both systems are read.

    Returns ``{"fits", "differences", "steps", "problems", "changes", "forecast"}``: ``steps`` is a list for
    an administrator, ``changes`` what differs from the configuration in force, ``forecast`` is None while
    errors are left. Raises `Busy` and `Fault`s.
    """
    found = _compared(application, document, there or {})
    told = None
    if found["fits"]:
        told = _forecast(application, document)
    planned = {"file": digest(document), "described": found.pop("described"), "numbers": _numbers(told)}
    planned |= {"at": datetime.now(UTC).isoformat(), "by": application.person.name}
    with application.database.begin() as connection:
        key_value.write(connection, _PLANNED, planned if told else {})
    return found | {"forecast": told}


def apply(application: Application, document: Document) -> int:
    """Bring ``document`` into force as it was planned; gives the version. Raises `NotAsPlanned` where it was
    not planned, or where the file, the fields of either system, or a number of the forecast moved by more
    than a tenth since; then nothing changes."""
    with application.database.connect() as connection:
        planned = key_value.read(connection, _PLANNED)
    if not planned or planned["file"] != digest(document):
        raise NotAsPlanned(
            "This file was not planned, or it was changed since. Plan it first: config plan FILE"
        )
    found = _compared(application, document, {})
    if not found["fits"] or found["described"] != planned["described"]:
        raise NotAsPlanned(
            "The fields of Salesforce or Element451 are not as they were when it was planned. Plan it again."
        )
    then, now = planned["numbers"], _numbers(_forecast(application, document))
    moved = [
        f"{name}: {then.get(name, 0):,} then, {now.get(name, 0):,} now"
        for name in {**then, **now}
        if has_moved(then.get(name, 0), now.get(name, 0))
    ]
    if moved:
        raise NotAsPlanned(
            f"It would not do what was planned any more ({'; '.join(moved)}). Look at it, and plan it again."
        )
    version = application.configuration.store(document)
    with application.database.begin() as connection:
        key_value.write(connection, _PLANNED, {})
    return version


def described(application: Application, document: Document) -> Described:
    """How both systems describe the fields of ``document`` now. Raises `Fault`s."""
    catalogues, entities = application.catalogues, dict[str, Entity]()
    for name in {entity_name(document, kind) for kind in synced_kinds(document)}:
        try:
            entities[name] = catalogues.entity(name, fresh=True)
        except FieldRefused:  # there is no such object: every field of it is missing
            continue
    return promotion.describe(document, catalogues.element_fields(fresh=True), entities)


def has_moved(then: int, now: int) -> bool:
    """Whether a number differs by more than a tenth of what it was."""
    return abs(now - then) * 100 > then * MOVED


def _compared(application: Application, document: Document, there: Described) -> dict[str, Any]:
    here = described(application, document)
    problems = application.catalogues.check(document, fresh=False)
    differing = promotion.differences(document, there, here)
    current = application.configuration.current()
    before = current[1] if current else default_document()
    return {
        "fits": not errors_in(problems),
        "differences": [one.to_json() for one in differing],
        "steps": list(dict.fromkeys(one.step for one in differing)),
        "problems": [
            {"severity": one.severity, "where": one.where, "message": one.message} for one in problems
        ],
        "changes": [one.line for one in diff_documents(before, document)],
        "described": digest(here),
    }


def _forecast(application: Application, document: Document) -> dict[str, Any]:
    """The forecast of everything, as both systems are now: they are read by what is in force, by the document
    where nothing is."""
    Commands(application).read(document if application.configuration.current() is None else None)
    return forecast.forecast(application, document, whole=True)


def _numbers(told: Mapping[str, Any] | None) -> dict[str, int]:
    """The numbers that may not move: records by kind of change, and for each field."""
    if not told:
        return {}
    fields = {f"{name}, {what}": one[what] for name, one in told["fields"].items() for what in FIELD_KINDS}
    return {name: told[name] for name in _NUMBERS} | fields
