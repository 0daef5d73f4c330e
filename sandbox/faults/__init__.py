"""What goes wrong on order: whole calls, single records, false replies, and edits at an awkward moment."""

from sandbox.faults.calls import SYSTEMS, Seen
from sandbox.faults.rules import ACTIONS, Faults, Rule

__all__ = ["ACTIONS", "SYSTEMS", "Faults", "Rule", "Seen"]
