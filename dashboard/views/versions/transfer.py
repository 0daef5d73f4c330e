"""Import and export of the settings as YAML, and restoring a version: reviewed first, and applied as a whole
or not at all."""

import streamlit as st

from dashboard import upload_permits
from dashboard.shared import change_review, session
from dashboard.shared.markdown import plain
from dashboard.views.versions import state, version_list
from dashboard.views.versions.state import InForce
from syncer.configuration import config_file
from syncer.configuration.config_file import BadConfiguration
from syncer.configuration.diff import diff_documents
from syncer.configuration.document import Document
from syncer.core.permissions import Action
from syncer.core.text import counted

_FILE, _PASTE = "Upload a file", "Paste the text"
_MEGABYTE = 1


def draw(now: InForce) -> None:
    """Export of what is in force; import with everything that has to be known before it is taken over."""
    st.markdown("#### Export")
    st.caption(
        "All preferences and mappings as a text file: to keep, to compare, or to take over in another"
        " installation. It holds no secrets."
    )
    if now.version:
        version_list.export(now.document, now.version, "in force")
    else:
        st.markdown(":gray[Nothing is saved yet.]")
    st.markdown("#### Import")
    if not session.application().person.may(Action.CONFIGURE):
        st.caption("Your role may export settings, not import them.")
        return
    st.caption(
        "Replaces all preferences and mappings by those of the file. What the file leaves out gets its"
        " default."
    )
    text = _text()
    if text is not None:
        _look(text, now)


@st.dialog("Restore this version?", width="medium", on_dismiss=state.leave_it)
def restore(number: int, document: Document, now: InForce) -> None:
    """What restoring a version would do, and the button that does it."""
    if st.session_state.get(state.RESTORING) != number:
        st.rerun()  # a button below closed it, and a dialog draws only itself again
    st.markdown(
        "This brings back preferences and mappings, **not values of records**: what was written to students'"
        " records since stays as it is."
    )
    st.caption(f"Version {number} is saved once more, as the newest one. Nothing of the history is lost.")
    if not _review(document, now, "Restore", f"Version {number} was restored.", places=False):
        st.caption(
            "It cannot be restored as it was. Export it, correct the file, and import that; or change what is"
            " in force in Mappings."
        )


def _text() -> str | None:
    """What was given; None where nothing was, or it is no text."""
    how = st.segmented_control(
        "How", [_FILE, _PASTE], default=_FILE, required=True, key="versions how", label_visibility="collapsed"
    )
    if how == _PASTE:
        return st.text_area("YAML", key=state.TEXT, height=240) or None
    upload_permits.allow_this_page()
    given = st.file_uploader(
        "YAML file", type=["yaml", "yml"], key=state.file_key(), max_upload_size=_MEGABYTE
    )
    if given is None:
        return None
    try:
        return given.getvalue().decode("utf-8-sig")
    except UnicodeDecodeError:
        st.error("This is not a text file in UTF-8. Save it so, and choose it again.")
        return None


def _look(text: str, now: InForce) -> None:
    try:
        document = config_file.parse(text)
    except BadConfiguration as bad:
        things = counted(len(bad.problems), "thing is", "things are", one="One thing is")
        st.error(
            f"Nothing was taken over. {things} to be corrected in it first:\n"
            + change_review.problem_list(bad.problems)
        )
        return
    with st.container(border=True):
        valid = _review(document, now, "Take it over", "The settings were imported.", places=True)
        if not valid:
            st.caption("A file with errors is not taken over. Correct it, and choose it again.")


def _review(document: Document, now: InForce, label: str, done: str, places: bool) -> bool:
    """What taking the document over would do, and the button for it. Returns False, without the button, where
    it has errors."""
    reachable = session.application().configuration.with_protected_settings(document)
    if reachable != document:
        st.info(
            "The guard and the share of Salesforce's daily limit stay as they are: only administrators change"
            " them.",
            icon=":material/lock:",
        )
    if not diff_documents(now.document, reachable) and now.version:
        st.markdown(f"Nothing differs from version {now.version}, which is in force.")
        return True
    st.markdown(
        "**What changes against"
        f" {f'version {now.version}, which is in force' if now.version else 'the defaults'}**"
    )
    if not change_review.draw(now.document, reachable, places):
        return False
    st.button(plain(label), type="primary", on_click=state.take_over, args=(reachable, now.version, done))
    return True
