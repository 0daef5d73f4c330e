"""Everything that a waiting run would do, over HTTP, and approving it in part (rules 19 and 20)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer.application.commands import Commands
from syncer.application.decisions import holds, waiting_run
from syncer.application.engine_factory import NotReady
from syncer.core.guard import ChangeKind
from syncer.core.trust.leaving_out import LeaveOut
from syncer.journal import audit
from syncer.journal.approvals import NotWaiting
from syncer.sync.planning import waiting_changes
from tests.support.sandbox import RunningSandbox
from tests.worker.installation import Installation


@pytest.fixture
def installation(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[Installation]:
    """Connected to a school of sixty people, none of them synced yet."""
    sandbox.reset(contacts=60, conversations=6)
    installed = Installation(sandbox, tmp_path / "data")
    yield installed
    installed.application.close()


def test_it_is_listed_whole_and_approved_but_for_a_record_and_a_kind(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = installation.application
    installation.configure(guard={"records": 1, "percent": 1, "at_least": 1})
    run = Commands(application).sync()
    assert run.state == "waiting"
    first = waiting_run.page(application, run.id, limit=5)
    found, after = first["changes"], first["next"]
    assert 5 <= len(found) <= 6
    while after:
        page = waiting_run.page(application, run.id, after=after, limit=40)
        found, after = found + page["changes"], page["next"]
    numbers = (run.numbers or {})["kinds"]
    with monkeypatch.context() as patched:
        patched.setattr(waiting_run, "LOOKED_AT", 1)
        patched.setattr(waiting_changes, "PAGE", 10)
        few = waiting_run.page(application, run.id, kind=ChangeKind.DEACTIVATE)
    assert (few["changes"], bool(few["next"])) == ([], True), "what is rare is looked for a page at a time"
    kinds = Counter(kind for one in found for kind in one["kinds"])
    assert kinds["create"] == numbers["create"]
    assert kinds["change"] >= numbers["change"]
    rows = list(waiting_run.rows(application, run.id, kind=ChangeKind.CREATE))
    assert {row["Kind of change"] for row in rows} == {"create"}
    assert set(rows[0]) == set(waiting_run.COLUMNS)

    spared = next(one for one in found if "change" in one["kinds"] and one["salesforce_id"])
    alone = [spared["salesforce_id"], "nobody"]
    pages = waiting_run.page(application, run.id, records=alone)
    assert {one["number"] for one in pages["changes"]} == {spared["number"]}
    assert {row["Salesforce ID"] for row in waiting_run.rows(application, run.id, records=alone)} == {
        spared["salesforce_id"]
    }
    with pytest.raises(NotReady, match="user-firstname"):
        Commands(application).approve(run.id, without=LeaveOut.of(None, ["user-firstname"], None))
    out = LeaveOut.of(["create"], None, [spared["salesforce_id"]])
    assert waiting_run.remaining(application, run.id, None, LeaveOut()) == numbers
    covered = waiting_run.remaining(application, run.id, None, out)
    assert covered[ChangeKind.CHANGE] == numbers["change"] - 1
    assert ChangeKind.CREATE not in covered
    done = Commands(application).approve(run.id, without=out)
    assert done.state == "done"
    assert done.counts["export_contact"]["inserted"] == done.counts["import_contact"]["inserted"] == 0
    assert holds.holds(application, identity=spared["salesforce_id"])
    (hold,) = holds.holds(application)
    assert hold["records"] > 1
    assert holds.preview_release(application, hold["hold"])["plans"]
    act = audit.entries(application.database, application.person, limit=1)[0]
    assert act.detail == {"kinds": ["create"], "records": [spared["salesforce_id"]]}
    with pytest.raises(NotWaiting):
        waiting_run.page(application, run.id)
