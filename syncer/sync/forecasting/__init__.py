"""What a configuration would do to all records, and the calls that it takes."""
