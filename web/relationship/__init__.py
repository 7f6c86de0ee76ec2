"""What the pages about assets are made of."""
