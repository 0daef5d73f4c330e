"""``make demo``: the product's own command line at work on the sandbox, told as a story."""
