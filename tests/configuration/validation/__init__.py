"""Tests of syncer/configuration/validation."""
