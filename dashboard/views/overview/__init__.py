"""The page Overview: how the sync is doing, and what needs a person. What counts as a need is decided by
`syncer.application.attention`."""
