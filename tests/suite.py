"""What the suites have in common: where the program is, and how checks are run and counted."""

import os
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def program(named):
    """The program under test: the one that was named, else the one that was built last."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return Path(named).resolve() if named else target / "debug" / "taizhang"


def run_all(suite, checks, world, jobs=1, last=()):
    """Runs every check on a world, some at a time and the last ones after all others; says what became of each,
    and gives the exit status."""

    def run(check):
        try:
            check(world)
        except Exception:
            print(f"{traceback.format_exc()}{suite} {check.__name__} ... FAILED", flush=True)
            return False
        print(f"{suite} {check.__name__} ... ok", flush=True)
        return True

    if jobs == 1:
        passed = [run(check) for check in checks]
    else:
        with ThreadPoolExecutor(jobs) as pool:
            passed = list(pool.map(run, checks))
    passed += [run(check) for check in last]
    print(f"{passed.count(True)} passed, {passed.count(False)} failed")
    return 0 if all(passed) else 1
