"""The size of parts that an org was found to take is kept from run to run (rule 22)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from syncer.connections.part_sizes import KEPT, StoredPartSizes
from syncer.connectors.salesforce.writing.part_sizes import PartSizes

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_the_next_run_begins_with_the_size_that_passed_in_the_one_before(engine: Engine) -> None:
    PartSizes(200, StoredPartSizes(engine)).learn("Contact", refused={200, 100}, passed={50})
    PartSizes(200, StoredPartSizes(engine)).learn("Lead", refused={200}, passed={100})
    sizes = PartSizes(200, StoredPartSizes(engine))
    assert [sizes.of(entity) for entity in ("Contact", "Lead", "Account")] == [50, 100, 200]
    assert PartSizes(20, StoredPartSizes(engine)).of("Contact") == 20


def test_after_a_week_it_is_found_out_anew(engine: Engine) -> None:
    StoredPartSizes(engine, lambda: NOW)["Contact"] = 50
    assert dict(StoredPartSizes(engine, lambda: NOW + KEPT - timedelta(minutes=1))) == {"Contact": 50}
    assert dict(StoredPartSizes(engine, lambda: NOW + KEPT)) == {}
