"""The processes of the worker: watched over, stopped, and cleaned up after. Knows nothing of what the jobs
do."""
