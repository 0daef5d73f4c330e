"""The widgets of the Sync Preferences page. Each says in a sentence what it does to records."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.views.preferences.state import Path, seed, widget, word
from syncer.configuration.preference_labels import EXPORT_MODES, SCOPES
from syncer.configuration.schema import preference_bounds
from syncer.core.preferences import ExportMode, Scope

_EXPORT_SENTENCES = {
    ExportMode.MATCH_EXISTING: (
        "A contact that Salesforce has gets its Element ID, and nothing else. A missing one is created."
    ),
    ExportMode.UPDATE_EXISTING: (
        "A contact that Salesforce has gets all fields that Element451 owns, empty ones too. A missing one is"
        " created."
    ),
}
_SCOPE_SENTENCES = {
    Scope.CONVERSATIONS: "Only they are written to Salesforce, and stay in step from then on.",
    Scope.ALL: "Every Element451 contact is written to Salesforce.",
}


class Fields:
    """Draws widgets; ``values`` collects what they hold. ``may``: whether the person may change them."""

    def __init__(self, may: bool) -> None:
        self._may = may
        self.values: dict[Path, Any] = {}

    def toggle(self, *path: str, sentence: str) -> bool:
        """A switch."""
        with st.container(gap="xxsmall"):
            chosen = st.toggle(
                word(*path).label, value=bool(seed(path)), key=widget(path), disabled=not self._may
            )
            st.caption(sentence)
        self.values[path] = chosen
        return chosen

    def number(self, *path: str, sentence: str, why_not: str | None = None) -> int:
        """A whole number within its bounds. ``why_not``: why this person may not change it."""
        preference = word(*path)
        least, most = preference_bounds(*path)
        label = f"{preference.label} ({preference.unit})" if preference.unit else preference.label
        disabled = not self._may or why_not is not None
        with st.container(gap="xxsmall"):
            chosen = st.number_input(
                label, least, most, int(seed(path)), 1, key=widget(path), disabled=disabled, help=why_not
            )
            st.caption(sentence)
        self.values[path] = chosen if chosen is not None else least
        return int(self.values[path])

    def entity(
        self, *path: str, sentence: str, objects: Sequence[tuple[str, str]], unused: bool = False
    ) -> None:
        """A Salesforce object, searched for by label or API name; typed as API name where the objects are not
        known."""
        label, labels = word(*path).label, dict(objects)
        disabled = not self._may or unused
        with st.container(gap="xxsmall"):
            chosen = self._object(path, label, labels, disabled)
            known = "" if objects else " The list of objects appears here once Salesforce is connected."
            st.caption(sentence + known)
        self.values[path] = chosen

    def _object(self, path: Path, label: str, labels: Mapping[str, str], disabled: bool) -> str:
        if not labels:
            return st.text_input(
                label,
                str(seed(path)),
                key=widget(path),
                disabled=disabled,
                help="The object's API name, such as Contact.",
            ).strip()
        held = seed(path)
        names = sorted(labels, key=lambda name: (labels[name].casefold(), name))
        options = names if held in labels else [held, *names]
        return st.selectbox(
            label,
            options,
            options.index(held),
            key=widget(path),
            disabled=disabled,
            format_func=lambda name: _object(name, labels),
        )

    def export_mode(self) -> None:
        """What an export does with what is there already."""
        self._one_of("export", "mode", names=EXPORT_MODES, sentences=_EXPORT_SENTENCES)

    def scope(self) -> None:
        """Which contacts are exported."""
        self._one_of("export", "scope", names=SCOPES, sentences=_SCOPE_SENTENCES)

    def match_on(self, fit: Mapping[str, str], mapped: Mapping[str, str]) -> None:
        """The fields that match what no ID links; ``fit`` names those that may be chosen by their slugs,
        ``mapped`` all that are mapped."""
        path, held = ("match_on",), list(seed(("match_on",)))
        options = [*fit, *(slug for slug in held if slug not in fit)]
        with st.container(gap="xxsmall"):
            chosen = st.multiselect(
                word(*path).label,
                options,
                held,
                key=widget(path),
                disabled=not self._may or not options,
                format_func=lambda slug: mapped.get(slug, f"{slug} (not mapped)"),
                placeholder="Match by the stored IDs only",
                select_all=False,
                help=(
                    "Offered are mapped fields that can tell one person from all others, such as an e-mail"
                    " address, a phone number or an ID."
                ),
            )
            st.caption(
                "Two records that do not hold each other's ID are taken for the same person where all of"
                " these are equal, and nobody else has them."
                + ("" if options else " Map a field, such as the e-mail address, and it can be chosen here.")
            )
        self.values[path] = list(chosen)

    def _one_of(self, *path: str, names: Mapping[Any, str], sentences: Mapping[Any, str]) -> None:
        options = [option.value for option in names]
        captions = [sentences[option] for option in names]
        said = {option.value: name for option, name in names.items()}
        chosen = st.radio(
            word(*path).label,
            options,
            options.index(seed(path)),
            key=widget(path),
            captions=captions,
            format_func=said.__getitem__,
            disabled=not self._may,
        )
        self.values[path] = chosen


def always_on(label: str, sentence: str) -> None:
    """A switch that nobody can turn off."""
    with st.container(gap="xxsmall"):
        st.toggle(f"{label} (always on)", value=True, disabled=True, key=f"always {label}")
        st.caption(sentence)


def _object(name: str, labels: Mapping[str, str]) -> str:
    if name not in labels:
        return f"{name} (not found in Salesforce)"
    return name if labels[name] == name else f"{labels[name]} ({name})"
