"""Backups: made, kept, tried out."""
