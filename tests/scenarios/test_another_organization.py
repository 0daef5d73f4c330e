"""The connected Salesforce organization is another one, as a sandbox that was refreshed: what is known of the
former is kept aside and never used against it (rules 7 and 14)."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from syncer.application.decisions import another_organization
from syncer.application.engine_host import Busy
from syncer.core.records import System
from syncer.infra.database.lease import RUN, Lease
from syncer.sync.match import former_organization
from syncer.sync.pair_rows import ASIDE
from syncer.sync.pair_store import PAIRS
from tests.support.configured_world import School, settled
from tests.support.memory import MemorySalesforce
from tests.support.memory_application import MemoryApplication
from tests.support.world import statuses

FORMER = "00D000000000001AAA"


def pairs(engine: Engine) -> list[dict[str, Any]]:
    """Every pair, by its number."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(PAIRS).order_by(PAIRS.c.id)).mappings()]


def another_org(school: School) -> MemorySalesforce:
    """An org with IDs of its own, and nobody in it."""
    org = MemorySalesforce(clock=school.clock)
    org.people._numbers = count(1000)  # no two organizations give the same ID
    return org


def test_everybody_is_matched_anew_and_nothing_of_the_former_organization_is_used(engine: Engine) -> None:
    school = settled(engine)
    former, before = school.salesforce, pairs(engine)
    written = len(former.journal)
    with engine.begin() as connection:
        assert former_organization.set_aside(connection, FORMER) == {"contact": 7, "conversation": 2}
    school.salesforce = another_org(school)
    known, _ = school.contacts()
    there = school.salesforce.people.create("Contact", {"LastName": "Copied", "Element451_ID__c": known[0]})
    run = school.sync()
    counts = statuses(run)["export_contact"]
    assert (counts["inserted"], counts.get("failed", 0)) == (len(known) - 1, 0)
    assert statuses(run)["export_conversation"] == {"upserted": 2}
    live = set(school.salesforce.people.live("Contact"))
    stored = {school.in_element451(one)["user-identities-salesforceid"] for one in known}
    assert stored == live, "Element451 names the records of the new organization"
    assert there in live
    assert len(former.journal) == written
    aside = [row for row in pairs(engine) if ASIDE in row["entity"]]
    assert [row["salesforce"] for row in aside] == [row["salesforce"] for row in before]
    assert statuses(school.sync()).get("export_contact", {}).get("inserted", 0) == 0


def test_the_way_on_is_one_act_with_a_preview(engine: Engine, tmp_path: Path) -> None:
    school = settled(engine)
    application = MemoryApplication(school, tmp_path)
    before = pairs(engine)
    found = another_organization.preview(application)
    assert (found["pairs"], found["waiting"]) == ({"contact": 7, "conversation": 2}, [])
    assert pairs(engine) == before
    lease = Lease(engine, RUN, 60)
    assert lease.take(0)
    with pytest.raises(Busy):
        another_organization.leave(application)
    lease.release()
    assert another_organization.leave(application) == found
    assert all(ASIDE in row["entity"] for row in pairs(engine))
    assert another_organization.preview(application)["pairs"] == {"contact": 0, "conversation": 0}
    assert application.connections.view(System.SALESFORCE) is None
