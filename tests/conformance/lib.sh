# The stage of the conformance test: simulated machines that stay the same for the direct client and for
# the one that comes through RedundancyMaster, and rmcall as that client. Sourced by tools/conformance
# and tests/conformance/run.sh; on top of tests/e2e/lib.sh.
#
# Each version of Data Access and bitness of the server has machines of its own, K<da><bits>A and B;
# those of the difficult server are D<da><bits>A and B, those that show both sides of a disagreement
# between the specifications C<da><bits> and O<da><bits>, those with all optional interfaces F<da><bits>,
# those with none R<da><bits>. A and B show the memory of one plant.
# They are shared by all clients (--multiple) and never killed while others use them: Wine's activation
# would not get over it. Those that are to be killed are a process for each client and have names of
# their own.
# shellcheck shell=bash

# shellcheck source=../e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"

conformance_calls=0
conformance_different=0
conformance_listed=0
conformance_scripts=("$RM_ROOT"/tests/conformance/scripts/*.txt)
conformance_staged=()
conformance_server=pleasant   # or difficult, dialect, other-dialect, full, required
conformance_sharing=--multiple # or --single: machines that are killed
conformance_quiet_ms=100000 # more than rmcall itself waits for a call

# All that a server may do and a client does not expect.
conformance_difficult=(--apartment sta --odd-rates --max-groups 20 --batch 2 --early-callbacks
    --vendor-codes --unicode --high-handles --refuse-items 'Walk.*')

# conformance_choose SERVER: it, and the scripts for it. A difficult server's small callbacks bring together
# what the moment wants, so what asks for callbacks of several items is not for it.
conformance_choose()
{
    local scripts=$RM_ROOT/tests/conformance/scripts
    conformance_server=$1
    case $1 in
        difficult) conformance_scripts=("$scripts"/{server,group,items,sync}.txt "$scripts"/difficult/*.txt) ;;
        dialect) conformance_scripts=("$scripts"/dialect/*.txt) ;;
        other-dialect) conformance_scripts=("$scripts"/dialect/*.txt "$scripts"/dialect/other/*.txt) ;;
        full) conformance_scripts=("$scripts"/optional/*.txt) ;;
        *) conformance_scripts=("$scripts"/*.txt) ;;
    esac
}

# conformance_name DA SERVER_BITS: what its machines are called, without A and B.
conformance_name()
{
    case $conformance_server$conformance_sharing in
        difficult--multiple) printf 'D%s%s' "$1" "$2" ;;
        difficult--single) printf 'E%s%s' "$1" "$2" ;;
        dialect--multiple) printf 'C%s%s' "$1" "$2" ;;
        dialect--single) printf 'P%s%s' "$1" "$2" ;;
        other-dialect--multiple) printf 'O%s%s' "$1" "$2" ;;
        other-dialect--single) printf 'Q%s%s' "$1" "$2" ;;
        full--multiple) printf 'F%s%s' "$1" "$2" ;;
        full--single) printf 'G%s%s' "$1" "$2" ;;
        required--multiple) printf 'R%s%s' "$1" "$2" ;;
        required--single) printf 'T%s%s' "$1" "$2" ;;
        *--single) printf 'S%s%s' "$1" "$2" ;;
        *) printf 'K%s%s' "$1" "$2" ;;
    esac
}

# conformance_stage DA SERVER_BITS: its machines and their redundancy, once.
conformance_stage()
{
    local da=$1 bits=$2 name which habits=()
    name=$(conformance_name "$da" "$bits")
    for which in "${conformance_staged[@]}"; do
        [ "$which" != "$name" ] || return 0
    done
    conformance_staged+=("$name")
    case $conformance_server in
        difficult) habits=("${conformance_difficult[@]}") ;;
        dialect) habits=(--security) ;;
        other-dialect) habits=(--security --other-dialect) ;;
        full) habits=(--public-groups --persist --security --enum-connections --async-delay 300) ;;
        required)
            habits=(--required-only)
            [ "$da" = 2 ] || da=3only
            ;;
    esac
    for which in A B; do
        must capture of_bits "$bits" rmsim.exe /regserver "$name$which" \
            "$conformance_sharing" --plant "$name" --da "$da" ${habits[@]+"${habits[@]}"}
        must rmsim /fault "$name$which" clear
    done
    # Slow pings: no call of a script is to be taken for a dead machine, and it is calls that find out that
    # one is gone; a ping that does while a write is out makes its outcome unknown, rightly. No return after
    # a switch: one switch is what is shown.
    must rmctl add "RMSim.${name}A.1" --machine localhost --machine "localhost/RMSim.${name}B.1" \
        --mode warm --pingInterval 60000 --pingTimeout 5000 --returnDelay 600000 --reconnectInterval 250
    must rmctl enable "RMSim.${name}A.1"
}

conformance_end()
{
    local name which
    for name in "${conformance_staged[@]}"; do
        rmctl disable "RMSim.${name}A.1" >/dev/null
        rmctl remove "RMSim.${name}A.1" >/dev/null
        for which in A B; do
            rmsim /fault "$name$which" kill --away >/dev/null 2>&1
            rmsim /fault "$name$which" clear >/dev/null 2>&1
            rmsim /unregserver "$name$which" >/dev/null 2>&1
        done
    done
}

# conformance_watch: until the client has ended. One that has said that it crashed or hangs, or has said
# nothing for long, is ended: what crashes under Wine can stay as a process without its first thread.
conformance_watch()
{
    local idle size=0 now quiet_since
    quiet_since=$(now_ms)
    exec {idle}<> <(:)
    while kill -0 "$RM_CHILD" 2>/dev/null; do
        read -r -t 0.2 -u "$idle" || true
        now=$(stat -c %s "$conformance_log")
        if [ "$now" != "$size" ]; then
            size=$now
            quiet_since=$(now_ms)
        fi
        if grep -qE '^(CRASHED|HUNG)' "$conformance_log"; then
            read -r -t 2 -u "$idle" || true
            kill -KILL -- "-$RM_CHILD" 2>/dev/null
        elif [ $(($(now_ms) - quiet_since)) -gt "$conformance_quiet_ms" ]; then
            printf 'HUNG the client: it has said nothing for %s s\n' \
                $((conformance_quiet_ms / 1000)) >>"$conformance_log"
        fi
    done
    exec {idle}<&-
}

# conformance_run BITS APARTMENT DA SERVER_BITS [OPTIONS of rmcall...]: all scripts; $conformance_log has
# what rmcall said. Adds to the totals; 0 if nothing differs that isn't listed.
conformance_run()
{
    local bits=$1 apartment=$2 da=$3 server_bits=$4 name status=0 files=() file totals loader program
    name=$(conformance_name "$da" "$server_bits")
    shift 4
    for file in ${conformance_scripts[@]+"${conformance_scripts[@]}"}; do
        files+=("$(windows_path "$file")")
    done
    conformance_log=$RM_TMP/rmcall.log
    conformance_stage "$da" "$server_bits"
    loader=$RM_WINE64
    program=$e2e_bin/rmcall.exe
    if [ "$bits" = 32 ]; then
        loader=$RM_WINE32
        program=$e2e_bin32/rmcall.exe
    fi
    : >"$conformance_log"
    WINELOADER=$loader start_bounded "${conformance_limit:-1800}" "$loader" "$program" \
        --server "${name}A" \
        --standby "${name}B" --apartment "$apartment" --da "$da" \
        --allowed "$(windows_path "$RM_ROOT/tests/conformance/differences.txt")" "$@" \
        ${files[@]+"${files[@]}"} >>"$conformance_log" 2>&1
    conformance_watch
    wait "$RM_CHILD" 2>/dev/null || status=$?
    RM_CHILD=
    totals=$(grep -E '^scripts=[0-9]+ calls=' "$conformance_log" | tr -d '\r' | tail -n 1)
    if [ -z "$totals" ]; then
        # shellcheck disable=SC2034 # read by those who source this
        conformance_figures="no totals: rmcall ended with status $status"
        return 1
    fi
    # shellcheck disable=SC2034
    conformance_figures=$totals
    read -r -a totals <<<"${totals//[!0-9 ]/}"
    conformance_calls=$((conformance_calls + totals[1]))
    conformance_different=$((conformance_different + totals[2]))
    conformance_listed=$((conformance_listed + totals[3]))
    return "$status"
}

# What is wrong of the last run.
conformance_complaints()
{
    grep -E '^(DIFFERENT|BROKEN|CRASHED|HUNG|NOT NEEDED|LEAK|rmcall:)' "$conformance_log" | tr -d '\r'
}
