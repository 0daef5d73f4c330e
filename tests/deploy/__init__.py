"""Tests of what production is made of: the compose file, the images, the settings, and what goes wrong at the
start."""
