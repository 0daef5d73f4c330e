"""The adapter against a running org: describing, reading, writing, and the org's troubles, as its
administrators and people cause them."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syncer.connectors.errors import FieldRefused, LimitReached, NotAllowed, Unreachable
from syncer.connectors.protocol import Salesforce, Write
from syncer.connectors.salesforce import SalesforceClient
from syncer.core.error_codes.entry import Cause
from syncer.core.fields import Entity
from syncer.core.records import Record, RecordState
from tests.connectors.salesforce.sandbox_client import client_of
from tests.support.sandbox import RunningSandbox

KEY = "Element451_ID__c"


@pytest.fixture
def client(sandbox: RunningSandbox, tmp_path: Path) -> SalesforceClient:
    found = client_of(sandbox, tmp_path)
    _: Salesforce = found  # what the road asks for
    return found


def inserts(count: int, first: int = 0) -> list[Write]:
    return [
        Write("insert", {"LastName": f"O'Brien {n}", KEY: f"{n:024x}"}) for n in range(first, first + count)
    ]


def changed(
    client: SalesforceClient, entity: Entity, names: list[str], since: datetime | None = None
) -> list[Record]:
    pages = client.changed(entity, [entity.fields[name] for name in names], since, None)
    return [record for page in pages for record in page.records]


def test_objects_and_fields_are_listed_as_the_connected_user_sees_them(
    sandbox: RunningSandbox, client: SalesforceClient
) -> None:
    assert ("Contact", "Contact") in client.entities()
    contact = client.describe("Contact")
    assert contact.key_prefix == "003"
    assert contact.fields["LastName"].required
    assert not contact.fields["FirstName"].required
    assert not contact.fields["OwnerId"].required, "it has a default"
    assert contact.fields["MailingAddress"].compound
    assert contact.fields["AccountId"].refers_to == ("Account",)
    assert contact.fields[KEY].external_id
    assert contact.fields[KEY].unique
    assert not contact.fields["Name"].creatable
    sandbox.field("Contact", "Birthdate", hidden=True)
    assert "Birthdate" not in client.describe("Contact").fields
    with pytest.raises(FieldRefused):
        client.describe("Nothing__c")


def test_what_is_created_is_read_back_and_found(client: SalesforceClient) -> None:
    contact = client.describe("Contact")
    results = client.write(contact, inserts(450), KEY)
    assert all(result.id and result.created and not result.refusal for result in results)
    records = {record.values[KEY]: record for record in changed(client, contact, ["LastName", KEY])}
    assert [records[f"{n:024x}"].id for n in range(450)] == [result.id for result in results]
    found = client.find(contact, contact.fields["LastName"], ["O'Brien 7", "nobody"], [contact.fields[KEY]])
    assert [record.values for record in found] == [{KEY: f"{7:024x}"}]
    assert {record.id for record in client.read(contact, [str(result.id) for result in results], [])} == {
        result.id for result in results
    }


@pytest.mark.parametrize("locators", ["invalid", "forbidden"])
def test_a_session_that_is_renewed_in_the_middle_of_paging_loses_no_record(
    sandbox: RunningSandbox, client: SalesforceClient, locators: str
) -> None:
    sandbox.options(locators_of_other_sessions=locators)
    there = sandbox.create_many("Contact", [{"LastName": f"L{number}"} for number in range(4200)])
    contact = client.describe("Contact")
    sandbox.meanwhile(path="/query/", moment="before").expire_tokens()
    assert sorted(record.id for record in changed(client, contact, [])) == sorted(there)


def test_updates_upserts_and_empties_arrive(sandbox: RunningSandbox, client: SalesforceClient) -> None:
    contact = client.describe("Contact")
    person = sandbox.create("Contact", FirstName="Ann", LastName="Lee")
    (result,) = client.write(contact, [Write("update", {"FirstName": None, "Title": "Dr."}, id=person)], KEY)
    assert result.refusal is None
    (record,) = client.read(contact, [person], [contact.fields["FirstName"], contact.fields["Title"]])
    assert record.values == {"FirstName": None, "Title": "Dr."}
    again = [Write("upsert", {"LastName": "Lee", KEY: "a" * 24})]
    assert [client.write(contact, again, KEY)[0].created for _ in range(2)] == [True, False]


def test_deleted_and_merged_records_are_told(sandbox: RunningSandbox, client: SalesforceClient) -> None:
    contact = client.describe("Contact")
    winner, loser, binned = (
        sandbox.create("Contact", LastName=name) for name in ("Winner", "Loser", "Binned")
    )
    sandbox.merge("Contact", winner, [loser])
    sandbox.delete("Contact", binned)
    states = {
        record.id: (record.state, record.merged_into) for record in changed(client, contact, ["LastName"])
    }
    assert states == {
        winner: (RecordState.LIVE, None),
        loser: (RecordState.MERGED, winner),
        binned: (RecordState.DELETED, None),
    }
    results = client.write(
        contact, [Write("update", {"Title": "x"}, id=id) for id in (winner, loser, binned)], KEY
    )
    assert [result.deleted for result in results] == [False, True, True]
    sandbox.purge("Contact", binned)
    assert client.read(contact, [binned], []) == []
    assert client.write(contact, [Write("update", {"Title": "x"}, id=binned)], KEY)[0].deleted


def test_each_refused_record_says_why_and_the_others_are_written(
    sandbox: RunningSandbox, client: SalesforceClient
) -> None:
    contact = client.describe("Contact")
    writes = [
        Write("insert", {"LastName": "Fine"}),
        Write("insert", {"FirstName": "Nameless"}),
        Write("insert", {"LastName": "x" * 81}),
        Write("insert", {"LastName": "Lee", "Email": "not an address"}),
        Write("insert", {"LastName": "Lee", "AccountId": "001000000000001AAA"}),
    ]
    results = client.write(contact, writes, KEY)
    codes = [result.refusal.code if result.refusal else "" for result in results]
    assert codes == [
        "",
        "REQUIRED_FIELD_MISSING",
        "STRING_TOO_LONG",
        "INVALID_EMAIL_ADDRESS",
        "INVALID_CROSS_REFERENCE_KEY",
    ]
    assert results[1].refusal is not None
    assert "Last Name" in results[1].refusal.sentence
    assert not any(result.deleted for result in results)
    assert len(sandbox.records("Contact")) == 1


def test_a_connection_cut_after_the_write_makes_no_duplicate(
    sandbox: RunningSandbox, client: SalesforceClient
) -> None:
    contact = client.describe("Contact")
    sandbox.fault("cut_after", path="/composite", method="POST")
    results = client.write(contact, inserts(20), KEY)
    rows = {row[KEY]: row["Id"] for row in sandbox.records("Contact")}
    assert len(rows) == 20
    assert all(result.existing and result.uncertain for result in results)
    assert [result.id for result in results] == [rows[f"{n:024x}"] for n in range(20)]


@pytest.mark.parametrize("trouble", ["html503", "cut_before"])
def test_troubles_of_the_network_pass_unnoticed(
    sandbox: RunningSandbox, client: SalesforceClient, trouble: str
) -> None:
    contact = client.describe("Contact")
    sandbox.fault(trouble, system="salesforce", times=2)
    assert not any(result.refusal for result in client.write(contact, inserts(3), KEY))
    sandbox.fault(trouble, system="salesforce", times=2)
    assert len(changed(client, contact, ["LastName"])) == 3


def test_a_salesforce_that_stays_away_is_unreachable(
    sandbox: RunningSandbox, client: SalesforceClient
) -> None:
    contact = client.describe("Contact")
    sandbox.fault("html503", system="salesforce", times=-1)
    with pytest.raises(Unreachable):
        changed(client, contact, ["LastName"])


def test_locked_records_pass_or_wait_for_the_next_run(
    sandbox: RunningSandbox, client: SalesforceClient
) -> None:
    contact = client.describe("Contact")
    locked = {
        "statusCode": "UNABLE_TO_LOCK_ROW",
        "message": "unable to obtain exclusive access to this record",
        "fields": [],
    }
    sandbox.fault("record", object="Contact", index=5, times=2, error=locked)
    sandbox.fault("record", object="Contact", where={KEY: f"{9:024x}"}, times=-1, error=locked)
    results = client.write(contact, inserts(20), KEY)
    refused = {number: result.refusal.cause for number, result in enumerate(results) if result.refusal}
    assert refused == {9: Cause.PASSING}
    assert len(sandbox.records("Contact")) == 19


def test_an_expired_session_is_renewed_in_the_middle_of_everything(
    sandbox: RunningSandbox, client: SalesforceClient
) -> None:
    contact = client.describe("Contact")
    client.write(contact, inserts(2_500), KEY)
    pages = client.changed(contact, [contact.fields[KEY]], None, None)
    read = len(next(pages).records)
    sandbox.expire_tokens()
    assert read + sum(len(page.records) for page in pages) == 2_500
    sandbox.expire_tokens()
    sandbox.reset_counters()
    assert not any(result.refusal for result in client.write(contact, inserts(3_000, 5_000), KEY))
    assert sandbox.counters()["calls"]["salesforce"]["oauth"] == 1


def test_the_daily_limit_stops_the_writing_and_keeps_its_results(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    client = client_of(sandbox, tmp_path, threads=1)
    contact = client.describe("Contact")
    used = client.usage
    assert used is not None
    sandbox.options(daily_api_limit=used[0] + 1)
    results = client.write(contact, inserts(2_500), KEY)
    assert isinstance(client.write_fault, LimitReached)
    assert sum(result.refusal is None for result in results) == len(sandbox.records("Contact")) == 1_000
    with pytest.raises(LimitReached):
        client.entities()


def test_an_org_whose_api_is_switched_off_says_so(sandbox: RunningSandbox, client: SalesforceClient) -> None:
    sandbox.options(api_enabled=False)
    with pytest.raises(NotAllowed):
        client.entities()


def test_changes_are_not_complete_while_some_are_not_visible_yet(
    sandbox: RunningSandbox, client: SalesforceClient
) -> None:
    contact = client.describe("Contact")
    sandbox.options(visibility_seconds=300.0)
    sandbox.create("Contact", LastName="Late")
    sandbox.clock(advance=120)
    (page,) = client.changed(contact, [contact.fields["LastName"]], None, None)
    assert page.records == []
    assert client.complete_until(contact, page.server_time) < page.server_time - timedelta(seconds=60)
    sandbox.clock(advance=300)
    assert [
        record.values["LastName"]
        for record in changed(client, contact, ["LastName"], page.server_time - timedelta(minutes=10))
    ] == ["Late"]


def test_ten_thousand_records_take_few_calls(sandbox: RunningSandbox, client: SalesforceClient) -> None:
    contact = client.describe("Contact")
    sandbox.reset_counters()
    results = client.write(contact, inserts(10_000), KEY)
    assert not any(result.refusal for result in results)
    assert sandbox.counters()["calls"]["salesforce"]["total"] == 10
    sandbox.reset_counters()
    assert len(changed(client, contact, ["LastName", KEY])) == 10_000
    assert sandbox.counters()["calls"]["salesforce"]["total"] == 5
    sandbox.reset_counters()
    keys = [f"{n:024x}" for n in range(10_000)]
    assert len(client.find(contact, contact.fields[KEY], keys, [contact.fields[KEY]])) == 10_000
    assert len(client.read(contact, [str(result.id) for result in results], [])) == 10_000
    assert sandbox.counters()["calls"]["salesforce"]["total"] <= 13
