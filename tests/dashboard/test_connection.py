"""The Connection page as analysts and administrators see it; the way to Salesforce and back is in
`test_connecting`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from dashboard.shared.errors import DATABASE_UNREACHABLE
from syncer.connections.sign_ins import PROBLEMS, reference
from syncer.connections.token_store import DatabaseTokenStore
from syncer.connectors.errors import NotAllowed
from syncer.core.records import System
from tests.support.dashboard import Installed, labels, open_view, texts
from tests.support.sandbox import CLIENT_ID, CLIENT_SECRET, RunningSandbox
from tests.support.signing_in import FEATURE_TOKEN, answer_of

VIEW = "views/connection/view.py"


@pytest.fixture
def unconnected(
    tmp_path: Path, _empty: Installed, sandbox: RunningSandbox, environment: Callable[[Installed], Installed]
) -> Installed:
    """Nothing is connected, with a sandbox at hand."""
    allowed = sandbox.url.removeprefix("http://")
    made = _empty.copy_to(tmp_path / "data", ALLOWED_SALESFORCE_HOSTS=allowed)
    return environment(
        Installed(
            made.folder,
            sandbox,
            **{name: value for name, value in made.environment.items() if name != "DATA_DIR"},
        )
    )


def fields(page: AppTest) -> list[TextInput]:
    """The fields to type into, without the search that every page has."""
    return [field for field in page.text_input if field.key != "find student"]


def fill(page: AppTest, button: str, **values: str) -> None:
    """Type into the fields by their labels, and press the button."""
    for field in fields(page):
        if (name := field.label.lower().replace(" ", "_")) in values:
            field.set_value(values[name])
    click(page, button)


def click(page: AppTest, label: str, at: int = 0) -> None:
    [button for button in page.button if button.label == label][at].click().run()
    assert not page.exception, [found.value for found in page.exception]


def remembered(page: AppTest) -> str:
    """Everything that the session holds."""
    return repr(page.session_state._state.filtered_state)


def test_at_first_nothing_is_connected_and_the_page_says_what_to_enter(installation: Installed) -> None:
    page = open_view(VIEW)
    assert [field.label for field in fields(page)] == [
        "API URL",
        "Feature token",
        "API key",
        "Salesforce URL",
        "Client ID",
        "Secret Key",
    ]
    assert texts(page).count("not connected") == 2
    assert [block.value for block in page.code] == [installation.application.settings.callback_url]
    assert "refresh_token" in texts(page)


def test_what_a_connection_leads_to_is_shown_without_its_secrets(connected: Installed) -> None:
    page = open_view(VIEW)
    view = connected.application.connections.view(System.SALESFORCE)
    assert view
    said = texts(page)
    for fact in (
        view.account["organization_id"],
        "integration",
        ":gray[Scopes]&ensp;refresh\\_token api",
        ":gray[Connected]&ensp;today",
    ):
        assert fact in said
    for secret in (FEATURE_TOKEN, CLIENT_ID, CLIENT_SECRET):
        assert secret not in said + remembered(page)


def test_element451_is_connected_and_the_page_forgets_the_token(unconnected: Installed) -> None:
    page = open_view(VIEW)
    fill(page, "Connect", api_url=f"{unconnected.sandbox.url}/v2", feature_token=FEATURE_TOKEN)
    assert "Element451 is connected" in page.success[0].value
    assert FEATURE_TOKEN not in remembered(page) + texts(page)
    assert unconnected.application.connections.element451_credentials().feature_token == FEATURE_TOKEN


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("https://school.example/v2", FEATURE_TOKEN, "not an address of Element451"),
        ("{}/v2", "wrong-token", "token"),
        ("{}/v2", "", "Enter the feature token"),
    ],
)
def test_what_is_wrong_with_element451s_credentials_is_said_and_they_are_not_kept(
    unconnected: Installed, url: str, token: str, said: str
) -> None:
    page = open_view(VIEW)
    fill(page, "Connect", api_url=url.format(unconnected.sandbox.url), feature_token=token)
    assert said in page.error[0].value.replace("\\", "")
    assert unconnected.application.connections.view(System.ELEMENT451) is None
    assert [field.value for field in fields(page)][:2] == [url.format(unconnected.sandbox.url), ""]


@pytest.mark.parametrize(
    ("url", "secret", "said"),
    [
        ("https://school.lightning.force.com", CLIENT_SECRET, "Enter https://school.my.salesforce.com"),
        ("https://evil.example", CLIENT_SECRET, "is not a Salesforce address"),
        ("http://127.0.0.1:9", CLIENT_SECRET, "names it in ALLOWED_SALESFORCE_HOSTS"),
        ("{}", "", "consumer secret"),
    ],
)
def test_what_is_wrong_with_salesforces_address_or_app_is_said_before_anybody_is_sent_there(
    unconnected: Installed, url: str, secret: str, said: str
) -> None:
    page = open_view(VIEW)
    fill(
        page,
        "Continue",
        salesforce_url=url.format(unconnected.sandbox.url),
        client_id=CLIENT_ID,
        secret_key=secret,
    )
    assert said in page.error[0].value.replace("\\", "").replace(":small{}", "")
    assert "Start over" not in labels(page)
    assert CLIENT_SECRET not in remembered(page)


def test_whoever_continues_waits_for_salesforce_and_may_start_over(unconnected: Installed) -> None:
    page = open_view(VIEW)
    fill(
        page,
        "Continue",
        salesforce_url=unconnected.sandbox.url,
        client_id=CLIENT_ID,
        secret_key=CLIENT_SECRET,
    )
    assert "choose Allow" in page.info[0].value
    assert CLIENT_SECRET not in remembered(page)
    click(page, "Start over")
    assert "Continue" in labels(page)


def test_the_page_that_waits_sees_how_the_sign_in_ended_in_another_tab(unconnected: Installed) -> None:
    page = open_view(VIEW)
    fill(
        page,
        "Continue",
        salesforce_url=unconnected.sandbox.url,
        client_id=CLIENT_ID,
        secret_key=CLIENT_SECRET,
    )
    with pytest.raises(NotAllowed):
        unconnected.application.connections.finish_salesforce(
            answer_of(page.session_state["salesforce sign-in"].authorize_url, approve=False)
        )
    page.run()
    assert "choose Allow" in page.error[0].value
    assert "Continue" in labels(page)


@pytest.mark.parametrize("wrong", sorted(PROBLEMS))
def test_whoever_comes_back_with_a_state_that_is_not_good_is_told_why(
    connected: Installed, wrong: str
) -> None:
    page = open_view(VIEW, **{"sign-in": wrong})
    assert (
        page.error[0].value.replace("\\", "")
        == f"**Salesforce stays connected as it was.** {PROBLEMS[wrong]}"
    )


def test_how_a_sign_in_ended_is_told_by_its_reference_in_any_session(unconnected: Installed) -> None:
    connections = unconnected.application.connections
    begun = connections.begin_salesforce(unconnected.sandbox.url, CLIENT_ID, CLIENT_SECRET)
    assert not open_view(VIEW, **{"sign-in": reference(begun.state)}).error
    connections.finish_salesforce(answer_of(begun.authorize_url))
    for _ in range(2):
        assert (
            "Salesforce is connected"
            in open_view(VIEW, **{"sign-in": reference(begun.state)}).success[0].value
        )
    assert not open_view(VIEW, **{"sign-in": "0000000000000000"}).success


@pytest.mark.parametrize(
    ("at", "said"),
    [(0, "Element451 answers, and knows"), (1, "Salesforce answers, and lets the connected user")],
)
def test_each_side_is_checked_at_a_click(connected: Installed, at: int, said: str) -> None:
    page = open_view(VIEW)
    click(page, "Check now", at)
    assert page.success[0].value.startswith(said)


def test_a_check_says_what_is_wrong(connected: Installed) -> None:
    connected.sandbox.expire_tokens()
    connected.sandbox.options(refresh_policy="Zero")
    try:
        page = open_view(VIEW)
        click(page, "Check now", 1)
    finally:
        connected.sandbox.reset()
    assert any("Connect to Salesforce again" in error.value for error in page.error)
    assert "must be connected again" in texts(page)
    assert "Sign in again" in labels(page)


def test_a_lapsed_sign_in_is_renewed_without_typing_the_secret_again(connected: Installed) -> None:
    DatabaseTokenStore(connected.application.database, connected.application.vault).mark_reconnect_needed(
        "The sign-in to Salesforce has expired."
    )
    page = open_view(VIEW)
    assert "The sign-in to Salesforce has expired" in page.error[0].value.replace("\\", "")
    click(page, "Sign in again")
    connected.application.connections.finish_salesforce(
        answer_of(page.session_state["salesforce sign-in"].authorize_url)
    )
    page.run()
    assert "must be connected again" not in texts(page)


def test_a_pause_is_shown_with_its_end(connected: Installed) -> None:
    connected.application.connections.pause(
        System.SALESFORCE, datetime.now(UTC) + timedelta(hours=2, minutes=1)
    )
    assert "in 2 hours) and then goes on by itself" in open_view(VIEW).warning[0].value


@pytest.mark.parametrize("system", System)
def test_a_disconnect_is_asked_for_twice_and_done(connected: Installed, system: System) -> None:
    page = open_view(VIEW)
    assert "The sync stops until" in texts(page)
    click(page, f"Disconnect {system.label}")
    assert page.success[0].value == f"{system.label} is disconnected\\."
    view = connected.application.connections.view(system)
    assert view
    assert view.state == "disconnected"


@pytest.mark.parametrize(("who", "may_check"), [("viewer", False), ("analyst", True)])
def test_others_than_administrators_see_the_state_and_no_fields(
    connected: Installed, people: None, who: str, may_check: bool
) -> None:
    page = open_view(VIEW, by=f"{who}@school.edu")
    assert not fields(page)
    assert "Only an administrator can connect" in texts(page)
    assert not {"Connect", "Continue", "Sign in again"} & set(labels(page))
    assert not [label for label in labels(page) if label.startswith("Disconnect")]
    checks = [button for button in page.button if button.label == "Check now"]
    assert [button.disabled for button in checks] == [not may_check] * 2


def test_a_database_that_is_away_is_said_in_a_sentence(connected: Installed) -> None:
    with connected.application.database.begin() as connection:
        connection.execute(text("DROP TABLE connections"))
    page = open_view(VIEW)
    assert page.error[0].value.replace("\\", "") == DATABASE_UNREACHABLE


def test_the_page_is_there_while_a_run_goes_on(busy: Installed) -> None:
    assert "Check now" in labels(open_view(VIEW))
