"""The revisions, by edition; oldest first by their down_revision."""
