"""Opening the sync engine: both clients, the configuration in force, checked and compiled, and the look at
the live catalogues before a blanking."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from syncer.application.container import Application
from syncer.configuration.catalogue import Catalogues
from syncer.configuration.document import Document
from syncer.configuration.problems import Problem
from syncer.connectors.element451.connector import Element451Connector
from syncer.connectors.errors import FieldRefused
from syncer.connectors.protocol import Connector
from syncer.connectors.salesforce.connector import SalesforceConnector
from syncer.core.records import System
from syncer.journal import run_queries
from syncer.journal.runs import Run
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.context import SyncContext
from syncer.sync.engine import SyncEngine
from syncer.sync.progress import Progress
from syncer.sync.suspensions import Unusable, UsableConfig


class NotReady(Exception):
    """A run cannot even begin: the configuration is missing or has errors (``problems``). ``str()`` says what
    to do."""

    def __init__(self, sentence: str, problems: list[Problem] | None = None) -> None:
        super().__init__(sentence)
        self.problems = problems or []


def open_engine(
    application: Application,
    database: Engine,
    before_send: Callable[[], None],
    progress: Progress,
    between_pages: Callable[[SyncEngine, Run], None],
    document: Document | None = None,
    *,
    keeps_reserve: Callable[[], bool] = lambda: False,
) -> SyncEngine:
    """The sync engine over the connections and the configuration in force, or a ``document`` in its place.
    Raises `NotReady`, and the
    `Fault`s of connecting.

    ``database`` is where the run writes, ``before_send`` is called before every request that writes,
    ``between_pages`` between two pages. ``keeps_reserve``: see `ApiBudget`.
    """

    def spent() -> int:
        return run_queries.salesforce_calls_within(application.database, datetime.now(UTC), timedelta(days=1))

    salesforce = application.salesforce(before_send, spent, keeps_reserve)
    element451 = application.element451(before_send)
    catalogues = Catalogues(application.database, lambda: salesforce, lambda: element451, old_ones_serve=True)
    connectors: dict[System, Connector] = {
        System.SALESFORCE: SalesforceConnector(salesforce),
        System.ELEMENT451: Element451Connector(element451),
    }
    config = _usable(application, catalogues, document)
    context = SyncContext(database, connectors, compiled(config))
    return SyncEngine(context, LiveCatalogue(catalogues).may_blank, progress, between_pages, config.without)


def _usable(application: Application, catalogues: Catalogues, document: Document | None) -> UsableConfig:
    if document and application.configuration.current() is None:
        return UsableConfig(application.database, catalogues, 0, document)
    config = in_force(application, catalogues)
    return replace(config, document=document) if document else config


def in_force(application: Application, catalogues: Catalogues) -> UsableConfig:
    """The configuration in force, to be compiled. Raises `NotReady`."""
    current = application.configuration.current()
    if current is None:
        raise NotReady(
            "Nothing is mapped yet. Import a configuration first: python -m syncer config import FILE.yaml"
        )
    return UsableConfig(application.database, catalogues, *current)


def compiled(config: UsableConfig, fresh: bool = False) -> CompiledConfig:
    """The configuration without what is suspended (rule 22); ``fresh`` compares it with the catalogues as
    they are now. Raises `NotReady`."""
    try:
        return config.compile(fresh)
    except Unusable as unusable:
        raise NotReady(
            "The configuration has errors, so that nothing runs. Correct them: python -m syncer config check",
            unusable.problems,
        ) from None


class LiveCatalogue:
    """Element451's catalogue as it is now, read once per run and only if something is about to be blanked
    (rule 6)."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues
        self._known: set[str] | None = None

    def may_blank(self, system: System, field: str) -> None:
        """Raises `FieldRefused` where ``field``, which reads as empty, is no longer in ``system``."""
        if system is System.SALESFORCE:
            # it refuses to be asked for a field that it does not have: what reads as empty there is empty
            return
        if self._known is None:
            self._known = {known.key for known in self._catalogues.element_fields(fresh=True)}
        if field not in self._known:
            gone = f"{field} is mapped but is no longer a field of {system.label}."
            raise FieldRefused(
                system,
                f"{gone} Nothing was blanked; remove it from the mapping, or bring it back.",
                code="FIELD_GONE",
                fields=(field,),
            )
