"""The page Runs: each run with its outcome, and the decision on one that waits. It starts none."""
