"""A Redis server of its own for one machine. Knows nothing of jobs."""
