"""The small school of `configured_world`, whose configuration is compiled for each run as the product does:
by the catalogues, which are read once a day, and without what is suspended (rule 22)."""

from sqlalchemy import Engine

from syncer.configuration.catalogue import Catalogues
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.engine import SyncEngine
from syncer.sync.suspensions import UsableConfig
from tests.support.configured_world import School, edited, first_document, prefer


class SuspendingSchool(School):
    """See the module."""

    def catalogues(self) -> Catalogues:
        """The catalogues, as old as this world's clock says."""
        return Catalogues(
            self.engine,
            lambda: self.salesforce,
            lambda: self.element451,
            lambda: self.clock.now,
            old_ones_serve=True,
        )

    def usable(self) -> UsableConfig:
        """The configuration of now, to be compiled."""
        return UsableConfig(
            self.engine, self.catalogues(), self.version, self.document, lambda: self.clock.now
        )

    def setup(self) -> CompiledConfig:
        """The document of now, compiled without what is suspended."""
        return self.usable().compile()

    def sync_engine(self) -> SyncEngine:
        """The sync engine by the configuration of now."""
        return SyncEngine(self.context(), self._may_blank, without_field=self.usable().without)

    def tomorrow(self) -> None:
        """Let the catalogues grow old."""
        self.later(24 * 60 + 1)


def suspending(engine: Engine, **preferences: object) -> SuspendingSchool:
    """A school with these preferences, in which nobody is yet."""
    school = SuspendingSchool(engine)
    school.document = edited(first_document(), prefer(**preferences))
    return school
