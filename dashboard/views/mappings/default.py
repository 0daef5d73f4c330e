"""The value of new records: the default of a mapped field, or a fixed value without another half."""

import streamlit as st

from dashboard.views.mappings.state import DEFAULT
from syncer.configuration.editor import value_maps
from syncer.core.field_types.field_type import Family
from syncer.core.fields import Field

_EXAMPLES = {
    Family.DATE: "A day such as 2026-12-31, or today, or today+30d",
    Family.DATETIME: "A moment such as 2026-12-31T18:00:00Z",
    Family.SEVERAL: "Values of its list, with semicolons between them",
    Family.NUMBER: "A number",
}
"""What to write into the field, by what it holds."""


def draw(field: Field, fixed: bool) -> None:
    """Draw the choice of the value that new records get in ``field``, which is Salesforce's. ``fixed``: it
    has no other half, so that every new record gets it."""
    label = "Value" if fixed else "Default for new records"
    options = dict(value_maps.field_options(field)) if field.family is not Family.SEVERAL else {}
    chosen = st.session_state.get(DEFAULT)
    if options:
        names = {value: value_maps.option_label(option) for option in options.items() for value in option[:1]}
        st.selectbox(
            label,
            [*options, *([chosen] if chosen and chosen not in options else [])],
            index=None,
            format_func=lambda value: names.get(value, value),
            placeholder="Choose a value" if fixed else "None",
            accept_new_options=not (field.limited or field.family is Family.BOOLEAN),
            key=DEFAULT,
        )
    else:
        example = _EXAMPLES.get(field.family, "") if field.family else ""
        st.text_input(label, placeholder=example or None, key=DEFAULT)
    st.caption(
        "Every record that the sync creates in Salesforce gets this value. Records that are there are left"
        " alone, and it can be changed in Salesforce afterwards."
        if fixed
        else "A new record gets it where the other side has no value, written as Salesforce holds it. A"
        " record that is there never gets it; nor is its field emptied when the owner has no value."
    )


def chosen() -> str:
    """The value that is chosen; empty where none is."""
    return str(st.session_state.get(DEFAULT) or "").strip()
