"""The state of the Versions page: the version in force, the one that is open, and applying another."""

from dataclasses import dataclass

import streamlit as st

from dashboard.shared import notices, session
from syncer.configuration.config_file import validate
from syncer.configuration.document import Document

PLACE = "versions"
"""Where notices are said."""
RESTORING, TEXT, FILE, PLACES = "versions restoring", "versions text", "versions file", "versions places"


@dataclass(frozen=True)
class InForce:
    """The version in force; number 0 with every default before the first."""

    version: int
    document: Document


def in_force() -> InForce:
    """What is in force now."""
    return InForce(*(session.application().configuration.current() or (0, validate({}))))


def chosen() -> str:
    """The version that the page's address names; empty where it names none."""
    return str(st.query_params.get("version", ""))


def open_version(number: int) -> None:
    """Show one version."""
    st.query_params["version"] = str(number)


def close_version() -> None:
    """Show all versions again."""
    st.query_params.pop("version", None)


def turn(places: list[int]) -> None:
    """Turn to another page: behind the versions by which each page begins, up to the one to be shown."""
    st.session_state[PLACES] = places


def ask_to_restore(version: int) -> None:
    """Open what shows what restoring this version would do."""
    st.session_state[RESTORING] = version


def leave_it() -> None:
    """Close it."""
    st.session_state.pop(RESTORING, None)


def file_key() -> str:
    """The key of the widget that takes a file: another one once a file was taken over, so that it is empty
    then."""
    return f"{FILE} {st.session_state.get(FILE, 0)}"


def take_over(document: Document, based_on: int, what: str) -> None:
    """Make the document the next version, if the one in force is still the one that it was shown against.
    ``what`` was done, for the notice."""

    def act() -> str:
        number = session.application().configuration.store(document, based_on)
        st.session_state[TEXT], st.session_state[FILE] = "", st.session_state.get(FILE, 0) + 1
        if number == based_on:
            return f"It is what is in force already: version {number} stays."
        return (
            f"{what} It is version {number} now. The next run works by it; where it would change much at"
            " once, that run waits for an approval."
        )

    leave_it()
    close_version()
    notices.attempt(PLACE, act)
