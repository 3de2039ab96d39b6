# The rig: each fault with each kind of work, in each mode, apartment and bitness, held against design.md
# 8. Sourced by tools/faults and tests/faults/run.sh; on top of tests/e2e/evidence.sh.
#
# A row is "FAULT MODE WORK APARTMENT cBITS sBITS": of the client and of the servers. One client, 1,000
# counters that change every 100 ms, its status all the time, and the work. cover.awk makes the rows,
# plays.sh says how a fault is played, switches.sh what it costs, judge.sh what must hold.
# shellcheck shell=bash
# shellcheck disable=SC2034 # e2e_ variables are those of tests/e2e/lib.sh

# shellcheck source=../e2e/evidence.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/evidence.sh"
# shellcheck source=plays.sh
. "$(dirname "${BASH_SOURCE[0]}")/plays.sh"
# shellcheck source=switches.sh
. "$(dirname "${BASH_SOURCE[0]}")/switches.sh"
# shellcheck source=judge.sh
. "$(dirname "${BASH_SOURCE[0]}")/judge.sh"
# shellcheck source=kills.sh
. "$(dirname "${BASH_SOURCE[0]}")/kills.sh"

rig_folder=$(dirname "${BASH_SOURCE[0]}")
rig_period_ms=100
# A long call excuses a machine that answers no ping; short, as the pings are.
rig_busy_grace_ms=1000
# A client that hangs costs its row, not the rig: all else in a row waits for some seconds at most.
e2e_probe_limit=150
# Callbacks are looked at four times a second, before and after a machine is asked for one.
rig_looks_ms=500
rig_keep= # a folder for what clients of failed rows have said
rig_servers=

# rig_list [VARIABLE=VALUE of cover.awk...]
rig_list()
{
    local word options=()
    for word in "$@"; do
        options+=(-v "$word")
    done
    awk "${options[@]}" -f "$rig_folder/cover.awk"
}

# rig_begin: the stage; the programs are there already.
rig_begin()
{
    e2e_record=1
    e2e_client_bits=64
    e2e_server_bits=64
    rig_servers=64
    rig_reports=$(reports_folder)
    machines_on
    redundancy_on warm --busyGrace $rig_busy_grace_ms --flapWindow 60000
    e2e_goes_on=1
}

rig_end()
{
    e2e_goes_on=
    redundancy_off
    e2e_end
}

# rig_rows: those of standard input, each with a line of the table, and how long it will take.
rig_rows()
{
    local rows=() n started
    mapfile -t rows
    started=$(now_ms)
    table_head
    for ((n = 0; n < ${#rows[@]}; n++)); do
        progress "$n" ${#rows[@]} "$started"
        # shellcheck disable=SC2086
        rig_row ${rows[n]}
    done
    progress_end
}

# rig_row FAULT MODE WORK APARTMENT CLIENT SERVER
rig_row()
{
    local fault=$1 mode=$2 work=$3 apartment=$4 client=${5#c} server=${6#s}
    rig_row_words="$*"
    if [ -z "${e2e_bin32:-}" ] && [[ "$client $server" == *32* ]]; then
        table_skip "no 32-bit programs"
        e2e_skipped=$((e2e_skipped + 1))
        return
    fi
    e2e_client_bits=$client
    # shellcheck disable=SC2046
    fresh "$mode" $(settings "$fault")
    if [ "$server" != "$rig_servers" ]; then
        rig_servers=
        e2e_server_bits=$server
        machines_on && rig_servers=$server
    fi
    if [ "$fault" = refuse ]; then
        fault A kill
    fi
    switches_forget
    work_options "$work"
    play_lasted_ms=0
    rig_status=
    rig_generation=1
    if probe_start --apartment "$apartment" --status-loop 20 "${work_options[@]}"; then
        if [ "$fault" != refuse ]; then
            wait_all_ready
            wait_active 1 10000
        fi
        switches_begin
        wait_updates $e2e_updates
        play "$fault" "$mode" "$work"
        rig_status=$(rmctl status --json)
    fi
    probe_stop
    judge "$fault" "$mode" "$work"
    table_row
}

# ---- the table ------------------------------------------------------------------------------------

table_format='%-4s %-17s %-4s %-12s %-3s %-3s %-3s |%5s %4s %5s |%4s %4s |%6s %6s %6s | %s\n'

table_head()
{
    # shellcheck disable=SC2059
    printf "$table_format" '' '' '' '' '' '' '' lost dbl reord wdbl unrp slow gap events verdict
}

# Counts the row, and sets $result and $verdict: what is wrong, value, and limit or what it should be.
rig_verdict()
{
    result=PASS verdict=OK
    if [ ${#e2e_complaints[@]} -gt 0 ]; then
        result=FAIL
        verdict=$(printf '; %s' "${e2e_complaints[@]}")
        verdict=${verdict:2}
        e2e_failed=$((e2e_failed + 1))
    else
        e2e_passed=$((e2e_passed + 1))
    fi
}

table_row()
{
    local result verdict text words
    rig_verdict
    read -r -a words <<<"$rig_row_words"
    # shellcheck disable=SC2059
    printf "$table_format" $result "${words[@]}" "$(proof lost)" "$(proof doubled)" "$(proof reordered)" \
        "$rig_writes_doubled" "$rig_writes_unreported" "$(proof slowest_call_ms)" "$(proof gap_ms)" \
        "$(rig_events)" "$verdict"
    if [ $result = FAIL ] && [ -n "$rig_keep" ]; then
        rig_keep_row "$rig_keep/${rig_row_words// /-}"
    fi
    e2e_complaints=()
    e2e_journal=
}

# rig_keep_row FOLDER
rig_keep_row()
{
    rm -rf "$1"
    mkdir -p "$1"
    cp "$RM_TMP"/probe.out "$RM_TMP"/probe.record "$RM_TMP"/machines.log "$RM_TMP"/journal/*.text \
        "$rig_reports"/*.json "$1" 2>/dev/null
    printf '%s\n' "$rig_status" >"$1/status.json"
    printf '%s\n' "${e2e_complaints[@]}" >"$1/complaints"
}

# table_skip WHY
table_skip()
{
    local words
    read -r -a words <<<"$rig_row_words"
    # shellcheck disable=SC2059
    printf "$table_format" SKIP "${words[@]}" - - - - - - - - "$1"
}

# progress DONE ALL STARTED_MS: on a terminal the line is overwritten by the row's.
progress()
{
    local left text
    left=$(((($(now_ms) - $3) / ($1 > 0 ? $1 : 1) * ($2 - $1) + 59999) / 60000))
    text="row $(($1 + 1)) of $2"
    [ "$1" -eq 0 ] || text+=", $left min left"
    if [ -t 1 ]; then
        printf '  %s\r' "$text"
    elif [ $(($1 % 10)) -eq 0 ]; then
        say "  $text"
    fi
}

progress_end()
{
    if [ -t 1 ]; then
        printf '%40s\r' ''
    fi
}
