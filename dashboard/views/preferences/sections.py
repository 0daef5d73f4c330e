"""The Sync Preferences page, part by part."""

from collections.abc import Mapping

import streamlit as st

from dashboard.shared import session
from dashboard.views.preferences.fields import Fields, always_on
from syncer.configuration.catalogue_snapshot import CatalogueSnapshot
from syncer.configuration.document import Document, field_keys, is_constant
from syncer.configuration.required_mappings import required_mapping
from syncer.configuration.validation.match_fields import can_match_on
from syncer.core.guard import effective_limits
from syncer.core.preferences import GuardLimits
from syncer.core.records import Kind, System

_LARGE = 10_000
"""A number of records to explain the guard by."""
_ADMINISTRATORS = "For administrators only, as whoever loosens this could let any run pass."


def conversations(fields: Fields, known: CatalogueSnapshot) -> None:
    """Conversation sync."""
    with st.container(border=True):
        st.subheader("Conversation sync")
        on = fields.toggle(
            "sync_conversations",
            sentence=(
                "Each conversation is written to Salesforce, linked to its contact, who is written first."
                " Off: none is written any more."
            ),
        )
        sentence = "Each conversation becomes a record of this Salesforce object."
        fields.entity("conversation_entity", sentence=sentence, objects=known.objects, unused=not on)


def contacts(fields: Fields, known: CatalogueSnapshot, document: Document) -> None:
    """Contact sync."""
    with st.container(border=True):
        st.subheader("Contact sync")
        always_on("Sync Contacts", "Contacts are what everything else hangs on: they cannot be switched off.")
        sentence = "Contacts are found, created and changed as records of this Salesforce object."
        fields.entity("contact_entity", sentence=sentence, objects=known.objects)
        left, right = st.columns(2, gap="large")
        with left:
            _imports(fields)
        with right:
            st.markdown("#### Export: Element451 → Salesforce")
            fields.export_mode()
            fields.scope()
        fields.match_on(_mapped(known, document, fit=True), _mapped(known, document))


def schedule(fields: Fields, may_guard: bool) -> None:
    """How often, and how careful."""
    why_not = None if may_guard else _ADMINISTRATORS
    with st.container(border=True):
        st.subheader("Schedule and care")
        if why_not:
            st.caption(
                ":material/lock: When a run asks first, and the share of Salesforce's daily limit, are set by"
                " administrators."
            )
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("#### How often, how fast")
            fields.number("interval_minutes", sentence=_often())
            fields.number(
                "api_share_percent",
                why_not=why_not,
                sentence=(
                    "The sync stops for the day before it uses more of the calls that Salesforce allows, so"
                    " that others keep the rest."
                ),
            )
            fields.number(
                "batch_size",
                sentence=(
                    "So many go to Salesforce in one call. Fewer are slower, and easier on its automations."
                ),
            )
            with st.expander("More"):
                fields.number(
                    "salesforce_threads",
                    sentence=(
                        "More are quicker, as long as Salesforce's automations do not lock each other out."
                    ),
                )
                fields.number(
                    "element451_threads",
                    sentence="More are quicker, as long as Element451 does not ask to slow down.",
                )
        with right:
            _guard(fields, why_not)


def _often() -> str:
    """What the interval does, and where another one is kept whatever is chosen here."""
    if seconds := session.application().settings.interval_seconds:
        return (
            f"This installation was started with another interval, {seconds} seconds, which counts instead"
            " (SYNC_INTERVAL_SECONDS)."
        )
    return "Then a run starts and carries over what has changed."


def _imports(fields: Fields) -> None:
    st.markdown("#### Import: Salesforce → Element451")
    always_on(
        "Match Existing",
        "A Salesforce record and a contact that belong together get each other's ID, and nothing else is"
        " written.",
    )
    fields.toggle(
        "import",
        "update_existing",
        sentence="Matched contacts in Element451 get all fields that Salesforce owns, empty ones too.",
    )
    fields.toggle(
        "import",
        "create_new",
        sentence=(
            "A Salesforce record without a match becomes a new contact in Element451, with all mapped values."
        ),
    )


def _guard(fields: Fields, why_not: str | None) -> None:
    st.markdown("#### When a run asks first")
    st.caption("A run that would do more than this writes nothing until an administrator approves it.")
    records = fields.number(
        "guard",
        "records",
        why_not=why_not,
        sentence="So many to create, to change, to empty or to deactivate pass unasked.",
    )
    percent = fields.number(
        "guard",
        "percent",
        why_not=why_not,
        sentence="The same as a share of all records. The smaller one counts.",
    )
    least = fields.number(
        "guard", "at_least", why_not=why_not, sentence="So that in a small school everyday changes pass."
    )
    limits = GuardLimits(records=records, percent=percent, at_least=least)
    per_kind, in_all = effective_limits(_LARGE, limits)
    st.caption(
        f"With {_LARGE:,} records, a run asks when it would do more than {per_kind:,} of a kind, or touch"
        f" more than {in_all:,} in all."
    )


def _mapped(known: CatalogueSnapshot, document: Document, fit: bool = False) -> Mapping[str, str]:
    """What the mapped fields are called, by slug: all but the IDs, which match always; ``fit``: only those
    that tell people apart."""
    theirs = known.fields(System.SALESFORCE, document, Kind.CONTACT)
    found = {}
    for row in document["mappings"]["contact"]:
        slug, key = field_keys(row)
        ours, its = known.element451.get(slug), theirs.get(key)
        if is_constant(row) or required_mapping(Kind.CONTACT, field_keys(row)):
            continue
        if not fit or (ours and its and can_match_on(ours, its)):
            found[slug] = f"{ours.label if ours else slug} ↔ {its.label if its else key}"
    return found
