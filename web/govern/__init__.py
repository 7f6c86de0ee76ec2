"""What the pages about rules and reports are made of."""
