#!/usr/bin/env bash
# Everything side by side in one go on set M: read, check and merge 1,000 ledgers of 100 rows.
#
#   bench/peers.sh [ROUNDS]          three rounds unless told otherwise; prints a Markdown table
#   PEERS="floor taizhang" bench/peers.sh 5
#
# Needs Python 3 with xlsxwriter (the ledgers), pandas, openpyxl and python-calamine (the peers); PYTHON names another
# interpreter, BENCH_DIR another place to work in. `settle` is 10 ms here: by default a pass waits two seconds, which is
# no work. A site is made anew for every round, outside the measured time, and none is removed before the last
# round: ext4 is slow to make files for some seconds after thousands were deleted.
set -euo pipefail
source "$(dirname "$0")/site.sh"

rounds=${1:-3}
peers=${PEERS:-floor taizhang pandas-calamine pandas-openpyxl}
build_and_fill M
table=$work/peers.tsv
rm -rf "$work/peers"
sleep 6
rm -f "$table"

measure() {
    sync
    sleep 6
    "$python" "$here/measure.py" "$table" "$@"
}

for round in $(seq "$rounds"); do
    for peer in $peers; do
        echo "$peer, load $(cut -d' ' -f1 /proc/loadavg)" >&2
        case $peer in
            floor) measure "plain Rust floor" "$target/release/floor" "$work/M" "$work/floor.xlsx" ;;
            pandas-calamine) measure "pandas + calamine → xlsxwriter" "$python" "$here/peers.py" calamine "$work/M" "$work/pandas.xlsx" ;;
            pandas-openpyxl) measure "pandas + openpyxl" "$python" "$here/peers.py" openpyxl "$work/M" "$work/pandas.xlsx" ;;
            taizhang)
                site=$work/peers/site-$round
                new_site "$site"
                # The forms of the period lie ready before anybody fills one in.
                RUST_LOG=warn "$taizhang" --config "$site/config.toml" --now "$now" run --once >/dev/null
                drop_all "$work/M" "$site"
                RUST_LOG=warn measure "taizhang run --once" "$taizhang" --config "$site/config.toml" --now "$now" run --once
                accepted=$("$taizhang" --config "$site/config.toml" --now "$now" status --period 2026 --format json |
                    "$python" -c 'import json, sys; print(sum(u["state"] == "accepted" for u in json.load(sys.stdin)["units"]))')
                [ "$accepted" = 1000 ] || { echo "only $accepted of 1000 were accepted" >&2; exit 1; }
                ;;
        esac
    done
done
"$python" "$here/table.py" "$table" "plain Rust floor"
