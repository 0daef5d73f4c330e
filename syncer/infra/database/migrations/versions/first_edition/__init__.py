"""The revisions of the first edition. Its databases are brought up from here."""
