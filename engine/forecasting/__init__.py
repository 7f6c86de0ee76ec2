"""What will be sent, as rows that scripts may rely on (INTERFACE.md C19): of a forecast, and of a rehearsal."""
