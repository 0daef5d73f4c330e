"""What an edited configuration would do to the records that are known, before it is saved. Neither system is
asked for anything but catalogues older than a day, and who is in a segment that the filter newly names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from syncer.configuration.catalogue import Catalogues
from syncer.configuration.document import Document, entity_name
from syncer.configuration.problems import errors_in
from syncer.configuration.suspension import NOTHING, Suspension, suspend
from syncer.core.records import Kind, System
from syncer.core.trust.estimate import Estimate, together
from syncer.infra.database.engine import reading
from syncer.sync.compiled_config import CompiledConfig
from syncer.sync.pair_rows import Row
from syncer.sync.planning.forecast_count import ForecastCount, RulesByKind
from syncer.sync.planning.impact import FieldImpact, RecordCount
from syncer.sync.planning.missing_values import Segments, Unread
from syncer.sync.planning.plan_inputs import PlanInputs
from syncer.sync.pull.watermarks import Watermark

TIME_LIMIT = 3.0
"""Seconds that a forecast may take while somebody waits; what is not counted by then is left out, and the
forecast says so."""
SAMPLE = 20_000
"""So many pairs of a kind are counted at most while somebody waits, drawn at random."""


LEFT_OUT = (
    "Salesforce left out whom the filter did not let in when everything was read. Whom another one lets in"
    " can be counted once they are read, in the next run."
)


@dataclass(frozen=True, slots=True)
class Creations:
    """Records of ``kind`` that would be created in ``target``."""

    kind: Kind
    target: System
    records: RecordCount


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would happen. ``affects_records``: whether any record may be concerned at all. ``counted`` of
    ``known`` records were planned, a random sample where these are not all; ``written`` of them would be
    created or changed, and ``among_all`` says how many of all. ``notes`` are sentences about what cannot be
    counted."""

    affects_records: bool = False
    fields: tuple[FieldImpact, ...] = ()
    created: tuple[Creations, ...] = ()
    failing: RecordCount = field(default_factory=RecordCount)
    counted: int = 0
    known: int = 0
    written: int = 0
    notes: tuple[str, ...] = ()
    among_all: Estimate = field(default_factory=lambda: Estimate(0, 0, 0))

    @property
    def complete(self) -> bool:
        """Whether every known record was counted."""
        return self.counted >= self.known

    @property
    def empty(self) -> bool:
        """Whether nothing would happen to the records that were counted."""
        return not (self.fields or self.created or self.failing.count)


def forecast(
    engine: Engine,
    catalogues: Catalogues,
    current: Document | None,
    edited: Document,
    seconds: float = TIME_LIMIT,
) -> Forecast:
    """What ``edited`` would do that ``current``, the configuration in force, does not. Takes little longer
    than ``seconds``.

    ``edited`` should have been checked: if it names what does not exist, nothing is counted, and the notes
    say so. Raises a `Fault` if a catalogue that is needed cannot be read.
    """
    try:
        after = rules_of(catalogues, edited)
    except KeyError:
        return Forecast(True, notes=("What would change can be said once the errors are corrected.",))
    before = _rules_in_force(catalogues, current)
    notes = tuple(cannot_be_counted(current, edited, before, after))
    kinds = [kind for kind in after if _plan_inputs(before, kind) != _plan_inputs(after, kind)]
    if not kinds:
        return Forecast(bool(notes), notes=notes)
    segments = Segments(catalogues.members)

    def read(kind: Kind, rows: Sequence[Row], unread: Unread) -> None:
        segments.bring(after[kind].mapping, rows, unread)

    with reading(engine).connect() as connection:
        if Watermark(after[Kind.CONTACT].mapping, System.SALESFORCE).left_out(connection):
            notes += (LEFT_OUT,)
    counting = ForecastCount(engine, before, after, seconds=seconds, sample=SAMPLE, read=read)
    for kind in kinds:
        counting.count(kind)
    return Forecast(
        True,
        fields=tuple(impact for counter in counting.impacts.values() for impact in counter.fields.values()),
        created=tuple(
            Creations(kind, target, records)
            for kind, counter in counting.impacts.items()
            for target, records in counter.created.items()
        ),
        failing=counting.failing(),
        counted=sum(counting.counted.values()),
        known=sum(counting.known.values()),
        written=sum(counter.written for counter in counting.impacts.values()),
        notes=notes,
        among_all=together(
            counting.estimate(kind, counter.written) for kind, counter in counting.impacts.items()
        ),
    )


def rules_of(catalogues: Catalogues, document: Document, suspension: Suspension = NOTHING) -> RulesByKind:
    """The rules of a document, which should have been checked. Raises KeyError where it names what does not
    exist, and a `Fault` if a catalogue that is needed cannot be read."""
    fields = catalogues.element_fields()
    compiled = CompiledConfig.compile(0, document, fields, catalogues.entity, suspension)
    return compiled.rules(datetime.now(UTC).date())


def _rules_in_force(catalogues: Catalogues, current: Document | None) -> RulesByKind:
    """The rules in force, without what is suspended; none if nothing is configured, or nothing can run."""
    if current is None:
        return {}
    errors = errors_in(catalogues.check(current, fresh=False))
    reduced, suspension = suspend(current, errors, catalogues.last_entities(current))
    return rules_of(catalogues, reduced, suspension) if suspension.syncs(Kind.CONTACT) else {}


def _plan_inputs(rules: RulesByKind, kind: Kind) -> PlanInputs | None:
    return PlanInputs.of(rules[kind]) if kind in rules else None


def cannot_be_counted(
    current: Document | None, edited: Document, before: RulesByKind, after: RulesByKind
) -> list[str]:
    """Sentences about what ``edited`` changes and cannot be counted."""
    if current is None:
        return []
    found = []
    for kind in after:
        left, taken = entity_name(current, kind), entity_name(edited, kind)
        if left != taken:
            found.append(
                f"The {kind.value}s of {left} are left alone from now on. Those of {taken} are read, and"
                " matched, in the next run."
            )
    if Kind.CONVERSATION in after and not current["preferences"]["sync_conversations"]:
        found.append(
            "Conversations are read in the next run. Which contacts come into the sync with them cannot be"
            " counted before."
        )
    if before and current["preferences"]["match_on"] != edited["preferences"]["match_on"]:
        found.append(
            "Records that are not linked by an ID yet are matched again in the next run. Which ones match"
            " cannot be counted before."
        )
    return found
