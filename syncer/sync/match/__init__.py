"""Step 2 of a run: find the other half of unpaired records. Writes to neither system."""
