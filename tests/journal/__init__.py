"""Tests of syncer/journal."""
