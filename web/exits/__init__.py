"""What the pages about exits are made of."""
