"""Fields that vanish from the two systems as their adapters meet them: the others go on, the field comes back
(rule 22)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from syncer.configuration.catalogue import Catalogues
from syncer.connectors.element451 import Element451Client
from syncer.connectors.salesforce import SalesforceClient
from syncer.journal.runs import Run
from syncer.sync import suspensions
from syncer.sync.context import SyncContext
from syncer.sync.engine import SyncEngine
from syncer.sync.everything import sync
from syncer.sync.suspensions import UsableConfig
from tests.connectors.salesforce.sandbox_client import client_of
from tests.support.sandbox import RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN
from tests.sync.over_http import connectors, document

FIELDS = (
    ("user-elementid", "Element451_ID__c", "element451"),
    ("user-identities-salesforceid", "Id", "salesforce"),
    ("user-first-name", "FirstName", "element451"),
    ("user-last-name", "LastName", "element451"),
    ("user-phone-cell-number", "MobilePhone", "salesforce"),
    ("user-addresses-home-city", "MailingCity", "salesforce"),
)
DOCUMENT = document(FIELDS, create_new=False)


@dataclass
class School:
    """One person in both systems of the sandbox."""

    sandbox: RunningSandbox
    database: Engine
    salesforce: SalesforceClient
    element451: Element451Client
    person: tuple[str, str] = ("", "")

    def sync(self) -> Run:
        catalogues = Catalogues(self.database, lambda: self.salesforce, lambda: self.element451)
        usable = UsableConfig(self.database, catalogues, 1, DOCUMENT)
        context = SyncContext(self.database, connectors(self.salesforce, self.element451), usable.compile())
        return sync(SyncEngine(context, lambda system, field: None, without_field=usable.without))

    def ours(self, slug: str) -> object:
        (row,) = self.sandbox.records("contact", "element451", [slug])
        return row[slug]

    def theirs(self, name: str) -> object:
        (row,) = self.sandbox.records("Contact")
        return row[name]

    def edit(self, name: str, phone: str, city: str) -> None:
        """Both sides change."""
        self.sandbox.clock(advance=900)
        self.sandbox.edit_element451("contact", {self.person[0]: {"user-first-name": name}})
        self.sandbox.edit("Contact", self.person[1], MobilePhone=phone, MailingCity=city)


@pytest.fixture
def school(sandbox: RunningSandbox, engine: Engine, tmp_path: Path) -> Iterator[School]:
    with Element451Client(f"{sandbox.url}/v2", FEATURE_TOKEN) as element451:
        found = School(sandbox, engine, client_of(sandbox, tmp_path), element451)
        ours = sandbox.create_element451("contact", user_first_name="Ann", user_last_name="Ray")
        theirs = sandbox.create("Contact", LastName="Ray", Element451_ID__c=ours)
        found.person = (ours, theirs)
        found.edit("Ann", "555", "Old")
        assert found.sync().state == "done"
        assert (found.theirs("FirstName"), found.ours("user-phone-cell-number")) == ("Ann", "555")
        yield found


Trouble = tuple[Callable[[RunningSandbox], object], Callable[[RunningSandbox], object]]
GONE_FROM_ELEMENT451: Trouble = (
    lambda sandbox: sandbox.field_element451("hide", "user-phone-cell-number"),
    lambda sandbox: sandbox.field_element451("show", "user-phone-cell-number"),
)
GONE_FROM_SALESFORCE: Trouble = (
    lambda sandbox: sandbox.field("Contact", "MobilePhone", remove=True),
    lambda sandbox: sandbox.field("Contact", "MobilePhone", restore=True),
)
HIDDEN_IN_SALESFORCE: Trouble = (
    lambda sandbox: sandbox.field("Contact", "MobilePhone", hidden=True),
    lambda sandbox: sandbox.field("Contact", "MobilePhone", hidden=False),
)
READ_ONLY_IN_SALESFORCE: Trouble = (
    lambda sandbox: sandbox.field("Contact", "FirstName", read_only=True),
    lambda sandbox: sandbox.field("Contact", "FirstName", read_only=False),
)


@pytest.mark.parametrize(
    "trouble",
    [GONE_FROM_ELEMENT451, GONE_FROM_SALESFORCE, HIDDEN_IN_SALESFORCE],
    ids=["gone from Element451", "gone from Salesforce", "hidden in Salesforce"],
)
def test_a_field_that_vanishes_between_two_looks_is_suspended_within_the_run(
    school: School, trouble: Trouble
) -> None:
    vanishes, comes_back = trouble
    school.edit("Bea", "777", "New")
    vanishes(school.sandbox)
    run = school.sync()
    assert run.state == "done", run.reason
    assert (school.theirs("FirstName"), school.ours("user-addresses-home-city")) == ("Bea", "New")
    assert [field.salesforce for field in suspensions.current(school.database).fields] == ["MobilePhone"]
    comes_back(school.sandbox)
    assert school.sync().state == "done"
    assert school.ours("user-phone-cell-number") == school.theirs("MobilePhone") == "777"
    assert not suspensions.current(school.database)


def test_a_field_that_may_no_longer_be_written_is_suspended_in_the_next_run(school: School) -> None:
    vanishes, comes_back = READ_ONLY_IN_SALESFORCE
    school.edit("Bea", "777", "New")
    vanishes(school.sandbox)
    run = school.sync()
    assert run.state == "done"
    assert run.field_refused
    assert school.ours("user-addresses-home-city") == "New"
    school.sandbox.clock(advance=90_000)
    Catalogues(school.database, lambda: school.salesforce, lambda: school.element451).entity("Contact", True)
    assert school.sync().state == "done"
    assert [field.salesforce for field in suspensions.current(school.database).fields] == ["FirstName"]
    comes_back(school.sandbox)
    assert school.sync().state == "done"
    assert school.theirs("FirstName") == "Bea"
