#!/usr/bin/env python3
"""What no command and no test uses.

Usage: tests/unused.py

A library may keep anything that is public, so the compiler can't tell what of
this one is dead. Here its modules are built as parts of the binary, where it
can. What only tests use is no fault; they are looked through by name. Ends
with 1 where something is used by nobody. Needs nothing but Rust and Python.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
#: Dead code that waits for its use, each with the reason.
WAITING = {
    "DraftAnswer": "the desk's answer about drafts, for the office's page",
    "drafts": "the same",
}


def as_binary(folder):
    """A copy of the package in which the library is a part of the binary."""
    shutil.copytree(ROOT / "src", folder / "src")
    for name in ("templates", "migrations", ".cargo"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
    for name in ("Cargo.lock", "config.toml", "rust-toolchain.toml", "README.md"):
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, folder / name)
    manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    for table in (r"\[lib\]", r"\[\[bench\]\]", r"\[\[test\]\]"):
        manifest = re.sub(rf"^{table}\n(?:[^\[\n][^\n]*\n|\n)*", "", manifest, flags=re.M)
    (folder / "Cargo.toml").write_text(manifest, encoding="utf-8")
    library = (folder / "src" / "lib.rs").read_text(encoding="utf-8")
    modules = re.findall(r"^pub (mod \w+;)$", library, re.M)
    main = "//! See lib.rs.\n" + "\n".join(modules) + "\nfn main() -> std::process::ExitCode { cli::main() }\n"
    (folder / "src" / "main.rs").write_text(main, encoding="utf-8")
    (folder / "src" / "lib.rs").unlink()


def dead(folder):
    """Names that the compiler finds unused, with their places."""
    command = ["cargo", "check", "--bin", "taizhang", "--message-format=json"]
    command += ["--target-dir", str(TARGET)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    for line in done.stdout.splitlines():
        message = json.loads(line).get("message")
        if not message or (message.get("code") or {}).get("code") != "dead_code":
            continue
        names = [span for span in message["spans"] if span["is_primary"]]
        for span in names:
            text = span["text"][0]
            name = text["text"][text["highlight_start"] - 1 : text["highlight_end"] - 1]
            yield name, f"{span['file_name']}:{span['line_start']}"


def is_tested(name):
    """Whether a test or a benchmark names it."""
    found = re.compile(rf"\b{re.escape(name)}\b")
    for path in [*ROOT.glob("tests/**/*.rs"), *ROOT.glob("benches/*.rs")]:
        if found.search(path.read_text(encoding="utf-8")):
            return True
    for path in ROOT.glob("src/**/*.rs"):
        text = path.read_text(encoding="utf-8")
        own = text if path.name == "tests.rs" or "/tests/" in str(path) else text.partition("#[cfg(test)]")[2]
        if found.search(own):
            return True
    return False


def main():
    # Always in one place: what cargo has checked there is not checked again.
    folder = TARGET / "unused"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    as_binary(folder)
    unused = sorted({(name, place) for name, place in dead(folder) if name not in WAITING and not is_tested(name)})
    for name, place in unused:
        print(f"{place}: nobody uses {name}")
    print(f"{len(unused)} unused")
    return 1 if unused else 0


if __name__ == "__main__":
    sys.exit(main())
