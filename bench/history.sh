#!/usr/bin/env bash
# What a long history costs: `status`, start, and the memory of the daemon on a site of 300 units and 36 months.
#
#   bench/history.sh TAIZHANG [ROUNDS]      prints a Markdown table; seven rounds unless told otherwise
#
# TAIZHANG is a release build. The site is made by it (bench/history.py, less than a minute), in BENCH_DIR or a folder of
# its own that is removed afterwards. UNITS, MONTHS and SECONDS_RUNNING (how long the daemon runs) may be set.
# Needs Python 3 and nothing else.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
taizhang=$(realpath "${1:?which program? a release build of taizhang}")
python=${PYTHON:-python3}
if [ -n "${BENCH_DIR:-}" ]; then
    work=$BENCH_DIR
    mkdir -p "$work"
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
site=$work/history
if [ ! -d "$site" ]; then
    "$python" "$here/history.py" "$taizhang" "$site" --units "${UNITS:-300}" --months "${MONTHS:-36}" >&2
fi
exec "$python" "$here/history_figures.py" "$taizhang" "$site" "${2:-7}" "${SECONDS_RUNNING:-45}"
