"""Where no rule can tell which two records are the same, a person says it (rule 7)."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from syncer.application.commands import Commands
from syncer.application.decisions import problems
from syncer.sync import on_demand
from syncer.sync.match.linking import CannotLink
from tests.support.configured_world import School, edited, first_document, prefer
from tests.support.memory_application import MemoryApplication


@pytest.fixture
def school(engine: Engine) -> School:
    """Two contacts in each system with the same address: more than one possible match."""
    made = School(engine)
    made.document = edited(first_document(), prefer(match_on=["user-email-address"]))
    for name in ("Ann", "Anna"):
        made.ours(user_first_name=name, user_last_name="Smith", user_email_address="a@b.edu")
        made.theirs(FirstName=name, LastName="Smith", Email="a@b.edu")
    made.sync()
    return made


@pytest.fixture
def commands(school: School, tmp_path: Path) -> Commands:
    application = MemoryApplication(school, tmp_path)
    application.configuration.store(school.document)
    return Commands(application)


def test_two_records_that_a_person_links_are_one_pair_and_stay_it(school: School, commands: Commands) -> None:
    group, *_ = groups = problems.groups(school.engine, school.document)
    assert {(one["code"], one["act"]) for one in groups} == {("MORE_THAN_ONE_MATCH", "link_records")}
    with pytest.raises(problems.NoSuchProblem, match="link"):
        problems.remedied(school.document, group, "x")
    ours, theirs = school.contacts()
    written = school.writes()
    told = commands.link(ours[0], theirs[1], dry_run=True)
    assert {plan["status"] for plan in told} == {"updated"}
    school.sync()
    assert school.writes() == written, "nothing is kept of a dry run"
    assert commands.link(ours[0], theirs[1]) == told
    assert school.writes() == written
    school.sync()
    assert school.in_salesforce(theirs[1])["Element451_ID__c"] == ours[0]
    assert school.in_element451(ours[0])["user-identities-salesforceid"] == theirs[1]
    commands.link(ours[1], theirs[0])
    school.sync()
    assert problems.groups(school.engine, school.document) == []
    assert school.contacts() == (ours, theirs), "nobody was created"


def test_the_retry_of_a_group_leaves_that_of_the_other_direction_alone(school: School) -> None:
    for group in problems.groups(school.engine, school.document):
        _, outcomes = on_demand.retry_failing(school.sync_engine(), problems.which(group))
        assert len(outcomes) == group["records"]
        assert {one.plan.direction for one in outcomes} == {group["direction"]}


def test_what_is_paired_or_is_not_there_cannot_be_linked(school: School, commands: Commands) -> None:
    ours, theirs = school.contacts()
    commands.link(ours[0], theirs[0])
    for one, other in (
        (ours[0], theirs[1]),
        (ours[1], theirs[0]),
        ("0" * 24, theirs[1]),
        (ours[1], "x"),
    ):
        with pytest.raises(CannotLink):
            commands.link(one, other)
