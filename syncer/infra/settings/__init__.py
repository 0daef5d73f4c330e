"""What the environment says, checked and refused by name. Knows nothing of what the settings are used for."""
