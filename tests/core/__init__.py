"""Laws and stories of the pure core."""
