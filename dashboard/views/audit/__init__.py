"""The page Audit trail: who did what, and when. It only reads."""
