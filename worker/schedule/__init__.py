"""When a run is due, and the slots that the queue is given. Runs nothing itself."""
