"""Clients of the sandbox."""

from collections.abc import Iterator

import pytest

from tests.sandbox.account import Account
from tests.sandbox.client import Org
from tests.support.sandbox import RunningSandbox


@pytest.fixture
def org(sandbox: RunningSandbox) -> Org:
    """A client that has signed in to the org."""
    return Org(sandbox)


@pytest.fixture
def account(sandbox: RunningSandbox) -> Iterator[Account]:
    """A client of the account, in which nobody is."""
    account = Account(sandbox.url)
    yield account
    account.session.close()
