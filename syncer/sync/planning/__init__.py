"""Step 3 of a run: load due pairs, and call the pure planner. Writes to neither system."""
