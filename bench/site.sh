# Sourced by the benchmark scripts: where things are, and how a site for them is made.
# shellcheck shell=bash

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(dirname "$here")
target=${CARGO_TARGET_DIR:-$project/target}
work=${BENCH_DIR:-$target/bench}
python=${PYTHON:-python3}
taizhang=$target/release/taizhang
folder=调研台账
now=2026-12-20T09:00:00+08:00

# Builds what is measured, and writes the ledgers of a set unless they are there: build_and_fill M ONE …
build_and_fill() {
    cargo build --release --quiet --manifest-path "$project/Cargo.toml"
    cargo build --release --quiet --manifest-path "$here/floor/Cargo.toml" --target-dir "$target"
    mkdir -p "$work"
    local set
    for set in "$@"; do
        [ -d "$work/$set" ] || "$python" "$here/gen.py" "$set" "$work/$set"
    done
    [ -d "$work/M2" ] || "$python" "$here/gen.py" M "$work/M2" --seed 2
}

# Makes a site anew, with the benchmark's programme and nothing else: new_site DIR [SETTLE]
new_site() {
    local site=$1 settle=${2:-10ms}
    rm -rf "$site"
    "$taizhang" init "$site" --program wutang-visits >/dev/null
    rm -r "$site/templates/programs"/*
    mkdir "$site/templates/programs/bench-surveys"
    cp "$here/program/program.toml" "$site/templates/programs/bench-surveys/"
    "$python" "$here/gen.py" M --roster "$site/templates/programs/bench-surveys/roster.csv"
    sed -i "s/^settle = .*/settle = \"$settle\"/" "$site/config.toml"
}

# Puts every ledger of a folder into its unit's folder: drop_all FROM SITE
drop_all() {
    local file name
    for file in "$1"/*.xlsx; do
        name=$(basename "$file" .xlsx)
        mkdir -p "$2/watch/$folder/$name"
        cp "$file" "$2/watch/$folder/$name/"
    done
}
