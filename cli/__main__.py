"""``python -m cli`` is ``longstop``."""

from cli.main import main

main()
