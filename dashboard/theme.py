"""The dashboard's colours and sizes, by Streamlit's own theming; light or dark as the browser prefers."""

from typing import Any

_SIZES = ["1.9rem", "1.45rem", "1.2rem", "1.05rem", "1rem", "0.9rem"]
_BOTH: dict[str, Any] = {
    "baseRadius": "0.5rem",
    "buttonRadius": "0.5rem",
    "headingFontSizes": _SIZES,
    "metricValueFontSize": "1.45rem",  # larger ones cut words such as “in 12 minutes”
    "showWidgetBorder": True,
}
_LIGHT: dict[str, Any] = {
    "primaryColor": "#1f5fa8",
    "backgroundColor": "#ffffff",
    "secondaryBackgroundColor": "#f3f5f9",
    "textColor": "#0d1420",  # so dark that captions, at 60 % of it, are still read well (WCAG AA: 4.5:1)
    "linkColor": "#1f5fa8",
    "borderColor": "#d8dee8",
    "sidebar.backgroundColor": "#f7f9fc",
    "sidebar.secondaryBackgroundColor": "#e9eef6",
}
_DARK: dict[str, Any] = {
    "primaryColor": "#3873c2",
    "backgroundColor": "#12161d",
    "secondaryBackgroundColor": "#1c222c",
    "textColor": "#e4e8ef",
    "linkColor": "#86b5f2",
    "borderColor": "#323b49",
    "sidebar.backgroundColor": "#171c25",
    "sidebar.secondaryBackgroundColor": "#232b38",
}


def options() -> dict[str, Any]:
    """Streamlit's configuration options of the theme. They name no base, so that the browser's preference
    decides between light and dark."""
    sections = {"theme": _BOTH, "theme.light": _LIGHT, "theme.dark": _DARK}
    return {
        f"{section}.{name}": value for section, values in sections.items() for name, value in values.items()
    }
