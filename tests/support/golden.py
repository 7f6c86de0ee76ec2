"""Files that hold what people read, byte for byte.

After a wanted change: ``UPDATE_GOLDEN=1 pytest tests/notifiers`` writes them anew; then read the difference.
"""

import os
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden"


def assert_golden(name: str, said: bytes) -> None:
    """*said* is what lies in ``tests/golden/NAME``."""
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(said)
    assert path.exists(), f"{path} is not there: run with UPDATE_GOLDEN=1 and read it"
    assert said == path.read_bytes(), f"{name} reads otherwise now; if that is wanted, run with UPDATE_GOLDEN=1"
