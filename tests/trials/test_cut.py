"""Answers that are lost after the write, and overloaded servers, make no duplicate and lose nothing (rule
14)."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support.databases import Databases
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.trials.kill import written
from tests.trials.school import School

NEW = 60


@pytest.fixture(scope="module")
def connected(on_sqlite: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with running_sandbox() as sandbox, on_sqlite.url() as url:
        sandbox.reset(contacts=60, in_step=True)
        school = School(sandbox, tmp_path_factory.mktemp("school"), url)
        school.connect({"sync_conversations": False})
        yield school


@pytest.fixture
def school(connected: School) -> School:
    """A connected school with people in both systems, and many that are new in either."""
    connected.sandbox.clear_faults()
    had = len(connected.sandbox.journal())
    connected.sandbox.create_many(
        "Contact",
        [{"LastName": f"Theirs {n}", "Email": f"theirs.{had}.{n}@new.example.edu"} for n in range(NEW)],
    )
    for n in range(NEW):
        connected.sandbox.create_element451(
            "contact", user_last_name=f"Ours {n}", user_email_address=f"ours.{had}.{n}@new.example.edu"
        )
    return connected


def cut(sandbox: RunningSandbox, system: str, path: str, **rule: object) -> None:
    sandbox.fault("cut_after", system=system, path=path, method="POST", **rule)


@pytest.mark.parametrize(("system", "path"), [("salesforce", "composite$"), ("element451", "users/import")])
def test_an_answer_that_is_lost_after_the_write_makes_no_duplicate(
    school: School, system: str, path: str
) -> None:
    cut(school.sandbox, system, path)
    school.sync()
    check(school)


@pytest.mark.variation
def test_answers_lost_everywhere_while_servers_are_overloaded_make_no_duplicate(school: School) -> None:
    for number in range(3):
        cut(school.sandbox, "salesforce", "composite", skip=number, probability=0.6, seed=number)
        cut(school.sandbox, "element451", "users/import", skip=number, probability=0.6, seed=number)
        school.sandbox.fault("html503", skip=number * 3)
    school.run("sync", expect=(0, 1))
    school.sandbox.clear_faults()
    school.sync()
    check(school)


def check(school: School) -> None:
    """Everybody is in both systems once, each record holds the other's ID, every creation is logged once, and
    nothing is left to do."""
    sandbox = school.sandbox
    here, there = sandbox.records("contact", system="element451"), sandbox.records("Contact")
    created = Counter(
        (line["system"], line["by"]) for line in sandbox.journal() if line["operation"] == "create"
    )
    assert created["salesforce", "api"] == created["element451", "person"]
    assert created["element451", "api"] == created["salesforce", "person"]
    assert len(here) == len(there)
    assert {row["user-elementid"]: row["user-identities-salesforceid"] for row in here} == {
        row["Element451_ID__c"]: row["Id"] for row in there
    }
    inserted = Counter(
        (entry["direction"], entry["element_id"]) for entry in school.logs() if entry["status"] == "inserted"
    )
    assert len(inserted) == created["salesforce", "api"] + created["element451", "api"]
    assert set(inserted.values()) == {1}
    before = written(sandbox)
    school.sync()
    assert written(sandbox) == before
