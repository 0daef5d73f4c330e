"""Tests of syncer/configuration."""
