"""Assets: what is worth protecting, by what it is protected, and how it comes back."""
