"""One module for each command or group; ``cli.catalogue`` lists them."""
