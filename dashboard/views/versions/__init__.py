"""The page Versions: the history of the settings, restore, export and import. It changes no record."""
