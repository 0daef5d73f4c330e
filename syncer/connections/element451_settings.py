"""The settings of the connection to Element451: where the account differs from what is assumed. They stay
when it is connected anew."""

from typing import Any

from sqlalchemy import Connection, Engine

from syncer.connectors.element451.account_settings import AccountSettings
from syncer.core.permissions import Action, Actor
from syncer.core.records import System
from syncer.infra.database import key_value
from syncer.journal import audit

_FACT = "element451_settings"


def read(engine: Engine) -> AccountSettings:
    """The settings in force."""
    with engine.connect() as connection:
        return AccountSettings.of(key_value.read(connection, _FACT))


def save(connection: Connection, person: Actor, settings: AccountSettings) -> None:
    """Put settings into force, and record who did. What equals the contract is not kept: that may be
    corrected."""
    stored, changed = key_value.read(connection, _FACT), settings.changed
    if changed == stored:
        return
    key_value.write(connection, _FACT, dict[str, Any](changed))
    audit.record(connection, person, Action.CONNECT, f"{System.ELEMENT451.label}: settings", **changed)
