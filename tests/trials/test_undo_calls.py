"""An undo needs no more calls than the run that it undoes, and no more memory (rule 21): by the sandbox's
counters, over HTTP. ``make undos`` measures at full size (``CONTACTS``)."""

import os
import resource
from collections.abc import Iterator

import pytest

from tests.support.databases import Databases
from tests.trials.test_calls import Counted, in_step

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]
SIZE = int(os.environ.get("CONTACTS", 300))
MORE_MEMORY = 48 * 1024
"""KiB by which an undo's peak may lie above that of the runs before it."""


@pytest.fixture(scope="module")
def school(on_sqlite: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    """A school whose pairs are known and in step."""
    with in_step(on_sqlite, tmp_path_factory.mktemp("school"), SIZE) as school:
        school.settle()
        yield school


def calls(school: Counted) -> int:
    """The calls that both systems counted, sign-ins left out."""
    found: dict[str, dict[str, int]] = school.sandbox.counters()["calls"]
    return sum(of.get("total", 0) - of.get("oauth", 0) for of in found.values())


def peak() -> int:
    """The most memory, in KiB, that any command took so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


@pytest.mark.parametrize("target", [pytest.param("element451", marks=pytest.mark.variation), "salesforce"])
def test_an_undo_costs_no_more_than_its_run(school: Counted, target: str) -> None:
    people = school.pairs()[:SIZE]
    if target == "element451":
        edits = [{"Id": row["Id"], "Description": f"Noted {n}"} for n, row in enumerate(people)]
        school.sandbox.edit_many("Contact", edits)
    else:
        named = {
            row["Element451_ID__c"]: {"user-phone-cell-number": f"555 {n}"} for n, row in enumerate(people)
        }
        school.sandbox.edit_element451("contact", named)
    school.sandbox.reset_counters()
    run = school.sync()
    own, before = calls(school), peak()
    school.sandbox.reset_counters()
    done = school.run("undo", "--run", str(run["run"]), "--confirm")
    undone, after = calls(school), peak()
    print(f"{target}: {own} calls of the run, {undone} of its undo; {before:,} KiB, then {after:,} KiB")
    print(run["api_calls"], done["api_calls"], run["seconds"], done["seconds"])
    assert (done["state"], done["piles"]["restored"]) == ("done", SIZE)
    assert undone <= own
    assert after - before <= MORE_MEMORY
    school.settle()
