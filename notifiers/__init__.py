"""Channels: what is said, how it is laid out, how it leaves the house."""
