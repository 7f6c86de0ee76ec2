"""What the pages of an import are made of."""
