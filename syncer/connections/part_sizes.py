"""How many records of an object the connected org takes in one part: kept, so that the next run begins with
what the one before found out (rule 22)."""

from collections import UserDict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from syncer.core.trust.clocks import is_credible
from syncer.infra.database import key_value

KEPT = timedelta(days=7)
"""After this a size is found out anew: the automation that could not bear more may have been corrected."""
_FACT = "salesforce_part_sizes"


class StoredPartSizes(UserDict[str, int]):
    """Sizes by the objects' API names. One that cannot be stored just now is found out again by the next
    run."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self._engine, self._clock = engine, clock
        with engine.connect() as connection:
            stored = key_value.read(connection, _FACT)
        now = clock()
        dated = ((entity, known, datetime.fromisoformat(known["found"])) for entity, known in stored.items())
        self.data = {
            entity: known["size"]
            for entity, known, found in dated
            if now - found < KEPT and is_credible(found, now)
        }

    def __setitem__(self, entity: str, size: int) -> None:
        if self.data.get(entity) == size:
            return
        super().__setitem__(entity, size)
        with suppress(SQLAlchemyError), self._engine.begin() as connection:
            stored = key_value.read(connection, _FACT)
            found = {"size": size, "found": self._clock().isoformat()}
            key_value.write(connection, _FACT, stored | {entity: found})


def forget_all(connection: Connection) -> None:
    """Forget every size: another organization is connected next."""
    key_value.write(connection, _FACT, {})
