"""Over HTTP: what sharing hides for a while stays paired (rule 9), and what a search kept quiet about is
found again (rule 23)."""

from pathlib import Path

from tests.support.databases import Databases
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.trials.school import School


def test_hidden_contacts_fail_come_back_with_their_edits_and_a_quiet_search_is_made_good_by_an_audit(
    on_sqlite: Databases, tmp_path: Path
) -> None:
    with running_sandbox() as sandbox, on_sqlite.url() as url:
        sandbox.reset(contacts=40, conversations=0, in_step=True)
        school = School(sandbox, tmp_path, url)
        school.connect({"sync_conversations": False})
        school.sync()
        pairs = sandbox.records("Contact", fields=["Id", "Element451_ID__c"])[:25]
        ids = [row["Id"] for row in pairs]
        sandbox.hide("Contact", *ids)
        edits = {row["Element451_ID__c"]: {"user-phone-cell-number": "555 1"} for row in pairs}
        sandbox.edit_element451("contact", edits)
        run = school.sync()
        assert (run["counts"]["export_contact"]["failed"], deactivated(run)) == (25, 0)
        assert deactivated(school.sync("--full")) == 0
        sandbox.show("Contact", *ids)
        school.run("retry", "--all-failed")
        assert phones(sandbox, ids) == {"555 1"}
        sandbox.alter("/search", drop=True, put={"meta": {}}, rule={"name": "quiet"})
        sandbox.edit_element451("contact", {id: {"user-first-name": "Anna"} for id in edits})
        school.sync()
        sandbox.clear_faults("quiet")
        found = school.run("audit")
        assert found["type"] == "audit"
        assert school.sync()["state"] == "done"
        names = sandbox.records("Contact", fields=["Id", "FirstName"])
        assert {row["FirstName"] for row in names if row["Id"] in ids} == {"Anna"}


def deactivated(run: dict[str, dict[str, dict[str, int]]]) -> int:
    return sum(counts["deactivated"] for counts in run["counts"].values())


def phones(sandbox: RunningSandbox, ids: list[str]) -> set[str]:
    found = sandbox.records("Contact", fields=["Id", "MobilePhone"])
    return {row["MobilePhone"] for row in found if row["Id"] in ids}
