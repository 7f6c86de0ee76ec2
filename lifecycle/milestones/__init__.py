"""Milestones: the dated turning points that follow from all of it."""
