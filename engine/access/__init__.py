"""Who comes in: passwords, sessions, tokens, and the first admin of an empty house."""
