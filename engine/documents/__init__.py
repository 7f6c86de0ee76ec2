"""Facts as the documents that ``--json`` prints; their schemas lie in ``docs/schemas``."""
