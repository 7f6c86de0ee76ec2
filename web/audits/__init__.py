"""What the pages of audits are made of."""
