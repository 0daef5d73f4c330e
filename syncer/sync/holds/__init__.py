"""Holds in the database (rule 20): placed, obeyed, ended, listed."""
