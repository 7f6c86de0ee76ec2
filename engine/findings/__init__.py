"""Findings as people meet them, and what they are found in."""
