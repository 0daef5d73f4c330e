"""The steps of a new school, in the order in which they can be taken: none of them needs what a later one
decides."""

from copy import deepcopy
from enum import StrEnum

from sqlalchemy import Engine

from syncer.application import doctor
from syncer.application.attention import Current, Views
from syncer.application.container import Application
from syncer.configuration.acceptance import Edited
from syncer.configuration.config_file import default_document
from syncer.configuration.required_mappings import has_optional_mappings
from syncer.core.permissions import Action
from syncer.core.preferences import Scope
from syncer.core.records import System
from syncer.infra.database import key_value
from syncer.journal import schedule

_LOOKED_AT = "preferences looked at"


class Step(StrEnum):
    """What a new school does, in this order."""

    ELEMENT451 = "connect element451"
    SALESFORCE = "connect salesforce"
    EXAMINED = "the doctor's verdict"
    OBJECTS = "objects"
    MAPPINGS = "mappings"
    PREFERENCES = "preferences"
    FORECAST = "forecast"
    SYNC = "first sync"
    LIVE = "go live"


def steps(
    current: Current, views: Views, *, examined: bool, looked_at: bool, tried: bool, synced: bool, live: bool
) -> dict[Step, bool]:
    """Whether each step is done. ``examined``: there are verdicts about both systems; ``looked_at``: somebody
    saved or kept the preferences; ``tried``: a test or dry run showed what would happen; ``synced``: a whole
    run was done to its end. Whoever synced, or imported a whole configuration (``live``), needs no such step
    in between any more."""
    return {
        Step.ELEMENT451: _usable(views, System.ELEMENT451),
        Step.SALESFORCE: _usable(views, System.SALESFORCE),
        Step.EXAMINED: examined or synced,
        Step.OBJECTS: current is not None,
        Step.MAPPINGS: current is not None and has_optional_mappings(current[1]),
        Step.PREFERENCES: current is not None and (looked_at or live or synced),
        Step.FORECAST: tried or synced,
        Step.SYNC: synced,
        Step.LIVE: current is not None and live,
    }


def has_verdicts(database: Engine) -> bool:
    """Whether both systems were examined since they were connected."""
    return len(doctor.last(database)) == len(System) and not doctor.due(database)


def choose_objects(application: Application, contacts: str, conversations: str | None) -> int:
    """The first decision: which objects of Salesforce take contacts and conversations (None: conversations
    are not synced, and so every contact is exported). Returns the version's number. Raises `NotPermitted`,
    `VersionConflict` and `BadConfiguration`."""
    current = application.configuration.current()
    document = deepcopy(current[1]) if current else default_document()
    preferences = document["preferences"]
    preferences["contact_entity"] = contacts
    preferences["sync_conversations"] = conversations is not None
    if conversations is None:
        preferences["export"]["scope"] = Scope.ALL.value
    else:
        preferences["conversation_entity"] = conversations
    store = application.configuration
    return store.store(document, based_on=current[0] if current else 0, edited=Edited.PREFERENCES)


def keep_preferences(application: Application) -> None:
    """Somebody looked at the preferences, and they suit the school. Raises `NotPermitted`."""
    application.person.require(Action.CONFIGURE)
    with application.database.begin() as connection:
        key_value.write(connection, _LOOKED_AT, {"by": application.person.name})


def were_looked_at(database: Engine) -> bool:
    """Whether somebody did."""
    with database.connect() as connection:
        return bool(key_value.read(connection, _LOOKED_AT))


def preferences_are_open(database: Engine) -> bool:
    """Whether a school that is not live has yet to look at its preferences."""
    with database.connect() as connection:
        return not schedule.is_live(connection) and not key_value.read(connection, _LOOKED_AT)


def _usable(views: Views, system: System) -> bool:
    view = views.get(system)
    return bool(view and view.usable)
