"""A configuration goes from one installation to another one, whose systems describe their fields otherwise:
the one sandbox is first the school's sandbox org, and then its production."""

from pathlib import Path

import pytest

from syncer.application.container import Application
from syncer.configuration import config_file
from tests.cli.conftest import Command
from tests.support.documents import NAMES, document, row
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN, answer_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

MAPPED = [
    *NAMES,
    row("user-middle-name", "Title"),
    row("user-phone-cell-number", "Phone"),
    row("user-sources-source-code", "LeadSource"),
]


def connect(sandbox: RunningSandbox) -> None:
    """Connect the installation to both systems."""
    with Application.from_environment() as application:
        application.connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
        begun = application.connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET)
        application.connections.finish_salesforce(answer_of(begun.authorize_url))


def test_a_plan_names_every_difference_and_is_applied_as_it_is_or_not_at_all(
    command: Command,
    allowed: None,
    sandbox: RunningSandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox.field("Contact", "LeadSource", restrictedPicklist=True)
    connect(sandbox)
    exports = {"mode": "update_existing_and_import_new", "scope": "all"}
    made = document(contact=MAPPED, sync_conversations=False, export=exports)
    (tmp_path / "made.yaml").write_text(config_file.dump(made))
    assert command("config", "import", "made.yaml").status == 0
    assert command("config", "export", "file.yaml", "--described").status == 0

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/production.sqlite3")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "production"))
    sandbox.reset(contacts=12, conversations=0)
    sandbox.field("Contact", "Title", remove=True)
    sandbox.field("Contact", "Phone", length=20)
    sandbox.field("Contact", "LeadSource", values=["Web"], restrictedPicklist=True)
    sandbox.field_element451("hide", "user-middle-name")
    connect(sandbox)
    wrote = len(sandbox.journal())
    answer = command("config", "plan", "file.yaml", "--json")
    found = {(one["system"], one["field"], one["what"]) for one in answer.json["differences"]}
    assert found == {
        ("salesforce", "Title", "missing"),
        ("salesforce", "Phone", "length"),
        ("salesforce", "LeadSource", "list"),
        ("element451", "user-middle-name", "missing"),
    }
    assert (answer.status, answer.json["fits"], len(answer.json["steps"])) == (1, False, 4)
    assert command("config", "apply", "file.yaml", "--json").status == 3

    sandbox.field("Contact", "Title", restore=True)
    sandbox.field_element451("show", "user-middle-name")
    assert command("config", "plan", "file.yaml", "--json").status == 0
    sandbox.field("Contact", "Phone", length=30)
    assert command("config", "apply", "file.yaml", "--json").status == 3, "described otherwise by now"
    assert len(sandbox.journal()) == wrote
    with Application.from_environment() as application:
        assert application.configuration.current() is None

    told = command("config", "plan", "file.yaml", "--json").json["forecast"]
    assert command("config", "apply", "file.yaml", "--json").json == {"version": 1}
    with Application.from_environment() as application:
        in_force = application.configuration.current()
    assert in_force == (1, made)
    counts = command("sync", "--json").json["counts"]["export_contact"]
    assert (told["create"], told["fail"]) == (counts["inserted"], counts["failed"])
    assert told["create"] > 0
