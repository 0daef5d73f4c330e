"""Pages of a query, and getUpdated and getDeleted."""

from datetime import datetime

import pytest

from tests.sandbox.client import Org, typed
from tests.support.sandbox import RunningSandbox


def crowd(org: Org, count: int) -> list[str]:
    ids: list[str] = []
    for start in range(0, count, 200):
        records = [{"LastName": f"Person {number:05}"} for number in range(start, min(start + 200, count))]
        ids += [item["id"] for item in org.post("composite/sobjects", typed(*records)).json()]
    return ids


def test_a_page_holds_two_thousand_rows_and_the_locator_leads_on(org: Org) -> None:
    ids = crowd(org, 2400)
    first = org.get("query", q="SELECT Id FROM Contact ORDER BY Id").json()
    assert (first["totalSize"], first["done"], len(first["records"])) == (2400, False, 2000)
    assert first["nextRecordsUrl"].startswith("/services/data/v66.0/query/01g")
    assert first["nextRecordsUrl"].endswith("-2000")
    second = org.get(first["nextRecordsUrl"], q="SELECT Nothing FROM Nowhere").json()
    assert (second["totalSize"], second["done"], len(second["records"])) == (2400, True, 400)
    assert "nextRecordsUrl" not in second
    assert [row["Id"] for row in first["records"] + second["records"]] == sorted(ids)


def test_pages_can_be_asked_smaller_within_bounds(org: Org, sandbox: RunningSandbox) -> None:
    crowd(org, 450)
    address = f"{sandbox.url}/services/data/v66.0/query"
    sizes = []
    for asked in ("batchSize=50", "batchSize=300", "nonsense"):
        reply = org.http.get(
            address,
            params={"q": "SELECT Id FROM Contact"},
            headers={"Sforce-Query-Options": asked},
            timeout=10,
        )
        sizes.append(len(reply.json()["records"]))
    assert sizes == [200, 300, 450]


def test_a_locator_is_a_snapshot_of_ids_whose_values_are_read_late(org: Org, sandbox: RunningSandbox) -> None:
    ids = sorted(crowd(org, 402))
    address = f"{sandbox.url}/services/data/v66.0/query"
    small = {"Sforce-Query-Options": "batchSize=200"}
    first = org.http.get(
        address, params={"q": "SELECT Id, LastName FROM Contact ORDER BY Id"}, headers=small, timeout=10
    ).json()
    sandbox.edit("Contact", ids[300], LastName="Changed")
    sandbox.delete("Contact", ids[301])
    crowd(org, 1)
    second = org.get(first["nextRecordsUrl"]).json()
    rows = {row["Id"]: row["LastName"] for row in second["records"]}
    assert rows[ids[300]] == "Changed"
    assert ids[301] not in rows
    third = org.get(second["nextRecordsUrl"]).json()
    assert (third["done"], len(third["records"]), third["totalSize"]) == (True, 2, 402)


def test_a_locator_lives_two_days(org: Org, sandbox: RunningSandbox) -> None:
    crowd(org, 2001)
    following = org.get("queryAll", q="SELECT Id FROM Contact").json()["nextRecordsUrl"]
    assert "/query/" in following
    assert len(org.get(following).json()["records"]) == 1
    sandbox.clock(advance=3 * 86_400)
    lost = Org(sandbox).get(following)
    assert (lost.status_code, lost.json()) == (
        400,
        [{"message": "invalid query locator", "errorCode": "INVALID_QUERY_LOCATOR"}],
    )
    assert Org(sandbox).get("query/01gnonsense-2000").json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_rows_with_very_long_fields_come_in_small_pages(org: Org) -> None:
    records = [{"Conversation_ID__c": f"c{number}", "Transcript__c": "x"} for number in range(201)]
    for start in (0, 200):
        org.post("composite/sobjects", typed(*records[start : start + 200], object="E451_Conversation__c"))
    assert (
        len(org.get("query", q="SELECT Id, Transcript__c FROM E451_Conversation__c").json()["records"]) == 200
    )
    assert len(org.query("SELECT Id, Transcript__c FROM E451_Conversation__c")) == 201


def test_updated_ignores_seconds_in_both_bounds(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.clock(now="2026-11-23T12:00:30Z")
    first = org.create(LastName="A")
    sandbox.clock(now="2026-11-23T12:02:30Z")
    second = org.create(LastName="B")
    sandbox.clock(now="2026-11-23T12:10:00Z")

    def updated(start: str, end: str) -> list[str]:
        return list(org.get("sobjects/Contact/updated/", start=start, end=end).json()["ids"])

    assert updated("2026-11-23T12:00:59+00:00", "2026-11-23T12:02:59+00:00") == [first]
    assert updated("2026-11-23T12:01:00+00:00", "2026-11-23T12:03:00+00:00") == [second]
    assert updated("2026-11-23T07:00:00-05:00", "2026-11-23T12:03:00Z") == [first, second]
    late = org.get(
        "sobjects/Contact/updated/", start="2026-11-23T12:00:00Z", end="2026-11-23T13:00:00Z"
    ).json()
    assert late["latestDateCovered"].startswith("2026-11-23T12:10:0")


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        ("updated", "2026-11-23T12:00:00Z", "2026-11-23T12:00:59Z"),
        ("updated", "2026-11-23T12:00:00Z", "2026-11-23T11:00:00Z"),
        ("updated", "2026-10-20T12:00:00Z", "2026-11-23T12:00:00Z"),
        ("updated", "2026-11-24T12:00:00Z", "2026-11-25T12:00:00Z"),
        ("deleted", "2026-11-07T12:00:00Z", "2026-11-23T12:00:00Z"),
        ("updated", "yesterday", "2026-11-23T12:00:00Z"),
    ],
)
def test_windows_that_make_no_sense_or_reach_too_far_back_are_refused(
    org: Org, sandbox: RunningSandbox, kind: str, start: str, end: str
) -> None:
    sandbox.clock(now="2026-11-23T12:30:00Z")
    reply = org.get(f"sobjects/Contact/{kind}/", start=start, end=end)
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (400, "INVALID_REPLICATION_DATE")


def test_deleted_tells_when_and_a_purged_record_is_told_only_there(org: Org, sandbox: RunningSandbox) -> None:
    sandbox.clock(now="2026-11-23T12:00:00Z")
    ids = [org.create(LastName=name) for name in ("Binned", "Purged", "Back")]
    sandbox.delete("Contact", *ids)
    sandbox.purge("Contact", ids[1])
    sandbox.undelete("Contact", ids[2])
    reply = org.get(
        "sobjects/Contact/deleted/", start="2026-11-23T11:00:00Z", end="2026-11-23T13:00:00Z"
    ).json()
    assert [record["id"] for record in reply["deletedRecords"]] == ids[:2]
    assert reply["deletedRecords"][0]["deletedDate"].startswith("2026-11-23T12:00:0")
    assert reply["earliestDateAvailable"] == "2026-11-08T12:00:00.000+0000"
    assert {row["Id"] for row in org.query("SELECT Id FROM Contact", "queryAll")} == {ids[0], ids[2]}


def stamp(org: Org) -> datetime:
    (row,) = org.query("SELECT SystemModstamp FROM Contact", "queryAll")
    return datetime.fromisoformat(row["SystemModstamp"])


def test_deletion_and_undeletion_move_the_stamp(org: Org, sandbox: RunningSandbox) -> None:
    made = org.create(LastName="A")
    stamps = [stamp(org)]
    for act in (sandbox.delete, sandbox.undelete):
        sandbox.clock(advance=5)
        act("Contact", made)
        stamps.append(stamp(org))
    assert stamps[0] < stamps[1] < stamps[2]


def test_merging_bins_the_losers_names_their_master_and_moves_what_points_to_them(
    org: Org, sandbox: RunningSandbox
) -> None:
    winner, loser, other = (org.create(LastName=name) for name in ("Winner", "Loser", "Other"))
    talk = org.create("E451_Conversation__c", Conversation_ID__c="c1", Contact__c=loser)
    before = {
        row["Id"]: row["SystemModstamp"]
        for row in sandbox.records("Contact") + sandbox.records("E451_Conversation__c")
    }
    sandbox.clock(advance=10)
    sandbox.merge("Contact", winner, [loser, other], Title="Dean")
    rows = {
        row["Id"]: row
        for row in org.query(
            "SELECT Id, IsDeleted, MasterRecordId, Title, SystemModstamp FROM Contact", "queryAll"
        )
    }
    assert {id: (rows[id]["IsDeleted"], rows[id]["MasterRecordId"]) for id in rows} == {
        winner: (False, None),
        loser: (True, winner),
        other: (True, winner),
    }
    assert rows[winner]["Title"] == "Dean"
    assert all(rows[id]["SystemModstamp"] > before[id] for id in rows)
    moved = org.read(talk, "Contact__c", "SystemModstamp", object="E451_Conversation__c")
    assert moved == {"Contact__c": winner, "SystemModstamp": before[talk]}


def test_merging_is_for_standard_people_and_live_records(org: Org, sandbox: RunningSandbox) -> None:
    student = org.create("E451_Student__c", Last_Name__c="A")
    with pytest.raises(ValueError, match="cannot be merged"):
        sandbox.merge("E451_Student__c", student, [student])
    contact = org.create(LastName="A")
    with pytest.raises(ValueError, match="merged into itself"):
        sandbox.merge("Contact", contact, [contact])
    with pytest.raises(ValueError, match="not in the recycle bin"):
        sandbox.undelete("Contact", contact)
    with pytest.raises(ValueError, match="REQUIRED_FIELD_MISSING"):
        sandbox.edit("Contact", contact, LastName="")
