"""Tests of syncer/application."""
