"""Drawing runs: progress, counts, outcome, and the decision on a run that waits. It knows no page."""
