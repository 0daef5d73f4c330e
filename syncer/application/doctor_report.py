"""The doctor's report, to be handed to the vendors: what is assumed, and what was found, without anybody's
values."""

from collections.abc import Sequence
from datetime import datetime

from syncer.connectors.element451.examination import checks as element451_checks
from syncer.connectors.salesforce.examination import checks as salesforce_checks
from syncer.core.records import System
from syncer.core.trust.verdict import Check, State, Verdict

CHECKS: dict[System, tuple[Check, ...]] = {
    System.ELEMENT451: element451_checks.CHECKS,
    System.SALESFORCE: salesforce_checks.CHECKS,
}
_ORDER = [State.DISPROVED, State.NOT_PROVED, State.PROVED]


def report(verdicts: Sequence[Verdict], at: datetime) -> str:
    """The report as Markdown, what is disproved first."""
    lines = [
        "# What the Element451–Salesforce sync assumes of the API, tried on our account",
        "",
        f"{at:%Y-%m-%d %H:%M} UTC. No record's values are in this report. The letters with numbers name the",
        "sections of the sync's description of the API.",
    ]
    for system in System:
        of_system = [verdict for verdict in verdicts if verdict.system is system]
        if of_system:
            lines += ["", f"## {system.label}", *_section(of_system)]
    return "\n".join(lines) + "\n"


def _section(verdicts: Sequence[Verdict]) -> list[str]:
    lines = []
    for verdict in sorted(verdicts, key=lambda verdict: _ORDER.index(verdict.state)):
        check = check_of(verdict)
        lines += ["", f"### {verdict.check}: {verdict.state.value}", ""]
        if check:
            lines += [f"- Assumed ({check.reference}): {check.assumes}"]
        lines += [f"- Found: {verdict.finding.found}"]
    return lines


def check_of(verdict: Verdict) -> Check | None:
    """The check that a verdict is about; None for one that this version does not know."""
    return next((check for check in CHECKS[verdict.system] if check.name == verdict.check), None)
