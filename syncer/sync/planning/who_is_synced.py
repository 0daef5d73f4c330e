"""Who is in, who is out, and who would change sides by an edited filter (rule 12): of all known contacts, by
what is known."""

from dataclasses import dataclass, field

from sqlalchemy import Engine

from syncer.core.mapping import FieldMapping
from syncer.core.matching.conditions import Condition
from syncer.core.records import System
from syncer.core.trust.restraint import outside
from syncer.infra.database.engine import reading
from syncer.sync.pair_store import PAIRS, PairStore, to_pair
from syncer.sync.planning.missing_values import Segments, Unread
from syncer.sync.pull.watermarks import Watermark

EXAMPLES = 10


@dataclass
class Side:
    """So many records, and the IDs of some of them."""

    records: int = 0
    examples: list[dict[str, str | None]] = field(default_factory=list)

    def add(self, element_id: str | None, salesforce_id: str | None) -> None:
        """Count a record."""
        self.records += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append({"element_id": element_id, "salesforce_id": salesforce_id})


@dataclass
class Sides:
    """``inside`` and ``outside`` by the edited filter; of these, ``entering`` and ``leaving`` are on the
    other side by the one in force. ``unread``: fields of the edited filter that were never read, by system
    and key: nobody is known to be outside because of them. ``left_out``: Salesforce may have kept records
    from us by the filter in force, so that not everybody is known who would come in."""

    inside: Side = field(default_factory=Side)
    outside: Side = field(default_factory=Side)
    entering: Side = field(default_factory=Side)
    leaving: Side = field(default_factory=Side)
    unread: list[tuple[str, str]] = field(default_factory=list)
    left_out: bool = False


def who_is_synced(
    engine: Engine, before: tuple[Condition, ...], after: FieldMapping, segments: Segments
) -> Sides:
    """The sides of every contact by the filter of ``after``; ``before`` is the filter in force. Segments that
    were not looked at yet are. Raises the `Fault`s of that."""
    found, pairs = Sides(), PairStore(after)
    with reading(engine).connect() as connection:
        unread = {system: Watermark(after, system).unread(connection) for system in System}
        found.unread = _unread(unread, after)
        found.left_out = Watermark(after, System.SALESFORCE).left_out(connection)
    for page in pairs.walk(reading(engine), PAIRS.c.left_sync.is_(False), most=True):
        segments.bring(after, page, unread)
        for row in page:
            pair, ids = to_pair(row), (row["element_id"], row["salesforce_id"])
            was_out, is_out = outside(pair, before) is not None, outside(pair, after.filters) is not None
            (found.outside if is_out else found.inside).add(*ids)
            if was_out is not is_out:
                (found.leaving if is_out else found.entering).add(*ids)
    return found


def _unread(unread: Unread, mapping: FieldMapping) -> list[tuple[str, str]]:
    asked = [one.field for one in mapping.filters if not one.segment]
    return [(one.system.value, one.key) for one in dict.fromkeys(asked) if one.key in unread[one.system]]
