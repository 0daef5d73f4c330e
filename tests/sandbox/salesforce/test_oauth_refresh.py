"""Refresh tokens: rotation, reuse, policies and expiry."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.sandbox.sign_in import EXPIRED, code, exchange, refresh, works
from tests.support.sandbox import RunningSandbox


def test_rotation_gives_a_new_refresh_token_and_the_reuse_of_the_old_one_kills_the_family(
    sandbox: RunningSandbox,
) -> None:
    first = exchange(sandbox).json()
    second = refresh(sandbox, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert works(sandbox, second)
    reused = refresh(sandbox, first["refresh_token"])
    assert (reused.status_code, reused.json()) == (400, EXPIRED)
    assert refresh(sandbox, second["refresh_token"]).json() == EXPIRED
    assert not works(sandbox, second)


def test_without_rotation_the_refresh_token_stays(sandbox: RunningSandbox) -> None:
    sandbox.options(rotation=False)
    given = exchange(sandbox).json()
    for _ in range(2):
        renewed = refresh(sandbox, given["refresh_token"]).json()
        assert "refresh_token" not in renewed
        assert works(sandbox, renewed)


def test_two_refreshes_at_once_of_the_same_token_one_is_told_to_wait(sandbox: RunningSandbox) -> None:
    sandbox.options(refresh_ms=300)
    given = exchange(sandbox).json()
    barrier = threading.Barrier(2)

    def together(_: int) -> requests.Response:
        barrier.wait()
        return refresh(sandbox, given["refresh_token"])

    with ThreadPoolExecutor(2) as pool:
        replies = sorted(pool.map(together, range(2)), key=lambda reply: reply.status_code)
    assert [reply.status_code for reply in replies] == [200, 400]
    assert replies[1].json() == {
        "error": "invalid_grant",
        "error_description": "token request is already being processed",
    }
    assert works(sandbox, replies[0].json())


def test_a_refresh_whose_reply_is_lost_has_rotated_the_token(sandbox: RunningSandbox) -> None:
    given = exchange(sandbox).json()
    sandbox.options(lose_refresh_replies=1)
    with pytest.raises(requests.ConnectionError):
        refresh(sandbox, given["refresh_token"])
    assert refresh(sandbox, given["refresh_token"]).json() == EXPIRED


@pytest.mark.parametrize(
    ("policy", "after_ten", "after_twenty_with_use_between", "after_thirty_without"),
    [
        ("Infinite", True, True, True),
        ("SpecificLifetime", True, False, False),
        ("SpecificInactivity", True, True, False),
    ],
)
def test_refresh_token_policies(
    sandbox: RunningSandbox,
    policy: str,
    after_ten: bool,
    after_twenty_with_use_between: bool,
    after_thirty_without: bool,
) -> None:
    sandbox.options(rotation=False, refresh_policy=policy, refresh_validity_hours=15.0)
    used, unused = exchange(sandbox).json(), exchange(sandbox).json()
    sandbox.clock(advance=10 * 3600)
    assert refresh(sandbox, used["refresh_token"]).ok is after_ten
    sandbox.clock(advance=10 * 3600)
    assert refresh(sandbox, used["refresh_token"]).ok is after_twenty_with_use_between
    sandbox.clock(advance=10 * 3600)
    assert refresh(sandbox, unused["refresh_token"]).ok is after_thirty_without


def test_the_policy_immediately_expire_gives_no_refresh_token(sandbox: RunningSandbox) -> None:
    sandbox.options(refresh_policy="Zero")
    given = exchange(sandbox).json()
    assert "refresh_token" not in given
    assert works(sandbox, given)


def test_without_the_scope_there_is_no_refresh_token(sandbox: RunningSandbox) -> None:
    given = exchange(sandbox, code=code(sandbox, scope="api")).json()
    assert ("refresh_token" in given, given["scope"]) == (False, "api")


def test_the_sixth_approval_silently_revokes_the_first(sandbox: RunningSandbox) -> None:
    grants = [exchange(sandbox).json() for _ in range(6)]
    assert [works(sandbox, given) for given in grants] == [False, True, True, True, True, True]
    assert refresh(sandbox, grants[0]["refresh_token"]).json() == EXPIRED


def test_access_tokens_slide_with_use_and_expire_without(sandbox: RunningSandbox) -> None:
    sandbox.options(session_minutes=30.0)
    given = exchange(sandbox).json()
    for _ in range(3):
        sandbox.clock(advance=20 * 60)
        assert works(sandbox, given)
    sandbox.clock(advance=31 * 60)
    assert not works(sandbox, given)
    assert refresh(sandbox, given["refresh_token"]).ok


def test_access_tokens_can_be_expired_at_once(sandbox: RunningSandbox) -> None:
    given = exchange(sandbox).json()
    assert sandbox.expire_tokens() == 1
    assert not works(sandbox, given)
