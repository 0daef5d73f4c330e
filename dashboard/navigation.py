"""The pages of the dashboard: each one's script, for links between pages, and the menu that they stand in."""

from syncer.core.permissions import Act

OVERVIEW = "views/overview/view.py"
LOGS = "views/logs/view.py"
RUNS = "views/runs/view.py"
CONNECTION = "views/connection/view.py"
PREFERENCES = "views/preferences/view.py"
MAPPINGS = "views/mappings/view.py"
VERSIONS = "views/versions/view.py"
PREVIEW = "views/preview/view.py"
DRY_RUN = "views/dry_run/view.py"
AUDIT = "views/audit/view.py"

MENU: dict[str, list[tuple[str, str]]] = {
    "": [(OVERVIEW, "Overview"), (LOGS, "Integration Logs"), (RUNS, "Runs")],
    "Set up": [
        (CONNECTION, "Connection"),
        (PREFERENCES, "Sync Preferences"),
        (MAPPINGS, "Mappings"),
        (VERSIONS, "Versions"),
    ],
    "Try": [(PREVIEW, "Preview + Test"), (DRY_RUN, "Dry run")],
    "Administration": [(AUDIT, "Audit trail")],
}
"""Section of the menu, then its pages and their titles."""
REQUIRES: dict[str, Act] = {AUDIT: Act.AUDIT}
"""Pages that the menu leaves out for whoever may not do this; they say so where they are opened all the
same."""


def url_path(page: str) -> str:
    """The path of a page in the browser's address, such as ``dry-run``."""
    return page.split("/")[1].replace("_", "-")
