"""Who is synced by an edited configuration, before it is saved (rule 12)."""

from dataclasses import asdict
from typing import Any

from syncer.application.container import Application
from syncer.application.engine_factory import compiled, in_force
from syncer.configuration.document import Document
from syncer.core.records import Kind
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.planning.missing_values import Segments
from syncer.sync.planning.who_is_synced import who_is_synced


def sides(application: Application, edited: Document) -> dict[str, Any]:
    """How many contacts are inside and outside the filter of ``edited``, with ten examples of each, and who
    of them would change sides (`Sides`). ``edited`` should have been checked. Raises `NotReady`, `KeyError`
    where it names what does not exist, and the `Fault`s of reading catalogues."""
    catalogues = application.catalogues
    before = compiled(in_force(application, catalogues)).mappings.get(Kind.CONTACT)
    after = CompiledConfig.compile(0, edited, catalogues.element_fields(), catalogues.entity)
    found = who_is_synced(
        application.database,
        before.filters if before else (),
        after.mappings[Kind.CONTACT],
        Segments(catalogues.members),
    )
    return asdict(found)
