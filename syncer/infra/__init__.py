"""The machine that the program runs on: settings, database, secrets, disk, log lines. Knows nothing of
contacts or of either system."""
