"""What the fields of both systems are called, as far as the catalogues say that were read last: neither system is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine, select

from syncer.core.records import System
from syncer.infra.database.tables import CatalogueRow, table

_CATALOGUES = table(CatalogueRow)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of both systems' fields by their keys."""

    element451: Mapping[str, str] = field(default_factory=dict)
    salesforce: Mapping[str, str] = field(default_factory=dict)

    def of(self, system: System, key: str) -> str:
        """What people call the field; its key where no label is known."""
        known = self.element451 if system is System.ELEMENT451 else self.salesforce
        return known.get(key) or key


def known(engine: Engine, entity: str) -> Labels:
    """The labels of Element451's fields, and of those of the Salesforce object ``entity``; empty where no catalogue was read yet."""
    return Labels(_labels(engine, "element451"), _labels(engine, f"salesforce:{entity}"))


def _labels(engine: Engine, name: str) -> dict[str, str]:
    with engine.connect() as connection:
        kept = connection.execute(select(_CATALOGUES.c.document).where(_CATALOGUES.c.name == name)).scalar_one_or_none()
    return {raw["key"]: raw["label"] for raw in kept["fields"]} if kept else {}
