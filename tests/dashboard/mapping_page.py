"""What the tests of the Mappings page press, choose and read."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.support.dashboard import Installed, open_view, press, texts

VIEW = "views/mappings/view.py"
GENDER = "user-gender/hed__Gender__c"


def mappings(**who: Any) -> AppTest:
    return open_view(VIEW, **who)


def edit(field: str, **who: Any) -> AppTest:
    """The page with the dialog of this mapped field, as a link from elsewhere opens it."""
    return mappings(field=field, **who)


def said(page: AppTest) -> str:
    """Everything that the page says, in its tables too, as a person reads it."""
    cells = "\n".join(str(cell) for frame in page.dataframe for row in frame.value.values for cell in row)
    return texts(page).translate({ord(sign): None for sign in "\\\u2068\u2069"}) + "\n" + cells


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


def row(made: Installed, salesforce: str) -> dict[str, Any]:
    """The mapped field that is in force for this field of Salesforce."""
    (found,) = (one for one in rows(made) if one["salesforce"] == salesforce)
    return found


def search(page: AppTest, words: str) -> AppTest:
    page.text_input("mappings search").set_value(words).run()
    return page


def values(page: AppTest, **changes: Any) -> AppTest:
    """What a person did in the table of the value map, for the page's next run."""
    return _did(page, "mapping values 0", **changes)


def cells(page: AppTest, salesforce: str, **edited: Any) -> AppTest:
    """Edit cells in the row of a Salesforce field, for the page's next run."""
    grid = page.session_state["mappings grid"]
    at = next(at for at, fields in enumerate(grid.fields) if fields[1] == salesforce)
    return _did(page, grid.key, edited_rows={at: edited})


def tick(page: AppTest, *salesforce: str) -> AppTest:
    """Tick the (first) rows of these Salesforce fields, for the page's next run."""
    grid = page.session_state["mappings grid"]
    names = [fields[1] for fields in grid.fields]
    return _did(page, grid.key, edited_rows={names.index(name): {"Select": True} for name in salesforce})


def remove(page: AppTest, *salesforce: str) -> AppTest:
    """Remove the rows of these Salesforce fields, without saving."""
    tick(page, *salesforce).run()
    return press(tick(page, *salesforce), "remove selected")


def save(page: AppTest) -> AppTest:
    """Review everything that was edited, and save it."""
    return press(press(page, "Review and save"), "save mappings")


def done(page: AppTest) -> AppTest:
    """Take over what the dialog holds, and save it."""
    return save(press(page, "Done"))


def _did(page: AppTest, key: str, **changes: Any) -> AppTest:
    page.session_state[key] = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **changes}
    return page
