"""Step 1 of a run: read what changed into the pairs. Writes to neither system."""
