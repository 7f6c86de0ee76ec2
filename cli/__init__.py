"""The command line: ``bootstrap`` puts the house together, ``commands`` are what people type, ``render`` prints."""
