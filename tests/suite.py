"""What the suites have in common: where the program is, and how checks are run and counted."""

import os
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def program(named):
    """The program under test: the one that was named, else the one that was built last."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return Path(named).resolve() if named else target / "debug" / "taizhang"


def run_all(suite, checks, world):
    """Runs every check on a world, says what became of it, and gives the exit status."""
    passed = failed = 0
    for check in checks:
        try:
            check(world)
        except Exception:
            traceback.print_exc(file=sys.stdout)
            print(f"{suite} {check.__name__} ... FAILED", flush=True)
            failed += 1
        else:
            print(f"{suite} {check.__name__} ... ok", flush=True)
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
