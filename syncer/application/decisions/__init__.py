"""What people decide: holds, approvals in part, remedies for groups of failures, who is synced."""
