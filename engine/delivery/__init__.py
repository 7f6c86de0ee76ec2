"""A message on its way out: composed, put into the outbox, gated, sent, settled; and what becomes of one in doubt."""
