"""Steps 5 and 6 of a run: write plans in batches, log the outcomes, and teach the pairs. Decides no status
that the planner decides."""
