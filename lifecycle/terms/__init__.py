"""Terms: what the paper says about beginning, ending, renewing, leaving, and what outlives it."""
