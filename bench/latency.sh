#!/usr/bin/env bash
# How long people wait: start-up, receipt, re-merge, check; and what the running daemon takes. Prints a Markdown table.
#
#   bench/latency.sh
#
# Needs Python 3 with xlsxwriter (the ledgers). PYTHON and BENCH_DIR as for peers.sh.
set -euo pipefail
source "$(dirname "$0")/site.sh"

build_and_fill M
new_site "$work/latency" 500ms
# The daemon goes by the machine's clock, on which some days of the ledgers may lie ahead.
sed -i 's/^type = "dates"/&\nwithout = ["date-in-future"]/' "$work/latency/templates/programs/bench-surveys/program.toml"
exec "$python" "$here/latency.py" "$taizhang" "$work" "$now"
