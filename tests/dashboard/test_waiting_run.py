"""The run that waits for approval: the evidence, the decision, and that its number is what then is written
(rule 19)."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.shared.runs import change_words
from dashboard.views.runs.waiting_rows import LEAVE_OUT
from syncer.application.decisions import waiting_run
from syncer.journal import log_queries, runs
from syncer.journal.log_queries import LogFilter
from syncer.journal.run_state import RunState
from syncer.journal.runs import Run
from tests.dashboard.overview_page import plainly
from tests.support.dashboard import Installed, labels, open_view, press, rows, texts

VIEW = "views/runs/view.py"
EMPTIED, RENAMED = 12, 6
BIRTHDATE = "user-dob ← Birthdate"


@pytest.fixture(scope="module")
def _waiting(tmp_path_factory: pytest.TempPathFactory, _synced: Installed) -> Installed:
    made = _synced.copy_to(tmp_path_factory.mktemp("waiting") / "data")
    wait_after_a_mistake(made)
    made.application.close()
    return made


@pytest.fixture
def waiting(tmp_path: Path, _waiting: Installed, environment: Callable[[Installed], Installed]) -> Installed:
    """Birthdates were emptied by mistake, and a few names changed: more than the guard lets pass."""
    return environment(_waiting.copy_to(tmp_path / "data"))


def wait_after_a_mistake(installed: Installed) -> None:
    sandbox = installed.sandbox
    installed.configure(guard={"records": 5, "percent": 20, "at_least": 5})
    sandbox.clock(advance=3600)
    paired = [row for row in sandbox.records("Contact") if row["Element451_ID__c"] and not row["IsDeleted"]]
    born = [row for row in paired if row["Birthdate"]][:EMPTIED]
    sandbox.edit_many("Contact", [{"Id": row["Id"], "Birthdate": None} for row in born])
    others = [row for row in paired if row not in born][:RENAMED]
    sandbox.edit_element451(
        "contact", {row["Element451_ID__c"]: {"user-first-name": "Ann"} for row in others}
    )
    assert installed.sync().state == "waiting"


def the_run(installed: Installed, number: int = 2) -> Run:
    found = runs.find(installed.application.database, number)
    assert found
    return found


def written(installed: Installed, run: int) -> Counter[str]:
    """Of how many records the journal says that they were blanked, and changed."""
    entries = log_queries.entries(installed.application.database, LogFilter(run=run), 500)
    kinds: Counter[str] = Counter()
    for record in {entry["element_id"] for entry in entries}:
        changes = [
            change
            for entry in entries
            if entry["element_id"] == record and entry["status"] == "updated"
            for change in entry["changes"]
        ]
        kinds["blank"] += any(change["after"] is None for change in changes)
        kinds["change"] += any(change["after"] is not None for change in changes)
    return +kinds


def test_it_says_why_it_stopped_and_lists_what_is_dangerous_first(waiting: Installed) -> None:
    page = open_view(VIEW, run="2")
    assert "Why it stopped." in texts(page)
    assert "exactly what is listed above, with these settings (version 2)" in texts(page)
    (summary,) = [table.value.to_dict("records") for table in page.table]
    assert f"Empty values of {EMPTIED} records" in summary[0]["What"]
    assert "suspect" in summary[0]["Field"]
    assert summary[0]["Records"] == str(EMPTIED)
    assert f"Change {RENAMED} records" in summary[1]["What"]
    assert len(rows(page)) == EMPTIED + RENAMED
    assert sum("→ empty" in row["What would happen"] for row in rows(page)) == EMPTIED


def test_the_number_in_the_button_is_what_then_is_written(waiting: Installed) -> None:
    page = open_view(VIEW, run="2")
    assert page.button(key="approve").label == f"Approve {EMPTIED} blanks and {RENAMED} changes"
    assert page.button(key="approve the rest").disabled
    press(page, "approve")
    assert page.query_params["run"] == "2"
    assert page.button(key="approve").disabled
    waiting.work()
    done = the_run(waiting)
    assert (done.state, done.approved) == (RunState.DONE, True)
    assert change_words.amount(written(waiting, 2)) == f"{EMPTIED} blanks and {RENAMED} changes"


def test_a_field_is_left_out_and_the_button_says_how_much_is_left(waiting: Installed) -> None:
    page = open_view(VIEW, run="2")
    page.multiselect(key="left out fields 2").set_value([BIRTHDATE]).run()
    assert page.button(key="approve").disabled, "what is ticked off must not be written by mistake"
    press(page, "approve the rest")
    assert page.button(key="approve in part").label == f"Approve {RENAMED} changes"


def test_a_record_that_is_ticked_off_stays_so_on_other_pages_until_nothing_is_left_out(
    waiting: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.views.runs.waiting_list.ROWS", 10)
    page = open_view(VIEW, run="2")
    first = rows(page)
    fourth = waiting_run.page(waiting.application, 2)["changes"][3]
    page.session_state["left out records 2"] = frozenset({fourth["element_id"]})
    page.run()
    assert "1 record" in plainly(page)
    press(page, "waiting next")
    assert len(rows(page)) == EMPTIED + RENAMED - 10
    press(page, "waiting previous")
    assert [row[LEAVE_OUT] for row in rows(page)] == [at == 3 for at in range(10)]
    assert [row["Student"] for row in rows(page)] == [row["Student"] for row in first]
    press(page, "clear left out")
    assert not any(row[LEAVE_OUT] for row in rows(page))
    assert not page.button(key="approve").disabled


def test_the_list_is_filtered_by_kind_field_and_name(waiting: Installed) -> None:
    page = open_view(VIEW, run="2")
    page.selectbox(key="waiting kind").select("change").run()
    assert len(rows(page)) == RENAMED
    page.selectbox(key="waiting kind").set_value(None).run()
    page.selectbox(key="waiting field").select(BIRTHDATE).run()
    assert len(rows(page)) == EMPTIED
    somebody = rows(page)[0]["Student"]
    page.selectbox(key="waiting field").set_value(None).run()
    page.text_input(key="waiting who").input(somebody).run()
    assert {row["Student"] for row in rows(page)} == {somebody}
    page.text_input(key="waiting who").input("nobody of this name").run()
    assert "No record fits these filters" in texts(page)


def test_rejected_it_stays_on_the_run_and_writes_nothing(waiting: Installed) -> None:
    before = waiting.sandbox.journal()
    page = press(open_view(VIEW, run="2"), "reject")
    assert page.query_params["run"] == "2"
    assert "Rejected. Nothing was written" in plainly(page)
    assert "What it would have done" in texts(page)
    assert "approve" not in [button.key for button in page.button]
    waiting.work()
    assert waiting.sandbox.journal() == before


def test_whoever_may_not_answer_sees_the_list_and_cannot_tick(waiting: Installed, people: None) -> None:
    page = open_view(VIEW, by="viewer@school.edu", run="2")
    assert len(rows(page)) == EMPTIED + RENAMED
    assert page.multiselect(key="left out fields 2").disabled
    assert page.button(key="approve").disabled
    assert "Approve 12 blanks and 6 changes" in labels(page)


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ({}, ""),
        ({"create": 1}, "1 creation"),
        ({"change": 6, "blank": 58}, "58 blanks and 6 changes"),
        (
            {"create": 3, "change": 2, "blank": 1, "deactivate": 1},
            "1 blank, 1 deactivation, 2 changes and 3 creations",
        ),
    ],
)
def test_an_amount_names_what_is_dangerous_first(kinds: dict[str, int], told: str) -> None:
    assert change_words.amount(kinds) == told


def test_a_run_that_asks_whether_it_may_read_everything_is_answered_whole(waiting: Installed) -> None:
    run = the_run(waiting)
    run.numbers = {"backfill": {"of": {}, "calls": 900}}
    run.reason = "Reading everything anew would take 900 calls."
    assert runs.save(waiting.application.database, run)
    page = open_view(VIEW, run="2")
    assert "Approve reading everything" in labels(page)
    assert "Leave these out and let the rest go" not in labels(page)
    assert "within the share of calls" in texts(page)
