"""The pages of the dashboard: the script of each, for links between pages, and the menu that lists them."""

from syncer.core.permissions import Action

OVERVIEW = "views/overview/view.py"
STUDENT = "views/student/view.py"
LOGS = "views/logs/view.py"
RUNS = "views/runs/view.py"
CONNECTION = "views/connection/view.py"
PREFERENCES = "views/preferences/view.py"
MAPPINGS = "views/mappings/view.py"
VERSIONS = "views/versions/view.py"
PREVIEW = "views/preview/view.py"
DRY_RUN = "views/dry_run/view.py"
ALERTS = "views/alerts/view.py"
AUDIT = "views/audit/view.py"

MENU: dict[str, list[tuple[str, str]]] = {
    "": [(OVERVIEW, "Overview"), (STUDENT, "Student"), (LOGS, "Integration Logs"), (RUNS, "Runs")],
    "Set up": [
        (CONNECTION, "Connection"),
        (MAPPINGS, "Mappings"),
        (PREFERENCES, "Sync Preferences"),
        (VERSIONS, "Versions"),
    ],
    "Try": [(PREVIEW, "Preview + Test"), (DRY_RUN, "Dry run")],
    "Administration": [(ALERTS, "Alerts and people"), (AUDIT, "Audit trail")],
}
"""For each section of the menu, its pages with their titles."""
REQUIRES: dict[str, Action] = {AUDIT: Action.AUDIT}
"""Pages that the menu shows only to people who may do this. Opened by its address, such a page refuses."""


def url_path(page: str) -> str:
    """The path of a page in the browser's address, such as ``dry-run``."""
    return page.split("/")[1].replace("_", "-")
