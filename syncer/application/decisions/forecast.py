"""What a configuration would do to all records, and the calls that this takes, before it does anything."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlalchemy import Engine

from syncer.application.container import Application
from syncer.application.engine_factory import compiled, in_force
from syncer.configuration.config_file import BadConfiguration
from syncer.configuration.document import Document
from syncer.configuration.problems import errors_in
from syncer.connections import element451_settings
from syncer.connectors.element451.connector import Element451Connector
from syncer.connectors.protocol import Connector
from syncer.connectors.salesforce.connector import SalesforceConnector
from syncer.core.preferences import Preferences
from syncer.core.records import System
from syncer.infra.database.lease import LeaseLost
from syncer.journal import call_history
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.context import SyncContext
from syncer.sync.forecasting import calls
from syncer.sync.forecasting.budget import budget
from syncer.sync.forecasting.whole import WholeForecast, forecast_all
from syncer.sync.planning.forecast import cannot_be_counted


def forecast(
    application: Application,
    document: Document | None = None,
    *,
    sample: int | None = None,
    whole: bool = False,
) -> dict[str, Any]:
    """The forecast of a ``document`` that is not in force, or of the configuration that is, as JSON
    (docs/architecture.md, "Surfaces"). ``sample`` and ``whole``: see `forecast_all`. Nothing is written to
    either system.

    Raises `BadConfiguration` where the document has errors, `NotReady`, and the `Fault`s of reading.
    """
    found = open_forecast(application, document, sample=sample, whole=whole)
    return found.to_json() | {"calls": calls_of(application.database, found)}


def open_forecast(
    application: Application,
    document: Document | None = None,
    *,
    sample: int | None = None,
    whole: bool = False,
    random: Random | None = None,
) -> WholeForecast:
    """The same, to ask for more of it."""
    config = compiled_document(application, document)
    context = SyncContext(application.database, _Connectors(application), config)
    found = forecast_all(context, sample=sample, whole=whole, random=random)
    if document is not None and (current := application.configuration.current()):
        rules = config.rules(context.clock().date())
        found.notes += cannot_be_counted(current[1], document, rules, rules)
    return found


def compiled_document(application: Application, document: Document | None) -> CompiledConfig:
    """A ``document`` compiled, or the configuration in force. Raises as `forecast`."""
    catalogues = application.catalogues
    if document is None:
        return compiled(in_force(application, catalogues))
    if errors := errors_in(catalogues.check(document, fresh=False)):
        raise BadConfiguration(errors)
    return CompiledConfig.compile(0, document, catalogues.element_fields(), catalogues.entity)


def calls_of(database: Engine, found: WholeForecast, now: datetime | None = None) -> dict[str, Any]:
    """The calls of the first run and of a day, against the limit and the school's share of it."""
    now, preferences = now or datetime.now(UTC), found.context.config.preferences
    size = sizes(database, preferences)
    first, history = found.first_run(size), call_history.load(database, now)
    idle = found.idle_run(size)
    runs = 24 * 60 // preferences.interval_minutes + 1  # and the nightly one
    per_day = {}
    for system in System:
        fewest = history.fewest[system.value] if history.fewest else idle[system]
        days = [calls.Day(number, taken.get(system.value, 0)) for number, taken in history.days]
        median, high = calls.of_day(days, fewest, runs)
        per_day[system.value] = {"median": median, "high": high}
    return {
        "first_run": {system.value: number for system, number in first.items()},
        "per_day": per_day,
        "days": len(history.days),
        **budget(database, preferences, now, first[System.SALESFORCE]),
    }


def sizes(database: Engine, preferences: Preferences) -> calls.Sizes:
    """How many records a call to each system takes along."""
    account = element451_settings.read(database)
    return calls.Sizes(preferences.batch_size, account.read_size, account.search_size, account.import_size)


class _Connectors(dict[System, Connector]):
    """Both systems for reading, each opened when it is first asked for: a forecast that needs neither asks
    neither."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self._application = application

    def __missing__(self, system: System) -> Connector:
        open_one: dict[System, Callable[[], Connector]] = {
            System.SALESFORCE: lambda: SalesforceConnector(self._application.salesforce(_never)),
            System.ELEMENT451: lambda: Element451Connector(self._application.element451(_never)),
        }
        self[system] = open_one[system]()
        return self[system]


def _never() -> None:
    raise LeaseLost("A forecast writes nothing.")
