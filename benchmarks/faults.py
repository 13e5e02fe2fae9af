"""Retention that is killed two hundred times at random ends as if it had not been.

    python benchmarks/faults.py

It is the test of twenty kills, with its seed and its register, and more of them.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KILLS = 200


def main() -> None:
    """Run it by the suite's own harness, which makes the database and drops it."""
    test = "tests/forgetting/test_faults.py"
    command = [sys.executable, str(ROOT / "dev.py"), "test", test, "-n", "0", "-q", "--durations=2"]
    sys.exit(subprocess.run([*command, f"--kills={KILLS}"], cwd=ROOT, check=False).returncode)


if __name__ == "__main__":
    main()
