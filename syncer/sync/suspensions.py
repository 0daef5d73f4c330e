"""The configuration as it can run now: what a system no longer has, or refuses, is suspended, and comes back
by itself (rule 22). What is suspended is kept, for people to see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from syncer.configuration.catalogue import Catalogues
from syncer.configuration.document import Document
from syncer.configuration.problems import Problem, errors_in
from syncer.configuration.suspension import FieldKey, Suspension, suspend
from syncer.connectors.errors import Fault, FieldRefused
from syncer.core.records import Kind, System
from syncer.core.trust.clocks import is_credible
from syncer.infra.database import key_value
from syncer.infra.database.engine import reading
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.context import utc_now

SUSPENDED, REFUSED = "suspended", "refused fields"
"""Keys of `key_value`."""
ASKED_AGAIN = timedelta(days=1)
"""A field that its system described, but refused, is tried again after this time."""


class Unusable(Exception):
    """Nothing can run: the object of contacts, or a link, is not as it was mapped (``problems``)."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class UsableConfig:
    """Compiles one version of the configuration against the catalogues."""

    database: Engine
    catalogues: Catalogues
    version: int
    document: Document
    clock: Callable[[], datetime] = utc_now

    def compile(self, fresh: bool = False) -> CompiledConfig:
        """The version without what is suspended; ``fresh`` compares it with the catalogues as they are now.
        Raises `Unusable`, and `Fault`s."""
        problems = self._errors(fresh)
        if problems and not fresh:
            problems = self._errors(fresh=True)  # what was wrong yesterday may be right by now
        reduced, suspension = suspend(
            self.document, problems, self.catalogues.last_entities(self.document), self._refused()
        )
        if not suspension.syncs(Kind.CONTACT):
            raise Unusable(problems)
        with self.database.begin() as connection:
            key_value.write(connection, SUSPENDED, suspension.to_json())
        return CompiledConfig.compile(
            self.version, reduced, self.catalogues.element_fields(), self.catalogues.entity, suspension
        )

    def without(self, fault: FieldRefused) -> CompiledConfig | None:
        """The version without what a system has just refused; None where that cannot be told, or nothing is
        left to run."""
        try:
            config = self.compile(fresh=True)
            if described := {(fault.system, key) for key in fault.fields} & self._described():
                self._note_refused(described)
                config = self.compile()
            return config
        except (Fault, Unusable):
            return None

    def _described(self) -> set[FieldKey]:
        """The fields that the systems say they have."""
        theirs = {
            key for entity in self.catalogues.last_entities(self.document).values() for key in entity.fields
        }
        ours = {field.key for field in self.catalogues.last_element_fields()}
        return {(System.SALESFORCE, key) for key in theirs} | {(System.ELEMENT451, key) for key in ours}

    def _note_refused(self, keys: Iterable[FieldKey]) -> None:
        with self.database.begin() as connection:
            kept = key_value.read(connection, REFUSED).get("fields", [])
            added = [[system.value, key, self.clock().isoformat()] for system, key in sorted(keys)]
            key_value.write(connection, REFUSED, {"fields": [*kept, *added]})

    def _errors(self, fresh: bool) -> list[Problem]:
        return errors_in(self.catalogues.check(self.document, fresh))

    def _refused(self) -> set[FieldKey]:
        """The fields that were refused within the last day."""
        now = self.clock()
        with self.database.begin() as connection:
            kept: list[Any] = key_value.read(connection, REFUSED).get("fields", [])
            dated = [(row, datetime.fromisoformat(row[2])) for row in kept]
            lately = [row for row, at in dated if now - at < ASKED_AGAIN and is_credible(at, now)]
            if lately != kept:
                key_value.write(connection, REFUSED, {"fields": lately})
        return {(System(system), key) for system, key, _ in lately}


def current(engine: Engine) -> Suspension:
    """What is suspended, as of the last time that the configuration was compiled for a run."""
    with reading(engine).connect() as connection:
        return Suspension.from_json(key_value.read(connection, SUSPENDED))
