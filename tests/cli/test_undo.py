"""``undo``, over HTTP against the sandbox."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syncer.application.commands import Commands
from syncer.application.decisions import waiting_run
from syncer.application.engine_factory import NotReady
from syncer.cli import main
from syncer.configuration.config_file import validate
from syncer.core.trust.leaving_out import LeaveOut
from syncer.journal.log import ENTRIES
from syncer.journal.runs import PILES
from syncer.journal.undoable import Undoing
from tests.support.dashboard import OURS, Installed
from tests.support.sandbox import RunningSandbox

Undo = Callable[..., tuple[int, list[Any]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, running: RunningSandbox) -> Installed:
    """A school in step."""
    running.reset(contacts=8, conversations=2)
    installed = Installed(tmp_path_factory.mktemp("made") / "data", running)
    installed.connect()
    installed.configure()
    installed.sync()
    installed.application.close()
    return installed


@pytest.fixture
def mistaken(made: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """The school after a hasty value map, which version 2 brought into force, and run 2 wrote."""
    installed = made.copy_to(tmp_path / "data")
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    for name, value in installed.environment.items():
        monkeypatch.setenv(name, value)
    current = installed.application.configuration.current()
    assert current
    document = json.loads(json.dumps(current[1]))
    row = next(each for each in document["mappings"]["contact"] if each["element451"] == "user-gender")
    row["values"] = {"M": "Female", "F": "Male", "X": "Non-binary", "N": "Decline to State"}
    installed.application.configuration.store(validate(document))
    run = installed.sync()
    assert (run.id, run.state) == (2, "done")
    return installed


@pytest.fixture
def undo(mistaken: Installed, capfd: pytest.CaptureFixture[str]) -> Undo:
    """The command: its exit code, and each line of its answer."""

    def call(*arguments: str, verb: str = "undo") -> tuple[int, list[Any]]:
        capfd.readouterr()
        status = main([verb, *arguments, "--json"])
        return status, [json.loads(line) for line in capfd.readouterr().out.splitlines()]

    return call


def entries(installed: Installed, run: int) -> list[dict[str, Any]]:
    """The log entries of a run."""
    with installed.application.database.connect() as connection:
        found = connection.execute(ENTRIES.select().where(ENTRIES.c.run == run).order_by(ENTRIES.c.id))
        return [dict(row) for row in found.mappings()]


def test_a_version_is_undone_with_its_runs_in_one_act(mistaken: Installed, undo: Undo) -> None:
    written = {
        each["element_id"]: each["changes"][0]
        for each in entries(mistaken, 2)
        if each["changes"][0]["element451"] == "user-gender"
    }
    assert len(written) > 1

    status, [*plans, preview] = undo("--version", "2", "--dry-run")
    assert status == 0
    assert {plan["element_id"]: plan["changes"][0]["after"] for plan in plans} == {
        record: change["before"] for record, change in written.items()
    }
    assert (preview["trigger"], preview["undo_of"], preview["undoes"]) == ("undo", None, {"version": 2})
    assert preview["piles"] == {"restored": len(written), "already": 0, "moved_since": 0, "cannot": 0}
    assert [each.id for each in mistaken.application.configuration.history()] == [2, 1]

    status, [done] = undo("--version", "2", "--confirm")
    assert (status, done["state"], done["trigger"], done["piles"]) == (0, "done", "undo", preview["piles"])
    store = mistaken.application.configuration
    assert store.document(3) == store.document(1)
    assert {each["element_id"]: each["changes"][0]["after"] for each in entries(mistaken, done["run"])} == {
        record: change["before"] for record, change in written.items()
    }
    status, [after] = undo(verb="sync")
    assert after["counts"]["import_contact"]["updated"] == 0
    assert after["counts"]["export_contact"]["updated"] == 0


def test_what_a_version_wrote_in_a_field_that_only_it_mapped_is_put_back_as_well(
    made: Installed, tmp_path: Path
) -> None:
    installed = made.copy_to(tmp_path / "data")
    current = installed.application.configuration.current()
    assert current
    document = json.loads(json.dumps(current[1]))
    rows = document["mappings"]["contact"]
    row = next(each for each in rows if each["element451"] == "user-addresses-home-city")
    row["salesforce"] = "Title"
    store = installed.application.configuration
    version = store.store(validate(document))
    run = installed.sync()
    written = [each for each in entries(installed, run.id) if each["changes"][0]["salesforce"] == "Title"]
    assert written
    commands = Commands(installed.application)
    shown = commands.preview_undo(Undoing(version=version), lambda plan: None)
    done = commands.undo(Undoing(version=version), confirmed=True)
    assert shown.numbers
    assert done.numbers
    assert shown.numbers[PILES] == done.numbers[PILES], "the preview is what the undo then does"
    assert store.document(version + 1) == store.document(version - 1)
    assert done.numbers[PILES]["restored"] >= len(written)
    assert {(each["element_id"], each["changes"][0]["after"]) for each in entries(installed, done.id)} >= {
        (each["element_id"], each["changes"][0]["before"]) for each in written
    }
    again = commands.undo(Undoing(run=done.id), confirmed=True)
    assert again.numbers
    assert again.numbers[PILES] == done.numbers[PILES], "an undo can be undone"
    assert {(each["element_id"], each["changes"][0]["after"]) for each in entries(installed, again.id)} >= {
        (each["element_id"], each["changes"][0]["after"]) for each in written
    }
    installed.application.close()


def test_an_undo_waits_for_an_approval_unless_it_is_confirmed(mistaken: Installed, undo: Undo) -> None:
    status, [waits] = undo("--run", "2")
    assert (status, waits["state"], waits["undo_of"]) == (3, "waiting", 2)
    assert waits["numbers"]["kinds"] == {"change": waits["piles"]["restored"]}
    assert entries(mistaken, waits["run"]) == []
    status, [seen] = undo(verb="status")
    assert seen["waiting_undo"] == waits["run"]
    with pytest.raises(NotReady):  # it would be written whole all the same
        waiting_run.approve(
            mistaken.application, waits["run"], without=LeaveOut.of(None, ["user-gender"], None)
        )
    status, [done] = undo("--approve", str(waits["run"]), verb="sync")
    assert (status, done["run"], done["state"], done["piles"]) == (0, waits["run"], "done", waits["piles"])
    assert len(entries(mistaken, done["run"])) == done["piles"]["restored"]


def test_one_record_or_entry_is_undone_alone(mistaken: Installed, undo: Undo) -> None:
    one, other, *_ = entries(mistaken, 2)
    status, [done] = undo("--record", one["salesforce_id"], "--field", "user-gender", "--confirm")
    assert (status, done["undo_of"], done["piles"]["restored"]) == (0, 2, 1)
    status, [done] = undo("--entry", str(other["id"]), "--confirm")
    assert (status, done["undo_of"], done["piles"]["restored"]) == (0, 2, 1)
    assert [each["element_id"] for each in entries(mistaken, 3) + entries(mistaken, 4)] == [
        one["element_id"],
        other["element_id"],
    ]


@pytest.mark.parametrize(
    "asked",
    [("--run", "99"), ("--version", "99"), ("--entry", "9999"), ("--record", "nobody")],
)
def test_what_is_not_there_cannot_be_undone(undo: Undo, asked: tuple[str, str]) -> None:
    status, [answer] = undo(*asked)
    assert (status, set(answer)) == (2, {"error"})
