"""Roles: each may do what the ones before it may, and nothing is left out."""

import pytest

from syncer.core.permissions import MAY, Act, NotPermitted, Person, Role


def test_every_act_has_a_role_that_may_do_it() -> None:
    assert set(MAY) == set(Act)


@pytest.mark.parametrize("act", Act)
def test_an_administrator_may_do_everything_and_a_viewer_nothing(act: Act) -> None:
    assert Person("a", Role.ADMIN).may(act)
    assert not Person("v", Role.VIEWER).may(act)


@pytest.mark.parametrize("role", Role)
def test_whoever_may_not_do_something_is_told_whom_to_ask(role: Role) -> None:
    person = Person("somebody@school.edu", role)
    for act in Act:
        if person.may(act):
            person.require(act)
            continue
        with pytest.raises(NotPermitted, match=f"signed in as {role.label.lower()}.*Ask an") as caught:
            person.require(act)
        assert act in str(caught.value)


def test_an_analyst_neither_connects_nor_approves_nor_loosens_the_guard() -> None:
    analyst = Person("analyst@school.edu", Role.ANALYST)
    assert {act for act in Act if not analyst.may(act)} == {
        *(Act.GUARD, Act.APPROVE, Act.REJECT, Act.BACKFILL),
        *(Act.CONNECT, Act.DISCONNECT, Act.AUDIT),
    }
