"""What happened: runs, log entries, dry-run plans, approvals, audit trail, calls spent. Knows nothing of how
a run works."""
