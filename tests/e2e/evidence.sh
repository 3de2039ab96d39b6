# What machines and sessions say about themselves: the simulators' journals and log, the status that
# the session publishes. Sourced by tests/e2e/*.sh in place of lib.sh, not run.
#
# Rows hold what they see against it with `check`; each complaint says what was expected and found.
# shellcheck shell=bash

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# fresh MODE [SETTING=VALUE...]: all machines well, nobody's process left, nothing in journals and log,
# and clients that come from now on get these settings.
fresh()
{
    local name mode=$1
    shift
    for name in "${e2e_machines[@]}"; do
        fault "$name" clear
    done
    for name in "${e2e_machines[@]}"; do
        # One that nobody has called ends itself after 15 s.
        wait_until 20000 has_no_process "$name" || end_processes "$name"
    done
    rm -f "$RM_TMP"/journal/*
    : >"$RM_TMP/machines.log"
    must rmctl set "$E2E_SERVER" "mode=$mode" "$@"
}

# settings_taken SETTING=VALUE...: in the order of `rmctl help set`; the running client has them in force.
settings_taken()
{
    local text setting
    for setting in "$@"; do
        text+="${text:+, }${setting%%=*} ${setting#*=}"
    done
    must rmctl set "$E2E_SERVER" "$@"
    wait_status_event "New settings of server '$E2E_SERVER' are in force: $text\"" 3000
}

# end_processes NAME: that should have ended by themselves, so that they are this row's trouble only; and where
# their threads wait. Under Wine 8 one that was told to end itself has been seen to stay, answering nothing.
end_processes()
{
    local pid waits
    for pid in $(rmsim /fault "$1" status | sed -nE 's/^process.*\thost_pid=([0-9]+).*/\1/p'); do
        waits=$(for task in "/proc/$pid/task"/*; do printf '%s ' "$(cat "$task/wchan" 2>/dev/null)"; done)
        complain "an old process of $1 is still there; its threads wait in ${waits:-none}"
        if is_wine_process "$pid"; then
            kill -KILL "$pid" 2>/dev/null
        fi
    done
}

# check WHAT VALUE OPERATOR LIMIT: operators are those of [ ].
check()
{
    test "${2:-0}" "$3" "$4" || complain "$1: ${2:-nothing} is not $3 $4"
}

# want WHAT COMMAND...
want()
{
    local what=$1
    shift
    "$@" || complain "not so: $what"
}

# ---- the simulators -------------------------------------------------------------------------------

# journal NAME: of all processes that the machine had, the oldest first, in the words of rmsim /help.
journal()
{
    local file
    for file in "$RM_TMP/journal/$1"-*.journal; do
        if [ -e "$file" ]; then
            rmsim /journal "$(windows_path "$file")"
        fi
    done | sort -n -s -k 1,1
}

# journal_count NAME KIND: records of that kind; deliveries count once, with all their items.
journal_count()
{
    journal "$1" | awk -F '\t' -v kind="$2" \
        '$2 == kind && !(kind == "delivery" && $3 == last) { n++; last = $3 } END { print n + 0 }'
}

has_delivered()
{
    [ "$(journal_count "$1" delivery)" -gt "${2:-0}" ]
}

# items_of NAME: how many items the client's group has on that machine.
items_of()
{
    journal "$1" | awk -F '\t' '$2 == "item" && $5 ~ /^Counters/ { n++ } END { print n + 0 }'
}

# written NAME: the values that were written there, one per line, in their order.
written()
{
    journal "$1" | awk -F '\t' '$2 == "write" { print $1, $7 }' | cut -d ' ' -f 2
}

# log_count NAME TEXT
log_count()
{
    awk -v name="$1" -v text="$2" '$2 == name && index($0, text) { n++ } END { print n + 0 }' \
        "$RM_TMP/machines.log"
}

# log_at_least NAME TEXT N
log_at_least()
{
    [ "$(log_count "$1" "$2")" -ge "$3" ]
}

# starts: the machines whose servers were started, by name, in their order.
starts()
{
    awk '/ start: (single|multiple) use/ { printf "%s%s", n++ ? " " : "", $2 }' "$RM_TMP/machines.log"
}

# calls NAME: how many its processes were given, pings among them.
calls()
{
    rmsim /fault "$1" status | sed -nE 's/^process.*\tcalls=([0-9]+).*/\1/p' |
        awk '{ n += $1 } END { print n + 0 }'
}

# ---- the session ----------------------------------------------------------------------------------

# session_value KEY
session_value()
{
    rmctl status --json | sed -nE "s/^ *\"$1\": \"?([^\",]*)\"?,?\$/\\1/p" | head -n 1
}

# status_events TEXT: how many of the sessions' last events begin with it.
status_events()
{
    rmctl status --json | grep -c "\"text\": \"$1"
}

has_status_event()
{
    [ "$(status_events "$1")" -gt 0 ]
}

# wait_status_event TEXT MS
wait_status_event()
{
    wait_until "$2" has_status_event "$1" || complain "no event within $2 ms: $1"
}

# status_has TEXT
status_has()
{
    rmctl status "$E2E_SERVER" | grep -qF -- "$1"
}

# machine_value NUMBER KEY
machine_value()
{
    rmctl status --json | awk -v number="\"number\": $1," -v key="\"$2\":" '
        index($0, number) { is_it = 1 }
        is_it && $1 == key { gsub(/[",]/, "", $2); print $2; exit }'
}

# machine_is NUMBER KEY VALUE
machine_is()
{
    [ "$(machine_value "$1" "$2")" = "$3" ]
}

# wait_machine NUMBER KEY VALUE MS
wait_machine()
{
    wait_until "$4" machine_is "$1" "$2" "$3" ||
        complain "machine $1: $2 was not $3 within $4 ms but $(machine_value "$1" "$2")"
}

# ping_takes NUMBER OPERATOR MS: by the last ping's answer.
ping_takes()
{
    test "$(machine_value "$1" latencyUs)" "$2" "${3}000"
}

# reports_folder: where the black box leaves its reports, as Linux sees it.
reports_folder()
{
    printf '%s' "$WINEPREFIX/drive_c/ProgramData/RedundancyMaster/blackbox"
}

# ---- another client -------------------------------------------------------------------------------

# holder_start PROGID: a client of that server itself, until holder_stop.
holder_start()
{
    holder_file=$RM_TMP/holder.stop
    rm -f "$holder_file"
    : >"$RM_TMP/holder.out"
    RM_WINE_LIMIT=600 of_bits 64 rmprobe.exe "$1" --items 1 --seconds 0 --live \
        --stop-file "$(windows_path "$holder_file")" >"$RM_TMP/holder.out" 2>&1 </dev/null &
    holder_pid=$!
    wait_line "$RM_TMP/holder.out" '^READY' 30000 || complain "nobody holds $1: $(tail -n 1 "$RM_TMP/holder.out")"
}

holder_stop()
{
    : >"$holder_file"
    wait "$holder_pid"
}

# ---- a play of two machines -----------------------------------------------------------------------

# a_dies ITEMS: the client, of so many counters, goes on with B.
a_dies()
{
    fault A kill
    wait_active 2 5000
    wait_updates $(($1 * 5))
}

# a_returns ITEMS
a_returns()
{
    fault A clear
    wait_active 1 15000
    wait_updates $(($1 * 5))
}

# leaves_unharmed: the client, and it has seen nothing bad.
leaves_unharmed()
{
    probe_stop
    settle
    at_most failed_calls 0
    at_most bad_updates 0
    row_figures="gap_ms=$(proof gap_ms)"
}

period_ms=100 # of the client's items, where a script says nothing else

# survives FAULT MODE: the client's whole run, which had such a fault of the active machine in it, and in which
# none of its calls has failed. Its items change every $period_ms.
survives()
{
    probe_stop
    settle
    at_most failed_calls 0
    at_most gap_ms $((period_ms + $(detection_ms "$1") + $(margin_ms "$2")))
    [ "$2" != hot ] || at_most lost 0
    proof_figures
}

# unharmed: in which nothing was lost.
unharmed()
{
    survives none warm
    at_most lost 0
    at_most bad_updates 0
}

# ---- the client -----------------------------------------------------------------------------------

# callbacks: how many the client got, by its report.
callbacks()
{
    sed -nE 's/^subscription: .* ([0-9]+) callbacks.*/\1/p' "$probe_out"
}

# method_failed METHOD: how many of its calls failed, by the client's report.
method_failed()
{
    awk -v name="$1" '$1 == name { print $NF }' "$probe_out"
}

# event_count REGEX: of the client's EVENT lines.
event_count()
{
    grep -cE "^EVENT .*$1" "$probe_out"
}

# settle: what was wrong in the client's whole run, whatever happened in it.
settle()
{
    at_most doubled 0
    at_most reordered 0
    at_most async_answers_too_many 0
    at_most protocol_errors 0
}

# short_calls MS: none of the client's took longer, its last Release among them, and none failed.
short_calls()
{
    settle
    at_most slowest_call_ms "$1"
    at_most failed_calls 0
    row_figures="slowest_call_ms=$(proof slowest_call_ms)"
}

# limit_ms MODE: of a short call while the active machine hangs; in cold mode the next one is started first.
limit_ms()
{
    local most=$((e2e_ping_interval + e2e_ping_timeout + 100))
    [ "$1" != cold ] || most=$((most + $(margin_ms cold)))
    printf '%d' $most
}

# ---- the client's record --------------------------------------------------------------------------

# With e2e_record=1 each row's client records what it gets, and probe_stop fails the row unless what
# record.awk says holds against the journals of all machines. A row begins with `fresh`, as the journals
# must have nothing of an earlier client.

# milliseconds TIME: of the journals, from "2026-01-31T12:00:00.000Z".
milliseconds()
{
    printf '%s' $(($(date -u -d "$1" +%s%3N) - $(date -u -d 2026-01-01 +%s%3N)))
}

# The session's promotions, one per line: its time and the machine's number; 0 where the active machine
# was lost or shuts down, until another one is promoted. A server that lives on may go on sending then.
promotions()
{
    rmctl status --json | awk -F '"' '
        function number_in(text)
        {
            sub(/^machine /, "", text)
            return text ~ /^primary/ ? 1 : text ~ /^secondary/ ? 2 : text + 0
        }
        $2 == "time" { time = $4 }
        $2 == "text" && $4 ~ /^Promoted active connection/ {
            sub(/.* to /, "", $4)
            print time, active = number_in($4)
        }
        $2 == "text" && $4 ~ /^(Unable to retrieve status|Received shutdown notification)/ {
            sub(/^.* on /, "", $4)
            if (number_in($4) == active) print time, active = 0
        }'
}

# record_promotions: who was active when; while the session is still there.
record_promotions()
{
    local time number
    e2e_promotions=
    while read -r time number; do
        e2e_promotions+=" $(milliseconds "$time"):$(if [ "$number" -gt 0 ]; then echo "${e2e_machines[number - 1]}"; else echo -; fi)"
    done < <(promotions)
    [ -n "$e2e_promotions" ] || complain "the session does not say who was active"
}

# record_print: all journals as text, in $RM_TMP/journal. Wine (8.0) ends one program in a thousand at its
# start, without a word: that one is started again.
record_print()
{
    local file left
    rm -f "$RM_TMP"/journal/*.text
    for file in "$RM_TMP"/journal/*.journal; do
        left=3
        until [ $left -eq 0 ] ||
            run_win64 "$e2e_bin/rmsim.exe" /journal "$(windows_path "$file")" >"$file.text" 2>&1 </dev/null; do
            left=$((left - 1))
        done
        [ $left -gt 0 ] || complain "a journal can't be read: $(tail -n 1 "$file.text")"
    done
}

# record_judge: once the client has left.
record_judge()
{
    local line output=$RM_TMP/record.out
    record_print
    awk -v promotions="$e2e_promotions" -v clocks_differ="${e2e_clocks_differ:-0}" \
        -f "$(dirname "${BASH_SOURCE[0]}")/record.awk" "$RM_TMP/probe.record" "$RM_TMP"/journal/*.text \
        >"$output" 2>&1
    e2e_journal=$(grep -oE '^journal=(ok|FAIL)' "$output")
    [ "$e2e_journal" = journal=ok ] || while read -r line; do
        complain "$line"
    done <"$output"
}
