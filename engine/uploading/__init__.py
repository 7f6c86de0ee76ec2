"""Files that people bring in through pages: kept for a while, looked at step by step, taken in at the end."""
