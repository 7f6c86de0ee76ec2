"""Obligations: what is owed on which day, the checklists that bring them, audits and evidence."""
