"""``config export``, ``config import`` and ``config check``."""

from pathlib import Path

import pytest

from syncer.application.container import Application
from syncer.configuration import config_file
from tests.cli.conftest import Command
from tests.support.documents import document, row
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN, answer_of


def test_a_school_begins_with_the_starter(command: Command, tmp_path: Path) -> None:
    answer = command("config", "export", "school.yaml")
    assert (answer.status, answer.out) == (0, "A configuration to begin with is written to school.yaml.\n")
    assert config_file.parse((tmp_path / "school.yaml").read_text("utf-8")) == config_file.default_document()


def test_what_is_imported_is_exported_again(command: Command, tmp_path: Path) -> None:
    text = config_file.dump(
        document([row("user-first-name", "FirstName", values={"Zoë": "Zoe", "no": "No"})], batch_size=50)
    )
    (tmp_path / "in.yaml").write_text(text, "utf-8")
    assert command("config", "import", "in.yaml", "--json").json == {
        "version": 1,
        "mapped": {"contact": 3, "conversation": 2},
    }
    assert command("config", "export", "out.yaml", "--json").json == {"file": "out.yaml", "version": 1}
    assert (tmp_path / "out.yaml").read_text("utf-8") == text
    assert command("config", "export", "-").out == text
    assert command("config", "export", "-", "--json").json == config_file.parse(text)


def test_a_faulty_file_is_refused_with_all_its_problems_and_changes_nothing(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "good.yaml").write_text(config_file.dump(document()))
    (tmp_path / "bad.yaml").write_text("colour: blue\npreferences: {batch_size: many}\n")
    command("config", "import", "good.yaml")
    answer = command("config", "import", "bad.yaml", "--json")
    assert answer.status == 1
    assert [problem["where"] for problem in answer.json["problems"]] == ["preferences.batch_size", "colour"]
    answer = command("config", "import", "bad.yaml")
    assert (
        answer.err.splitlines()[0]
        == "bad.yaml is not taken over; the configuration in force stays. 2 to mend:"
    )
    assert "error    preferences.batch_size: “many” is not a whole number." in answer.err
    assert command("config", "export", "-", "--json").json == document()


def test_a_file_without_the_element_id_is_refused_before_anything_is_connected(
    command: Command, tmp_path: Path
) -> None:
    made = document()
    made["mappings"]["contact"] = made["mappings"]["contact"][1:]
    (tmp_path / "school.yaml").write_text(config_file.dump(made))
    answer = command("config", "import", "school.yaml", "--json")
    assert answer.status == 1
    assert [problem["where"] for problem in answer.json["problems"]] == ["mappings.contact"]
    assert command("status", "--json").json["configuration"] is None


def test_an_empty_file_does_not_replace_everything(command: Command, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(config_file.dump(document(batch_size=50)))
    (tmp_path / "empty.yaml").write_text("\n")
    command("config", "import", "good.yaml")
    answer = command("config", "import", "empty.yaml")
    assert answer.status == 1
    assert "There is nothing in it" in answer.err
    assert command("config", "export", "-", "--json").json == document(batch_size=50)


def test_a_file_that_cannot_be_read_is_explained(command: Command, tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("preferences: {} # café".encode("latin-1"))
    assert (
        command("config", "import", "latin.yaml").err
        == "latin.yaml is not a text file in UTF-8. Save it so, and try again.\n"
    )
    answer = command("config", "import", "nothing.yaml")
    assert (answer.status, answer.err) == (2, "nothing.yaml cannot be read: No such file or directory.\n")
    answer = command("config", "export", "no/such/folder.yaml")
    assert (answer.status, answer.err) == (
        2,
        "no/such/folder.yaml cannot be written: No such file or directory.\n",
    )


def test_a_check_needs_a_configuration(command: Command) -> None:
    answer = command("config", "check", "--json")
    assert answer.status == 1
    (problem,) = answer.json
    assert set(problem) == {"severity", "where", "message"}
    assert "There is no configuration yet" in problem["message"]


def test_a_check_needs_both_connections(command: Command, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(config_file.dump(document()))
    command("config", "import", "good.yaml")
    answer = command("config", "check")
    assert (answer.status, answer.err) == (1, "Salesforce is not connected yet. Connect it first.\n")


@pytest.fixture
def connected(command: Command, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command line, with both systems of the sandbox connected."""
    monkeypatch.setenv("ALLOWED_SALESFORCE_HOSTS", sandbox.url.removeprefix("http://"))
    with Application.from_environment() as application:
        application.connections.connect_element451(f"{sandbox.url}/v2", FEATURE_TOKEN)
        begun = application.connections.begin_salesforce(sandbox.url, CLIENT_ID, CLIENT_SECRET)
        application.connections.finish_salesforce(answer_of(begun.authorize_url))
    return command


def test_a_check_compares_with_both_live_catalogues(connected: Command, tmp_path: Path) -> None:
    made = document(
        [
            row("user-last-name", "LastName"),
            row("user-frist-name", "FirstName"),
            row("user-addresses-home", "MailingAddress"),
        ]
    )
    (tmp_path / "school.yaml").write_text(config_file.dump(made))
    answer = connected("config", "check", "school.yaml", "--json")
    assert answer.status == 1
    errors = [
        (problem["where"], problem["message"]) for problem in answer.json if problem["severity"] == "error"
    ]
    assert errors[0] == (
        "mappings.contact[3]",
        "Element451 has no field “user-frist-name”. Did you mean user-first-name?",
    )
    assert {where for where, _ in errors[1:]} == {"mappings.contact[4]"}
    assert any("because it repeats" in message for _, message in errors)
    refused = connected("config", "import", "school.yaml", "--json")
    assert refused.status == 1
    assert refused.json["problems"] == [one for one in answer.json if one["severity"] == "error"]
    assert connected("status", "--json").json["configuration"] is None, "nothing of it is in force"
    answer = connected("config", "check", "school.yaml")
    assert "error    mappings.contact[3]: Element451 has no field" in answer.out


def test_a_file_can_be_checked_before_it_is_imported(connected: Command, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(config_file.dump(document([row("user-last-name", "LastName")])))
    answer = connected("config", "check", "good.yaml", "--json")
    assert answer.status == 0
    assert {problem["severity"] for problem in answer.json} <= {"warning"}
    (tmp_path / "bad.yaml").write_text("colour: blue\n")
    assert connected("config", "check", "bad.yaml", "--json").json[0]["where"] == "colour"
    assert connected("status", "--json").json["configuration"] is None


def test_an_object_with_more_required_fields_is_told_what_it_lacks(
    connected: Command, tmp_path: Path
) -> None:
    (tmp_path / "opportunity.yaml").write_text(
        config_file.dump(document([], contact_entity="Opportunity", sync_conversations=False))
    )
    answer = connected("config", "check", "opportunity.yaml", "--json")
    lacking = " ".join(
        problem["message"] for problem in answer.json if "nothing fills it" in problem["message"]
    )
    assert all(name in lacking for name in ("Name", "StageName", "CloseDate"))


def test_the_values_that_are_there_are_checked_on_demand(
    connected: Command, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    long = "Wolfeschlegelsteinhausenbergerdorff-Montgomery"
    made = sandbox.create_element451("contact", **{"user-last-name": "A", "user-first-name": long})
    (tmp_path / "school.yaml").write_text(
        config_file.dump(document(export={"scope": "all"}, sync_conversations=False))
    )
    connected("config", "import", "school.yaml")
    (unread,) = [one for one in connected("config", "check", "--values", "--json").json if not one["where"]]
    assert "No record has been read yet" in unread["message"]
    connected("sync", "--dry-run")
    answer = connected("config", "check", "school.yaml", "--values", "--json")
    assert answer.status == 0
    found = {one.get("code"): one for one in answer.json if one["where"] == "user-first-name / FirstName"}
    failing = found["VALUE_DOES_NOT_FIT"]
    assert (failing["records"], failing["examples"][0]["element_id"]) == (1, made)
    assert (found[None]["longest"], found[None]["limit"]) == (len(long), 40)
    assert f"{made}: " in connected("config", "check", "--values").out
    assert "would fail" not in connected("config", "check").out


def test_what_was_not_planned_is_not_applied(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "from-elsewhere.yaml"
    file.write_text(config_file.dump(config_file.default_document()), "utf-8")
    answer = command("config", "apply", str(file), "--json")
    assert (answer.status, "not planned" in answer.json["error"]) == (3, True)
    assert command("config", "plan", str(tmp_path / "nowhere.yaml"), "--json").status == 2
