"""What the tests of the Overview press and read."""

from streamlit.testing.v1 import AppTest

from syncer.journal import runs
from syncer.journal.run_state import RunState, Trigger
from tests.support.dashboard import Installed, texts

WAITING = {
    "kinds": {"change": 900, "blank": 60},
    "fields": {
        "change": {"user-dob → Birthdate": 900},
        "blank": {"user-gender ← hed__Gender__c": 2, "user-dob → Birthdate": 58},
    },
}


def sync_now(page: AppTest) -> AppTest:
    return page.button(key="sync now").click().run()


def plainly(page: AppTest) -> str:
    """What a page says, without the signs that keep Markdown from reading values."""
    return "".join(sign for sign in texts(page) if sign not in "\\\u2068\u2069")


def links(page: AppTest) -> list[str]:
    return [link.proto.label for link in page.get("page_link")]


def wait(installed: Installed) -> int:
    """A run that waits for approval; gives its number."""
    run = runs.begin(installed.application.database, Trigger.SCHEDULE, 1)
    run.state, run.reason, run.code, run.numbers = (
        RunState.WAITING,
        "This run would do a lot at once.",
        "GUARD",
        WAITING,
    )
    runs.save(installed.application.database, run)
    return run.id


def progress_words(page: AppTest) -> str:
    return "".join(
        sign for bar in page.get("progress") for sign in bar.proto.text if sign not in "\\\u2068\u2069"
    )
