"""What the tests of the Mappings page press, choose and read."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.support.dashboard import Installed, open_view, press, texts

VIEW = "views/mappings/view.py"
GENDER = "user-gender hed__Gender__c"


def mappings(**who: Any) -> AppTest:
    return open_view(VIEW, **who)


def said(page: AppTest) -> str:
    """Everything that the page says, as a person reads it."""
    return texts(page).translate({ord(sign): None for sign in "\\\u2068\u2069"})


def can_press(page: AppTest, label: str) -> bool:
    return any(not button.disabled for button in page.button if label in (button.label, button.key))


def choose(page: AppTest, element451: str, salesforce: str) -> AppTest:
    """Choose both fields in the open dialog."""
    page.selectbox("mapping element451").set_value(element451).run()
    page.selectbox("mapping salesforce").set_value(salesforce).run()
    assert not page.exception, [broken.value for broken in page.exception]
    return page


def add(page: AppTest, element451: str, salesforce: str) -> AppTest:
    return choose(press(page, "Add Mapping"), element451, salesforce)


def rows(made: Installed, kind: str = "contact") -> list[dict[str, Any]]:
    """The mapped fields that are in force."""
    current = made.application.configuration.current()
    assert current
    found: list[dict[str, Any]] = current[1]["mappings"][kind]
    return found


def search(page: AppTest, words: str) -> AppTest:
    page.text_input("mappings search").set_value(words).run()
    return page


def values(page: AppTest, **changes: Any) -> AppTest:
    """What a person did in the table of the value map, for the page's next run."""
    page.session_state["mapping values 0"] = {
        "edited_rows": {},
        "added_rows": [],
        "deleted_rows": [],
        **changes,
    }
    return page


def save(page: AppTest) -> AppTest:
    """Go on to what it would change, and save."""
    return press(press(page, "Continue"), "Save")
