"""Both systems over HTTP, behind the protocols in `protocol`. What they hold and how they are called is known
here; the database, the settings, the configuration and the rules of the sync are not."""
