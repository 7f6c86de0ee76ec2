"""Importing: a file's drafts become agreements, and can be taken back."""
