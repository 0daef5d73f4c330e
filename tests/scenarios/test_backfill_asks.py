"""A backfill that does not fit into the share of Salesforce's calls asks first, and then keeps to the share
(docs/architecture.md, "Forecasts")."""

from sqlalchemy import Engine

from syncer.connectors.errors import LimitReached
from syncer.core.records import System
from syncer.journal import api_usage, approvals
from tests.support.configured_world import School, edited, settled, without

FIELD = "user-custom-notes"


def remapped(engine: Engine, limit: int) -> School:
    """A school in step that maps a field again which was not read meanwhile; Salesforce allows so many
    calls a day."""
    school = settled(engine)
    everything = school.document
    school.save(edited(everything, without(FIELD)))
    assert school.sync().state == "done"
    school.save(everything)
    element_id, *_ = school.contacts()[0]
    school.element451.people.edit(element_id, {FIELD: "new"})
    api_usage.save(engine, (0, limit))
    return school


def test_a_backfill_that_does_not_fit_waits_and_reads_nothing_until_it_is_approved(engine: Engine) -> None:
    school = remapped(engine, limit=2)
    calls, wrote = school.salesforce.calls, len(school.writes())
    waiting = school.sync()
    told = (waiting.numbers or {})["backfill"]
    assert (waiting.state, waiting.code, told["left"]) == ("waiting", "GUARD", 1)
    assert told["of"] == {"contact": ["Description"]}
    assert school.sync().id == waiting.id, "ticks refresh it"
    assert (school.salesforce.calls, len(school.writes())) == (calls, wrote)
    done = school.sync(goes_on=waiting.id)
    assert (done.id, done.state) == (waiting.id, "done")
    assert len(school.writes()) > wrote
    everything = school.document
    school.save(edited(everything, without(FIELD)))
    assert school.sync().state == "done"
    school.save(everything)
    assert school.sync().state == "waiting", "the next one is asked for again"


def test_what_was_approved_goes_over_several_runs_and_asks_once(engine: Engine) -> None:
    school = remapped(engine, limit=2)
    waiting = school.sync()
    out = LimitReached(System.SALESFORCE, "No calls are left.", until=school.clock.now)
    school.salesforce.faults.fail("changed", fault=out)
    assert school.sync(goes_on=waiting.id).state == "failed"
    assert school.sync().state == "done", "the next run goes on without asking again"
    assert approvals.valid(engine, school.clock.now) == {}, "that approved no change"


def test_one_that_fits_and_one_of_whose_limit_nothing_is_known_do_not_ask(engine: Engine) -> None:
    school = remapped(engine, limit=100_000)
    assert school.sync().state == "done"


def test_a_rejected_one_reads_nothing(engine: Engine) -> None:
    school = remapped(engine, limit=2)
    waiting = school.sync()
    calls = school.salesforce.calls
    rejected = approvals.reject(engine, waiting.id)
    assert rejected
    assert school.salesforce.calls == calls
    assert school.sync().state == "waiting", "it is asked again when somebody says Sync now"
