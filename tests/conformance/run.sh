#!/bin/bash
# The conformance test's form for every day: all scripts, each client's bitness and apartment and each
# version of Data Access at least once, also across bitnesses; tools/conformance runs all combinations.
# Usage: run.sh [BIN64 [BIN32]]. Ends with "N passed, N failed, N skipped"; exit status 0 if nothing
# failed.
set -u
. "$(dirname "$0")/lib.sh"

# row BITS APARTMENT DA SERVER_BITS
row()
{
    local started name="conformance, $1 bit client in $2, Data Access $3, $4 bit server"
    started=$(now_ms)
    if [ -z "$e2e_bin32" ] && [[ "$1 $4" == *32* ]]; then
        say "SKIP $name: no 32-bit programs"
        e2e_skipped=$((e2e_skipped + 1))
        return
    fi
    conformance_run "$@" || complain "$conformance_figures"
    row_figures=$conformance_figures
    if [ ${#e2e_complaints[@]} -gt 0 ]; then
        conformance_complaints | head -n 60
    fi
    row_end "$name" "$started"
}

e2e_begin "$@"
e2e_machines=()
row 64 mta 2 64
row 32 sta 3 32
row 64 sta 3 32
row 32 mta 2 64
conformance_end
e2e_end
