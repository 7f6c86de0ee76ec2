"""Playbooks: whom a milestone tells, through what, at which instants."""
