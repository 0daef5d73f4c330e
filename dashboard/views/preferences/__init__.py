"""The page Sync Preferences: what the sync does, how often, and how careful it is. It edits the
configuration, and runs nothing."""
