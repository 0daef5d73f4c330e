"""Suggested pairs of fields that somebody did not want, so that nobody is shown them again."""

from collections.abc import Callable, Collection

from sqlalchemy import Connection, Engine

from syncer.configuration.document import FieldKeys
from syncer.core.permissions import Action, Actor
from syncer.core.records import Kind
from syncer.infra.database import key_value
from syncer.journal import audit

_NAME = "dismissed suggestions"


def dismissed(engine: Engine, kind: Kind) -> set[FieldKeys]:
    """What was dismissed for a kind."""
    with engine.connect() as connection:
        return set(_kept(connection).get(kind.value, []))


def dismiss(engine: Engine, person: Actor, kind: Kind, pairs: Collection[FieldKeys]) -> None:
    """Suggest these pairs of fields no more. Raises `NotPermitted`."""
    about = ", ".join(" and ".join(fields) for fields in pairs)
    _keep(engine, person, kind, lambda former: {*former, *pairs}, about)


def bring_back(engine: Engine, person: Actor, kind: Kind) -> None:
    """Suggest again whatever was dismissed for a kind. Raises `NotPermitted`."""
    _keep(engine, person, kind, lambda former: set(), "none")


def _keep(
    engine: Engine, person: Actor, kind: Kind, change: Callable[[set[FieldKeys]], set[FieldKeys]], about: str
) -> None:
    person.require(Action.CONFIGURE)
    with engine.begin() as connection:
        kept = _kept(connection)
        kept[kind.value] = sorted(change(set(kept.get(kind.value, []))))
        key_value.write(connection, _NAME, kept)
        audit.record(
            connection, person, Action.CONFIGURE, "dismissed suggestions", kind=kind.value, fields=about
        )


def _kept(connection: Connection) -> dict[str, list[FieldKeys]]:
    return {
        kind: [(slug, name) for slug, name in pairs]
        for kind, pairs in key_value.read(connection, _NAME).items()
    }
