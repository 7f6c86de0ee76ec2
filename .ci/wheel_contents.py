"""A wheel holds every file of the rooms and nothing else: ``wheel_contents.py WHEEL``."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

ROOMS = ("lifecycle", "store", "notifiers", "config", "engine", "jobs", "web", "cli")


def main() -> int:
    """0 when what is under version control in the rooms is what the wheel brings."""
    project = Path(__file__).resolve().parents[1]
    listed = subprocess.run(["git", "ls-files", "-z", *ROOMS], cwd=project, capture_output=True, check=True)
    ours = {name for name in listed.stdout.decode().split("\0") if name and (project / name).is_file()}
    with ZipFile(sys.argv[1]) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    for name in sorted(ours - packed):
        print(f"[wheel] missing: {name}")
    for name in sorted(packed - ours):
        print(f"[wheel] does not belong there: {name}")
    print(f"[wheel] {len(packed)} files")
    return 1 if packed != ours else 0


if __name__ == "__main__":
    sys.exit(main())
