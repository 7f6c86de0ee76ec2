"""Agreements: what the register says of one, and what becomes of it."""
