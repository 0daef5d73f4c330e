"""The revisions since the second edition: new ones go here."""
