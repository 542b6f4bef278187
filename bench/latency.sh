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
exec "$python" "$here/latency.py" "$taizhang" "$work" "$now"
