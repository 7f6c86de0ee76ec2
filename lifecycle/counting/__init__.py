"""Counting: how a law gets from a fact to a day, and how each step is told."""
