"""What people ask, what follows from it, and what time brings about."""
