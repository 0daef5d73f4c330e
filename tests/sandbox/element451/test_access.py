"""What every call of the imitation account must bring, and what it is told when it does not."""

import pytest

from tests.sandbox.account import Account, columns


@pytest.mark.parametrize("path", ["mappings", "mappings?limit=5", "nowhere"])
@pytest.mark.parametrize("token", [None, "", "another"])
def test_a_missing_or_wrong_feature_token_is_refused(account: Account, path: str, token: str | None) -> None:
    reply = account.get(path, {"Feature": token})
    assert reply.status_code == 401
    assert "Feature" in reply.json()["message"]


def test_the_feature_token_is_a_setting(account: Account) -> None:
    account.control("options", {"element451_feature_token": "another"})
    assert account.get("mappings").status_code == 401
    assert account.get("mappings", {"Feature": "another"}).status_code == 200


def test_an_api_key_is_needed_once_one_is_configured(account: Account) -> None:
    account.control("options", {"element451_api_key": "k-1"})
    assert account.get("mappings").status_code == 401
    assert account.get("mappings", {"Authorization": "Bearer E451.k-2"}).status_code == 401
    assert account.get("mappings", {"Authorization": "Bearer k-1"}).status_code == 401
    assert account.get("mappings", {"Authorization": "Bearer E451.k-1"}).status_code == 200


def test_an_api_key_that_nobody_issued_is_refused(account: Account) -> None:
    assert account.get("mappings", {"Authorization": "Bearer E451.made-up"}).status_code == 401


def test_an_unknown_address_answers_404_in_json(account: Account) -> None:
    for reply in (
        account.get("nowhere"),
        account.post("users/delete", {}),
        account.post("users/export/", {}),
    ):
        assert reply.status_code == 404
        assert reply.json()["message"].startswith("There is nothing at /v2/")


def test_another_method_answers_405_and_names_the_right_one(account: Account) -> None:
    assert account.post("mappings", {}).status_code == 405
    reply = account.get("users/export")
    assert (reply.status_code, reply.headers["Allow"]) == (405, "POST")
    assert "POST" in reply.json()["message"]


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_is_not_declared_as_json_is_refused(account: Account, kind: str | None) -> None:
    reply = account.session.post(
        f"{account.url}/v2/users/export", data=b"{}", headers={"Content-Type": kind}, timeout=10
    )
    assert reply.status_code == 400
    assert reply.json()["message"] == "The Content-Type must be application/json."


def test_a_body_that_is_not_json_is_refused(account: Account) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    reply = account.session.post(
        f"{account.url}/v2/users/export", data=b"{not json", headers=headers, timeout=10
    )
    assert reply.status_code == 400
    assert "not JSON" in reply.json()["message"]


def test_a_body_of_more_than_ten_megabytes_is_refused(account: Account) -> None:
    assert account.post("users/export", {"item": "x" * (10 * 1024 * 1024)}).status_code == 413


def test_beyond_so_many_calls_a_minute_the_account_says_when_to_come_back(account: Account) -> None:
    account.control("clock", {"now": "2030-01-01T12:00:20Z"})
    account.control("options", {"element451_calls_per_minute": 2})
    assert [account.get("mappings").status_code for _ in range(3)] == [200, 200, 429]
    reply = account.get("mappings")
    assert 0 < int(reply.headers["Retry-After"]) <= 40
    assert reply.json() == {"message": "Too many requests."}
    account.control("clock", {"advance": 60})
    assert account.get("mappings").status_code == 200


def test_a_rate_limit_may_keep_silent_about_when_to_come_back(account: Account) -> None:
    account.control("options", {"element451_calls_per_minute": 1, "element451_retry_after": False})
    account.get("mappings")
    reply = account.get("mappings")
    assert reply.status_code == 429
    assert "Retry-After" not in reply.headers


def test_every_call_is_counted_by_what_it_asks_for(account: Account) -> None:
    id = account.add(first_name="Ada")
    account.control("counters/reset", {})
    account.get("mappings")
    account.export(["user-first-name"], users=[id])
    account.post("users/export", {"item": columns("user-first-name")})
    account.get("nowhere")
    counters = account.session.get(f"{account.url}/_sandbox/counters", timeout=10).json()
    assert counters["calls"]["element451"] == {"mappings": 1, "export": 2, "unknown": 1, "total": 4}
    assert counters["records"]["element451"] == {"read": 1, "written": 0}
