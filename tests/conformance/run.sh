#!/bin/bash
# The conformance test's form for every day: all scripts, each client's bitness and apartment and each
# version of Data Access at least once, also across bitnesses; tools/conformance runs all combinations.
# Usage: run.sh [BIN64 [BIN32]]. Ends with "N passed, N failed, N skipped"; exit status 0 if nothing
# failed.
set -u
. "$(dirname "$0")/lib.sh"

# row WHAT BITS APARTMENT DA SERVER_BITS [OPTIONS of rmcall...]
row()
{
    local started name="conformance: $1, $2 bit client in $3, Data Access $4, $5 bit server"
    shift
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
conformance_limit=300
row "all scripts" 64 mta 2 64 --seed 1 --seeds 5
row "all scripts" 32 sta 3 32 --seed 6 --seeds 5
row "all scripts" 64 sta 3 32 --seed 11 --seeds 5
row "all scripts" 32 mta 2 64 --seed 16 --seeds 5
row "a switch now and then" 64 mta 3 64 --switch 97
conformance_scripts=("$RM_ROOT"/tests/conformance/scripts/async.txt)
row "a switch now and then" 64 mta 2 64 --switch 47
conformance_scripts=()
row "four threads" 64 mta 2 64 --seed 1 --seeds 20 --threads 4
conformance_choose difficult
row "a difficult server" 64 mta 2 64
row "a difficult server" 32 sta 3 64
# Where the specifications disagree: what a client sees is what its server does, be that one or the other.
conformance_choose dialect
row "a server of one dialect" 64 mta 2 64
row "a server of one dialect" 64 sta 3 64
conformance_choose other-dialect
row "a server of the other dialect" 64 sta 2 64
row "a server of the other dialect" 32 mta 3 64
# All optional interfaces, and none.
conformance_choose full
row "a server of all interfaces" 64 mta 2 64
row "a server of all interfaces" 64 sta 3 32
row "a server of all interfaces" 32 sta 2 64
row "a server of all interfaces" 32 mta 3 64
conformance_scripts=("$RM_ROOT"/tests/conformance/scripts/{server,group,common,browse,da3server,da3group}.txt)
conformance_server=required
row "a server without optional interfaces" 64 mta 2 64
row "a server without optional interfaces" 64 sta 3 64
row "a server without optional interfaces" 32 mta 3 64
conformance_end
e2e_end
