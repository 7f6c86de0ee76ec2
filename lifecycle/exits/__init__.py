"""Exits: when leaving must begin, and the plan by which it is done."""
