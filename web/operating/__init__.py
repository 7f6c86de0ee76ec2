"""What an admin does to the house, as pages and programs both ask for it."""
