"""Findings: what does not fit together across the register, and what to do about it."""
