"""``setup package`` writes a folder that can be deployed, and touches none that holds something."""

from pathlib import Path

from tests.cli.conftest import Command


def test_the_package_is_written_for_the_configured_objects_or_for_others(
    command: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "package"
    answer = command("setup", "package", str(folder), "--json")
    written = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert (answer.status, answer.json["files"]) == (0, written)
    assert "objects/Contact.object" in written
    assert "objects/E451_Conversation__c.object" in written
    other = tmp_path / "other"
    command("setup", "package", str(other), "--contact-object", "Lead", "--without-conversations")
    assert [path.name for path in (other / "objects").iterdir()] == ["Lead.object"]


def test_a_folder_that_holds_something_and_a_wrong_name_are_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    assert command("setup", "package", str(tmp_path / "mine")).status == 2
    assert command("setup", "package", str(tmp_path / "a"), "--contact-object", "no name").status == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    assert not (tmp_path / "a").exists()
