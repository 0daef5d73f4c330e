"""Commands about configurations that are not in force yet."""
