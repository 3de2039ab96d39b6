#!/bin/bash
# What rmctl status shows of the service: each machine's monitor items and its own connection, who has switched, servers
# that no client has open; in its text, its table and its JSON; and a service that hangs, or isn't there.
#
# usage: status.sh [BIN64 [BIN32]]
. "$(dirname "$0")/../e2e/evidence.sh"
. "$(dirname "$0")/lib.sh"

items=50

monitored()
{
    must rmctl monitor "$E2E_SERVER" "$@"
}

# json: the status as lines PATH=VALUE; nothing if it is no JSON.
json()
{
    rmctl status --json >"$RM_TMP/status.json"
    awk -f "$RM_ROOT/tests/e2e/json.awk" "$RM_TMP/status.json"
}

# fact REGEX: a line of these, whole.
has_fact()
{
    json | grep -qxE -- "$1"
}

wait_fact()
{
    wait_until "${2:-10000}" has_fact "$1" || complain "the JSON does not have '$1': $(json | grep -E 'monitor|lastSwitch|watch|configured' | head -n 40)"
}

# shows TEXT: in the text.
shows()
{
    rmctl status | grep -qF -- "$1"
}

wait_shown()
{
    wait_until 10000 shows "$1" || complain "it does not show '$1' but: $(rmctl status)"
}

# table_shows TEXT: in the table that --watch has.
table_shows()
{
    rmctl status --watch --table --seconds 1 >"$RM_TMP/table.out"
    grep -qF -- "$1" "$RM_TMP/table.out" || complain "the table does not show '$1': $(tail -n 12 "$RM_TMP/table.out")"
}

begin()
{
    started=$(now_ms)
    service_with_client hot
}

end_row()
{
    [ -z "${probe_pid:-}" ] || leaves_unharmed
    [ -z "$service_pid" ] || service_kill
    row_end "service/status/$1" "$started"
}

me()
{
    run_win64 whoami.exe 2>/dev/null | tr -d '\r' | head -n 1
}

# Verdict, score and items of a machine; and that nothing is said where nothing is known.
verdicts()
{
    monitored add Memory.I4 --updateRate 100
    monitored add Memory.I2 --updateRate 100 --trigger notGood
    begin
    wait_fact 'servers\[0\]\.monitor\[0\]\.verdict=good'
    wait_fact 'servers\[0\]\.monitor\[1\]\.verdict=good'
    want "each is tested over a connection" has_fact 'servers\[0\]\.monitor\[0\]\.connection=connected'
    want "sessions that are registered" has_fact 'servers\[0\]\.registeredSessions=1'
    want "items of the settings" has_fact 'servers\[0\]\.monitorItems=2'
    want "the service runs" has_fact 'service\.running=true'
    wait_shown '  monitor 1    passed'
    fault A quality Memory.I4 bad
    wait_fact 'servers\[0\]\.monitor\[0\]\.verdict=bad'
    want "its score" has_fact 'servers\[0\]\.monitor\[0\]\.score=1'
    want "how many items" has_fact 'servers\[0\]\.monitor\[0\]\.itemsInError=1'
    want "which item" has_fact 'servers\[0\]\.monitor\[0\]\.inError=Memory\.I4'
    want "machine 2 is observed and good" has_fact 'servers\[0\]\.monitor\[1\]\.verdict=good'
    wait_shown '  monitor 1    IN ERROR, score 1; 1 of 2 items in error: Memory.I4'
    table_shows '  monitor 1   IN ERROR, score 1; 1 of 2 items in error: Memory.I4'
    table_shows 'the service runs'
    wait_fact 'servers\[0\]\.lastSwitch\.cause=monitor test'
    want "nobody commanded it" has_fact 'servers\[0\]\.lastSwitch\.automatic=true'
    wait_shown 'to machine 2: monitor test (rmprobe.exe), automatic'
    fault A quality Memory.I4 own
    end_row verdicts
}

# The service's connection is refused, as the machine takes one client; the session's is not.
not_observable()
{
    machine_on A --multiple --max-clients 1
    begin
    wait_fact 'servers\[0\]\.monitor\[0\]\.connection=failed' 20000
    want "it is not observable" has_fact 'servers\[0\]\.monitor\[0\]\.observable=false'
    want "why" has_fact 'servers\[0\]\.monitor\[0\]\.code=0x80040112'
    want "there is no verdict" has_fact 'servers\[0\]\.monitor\[0\]\.verdict=not tested'
    wait_shown '  monitor 1    not observable: the service has no connection (0x80040112)'
    table_shows '  monitor 1   not observable: the service has no connection (0x80040112)'
    wait_fact 'servers\[0\]\.monitor\[1\]\.verdict=good'
    want "it is active all the same" is_active 1
    end_row not-observable
    machines_on
}

# Who switched: by name, with the service and without it; still there when the client has gone.
by_whom()
{
    begin
    must rmctl switch "$E2E_SERVER" 2 >/dev/null
    wait_fact 'servers\[0\]\.lastSwitch\.cause=operator'
    check "by whom" "$(json | sed -n 's/^servers\[0\]\.lastSwitch\.by=//p')" = "$(me)"
    want "it was commanded" has_fact 'servers\[0\]\.lastSwitch\.automatic=false'
    wait_shown "to machine 2: operator (rmprobe.exe), commanded by $(me)"
    table_shows "to machine 2: operator (rmprobe.exe), commanded by "
    wait_until 1500 false # the service looks once a second
    leaves_unharmed
    probe_pid=
    wait_shown "no client has it open"
    wait_shown "to machine 2: operator (rmprobe.exe), commanded by $(me)"
    want "the switch, without a client" has_fact 'servers\[0\]\.lastSwitch\.machine=2'
    probe_start --items $items
    wait_all_ready
    must rmctl maintenance "$E2E_SERVER" 2 on >/dev/null
    wait_fact 'servers\[0\]\.lastSwitch\.cause=maintenance'
    service_kill
    wait_shown "to machine 1: maintenance (rmprobe.exe), commanded by $(me)"
    want "the service doesn't run" has_fact 'service\.running=false'
    check "what is said of monitor items without it" "$(json | grep -c monitor)" -eq 0
    wait_shown "The service does not run or does not answer."
    end_row by-whom
}

# Nobody has it open: it is tested all the same, if that is set, even where it isn't enabled.
without_clients()
{
    started=$(now_ms)
    monitored set --watchAlways yes
    fresh hot
    service_start
    wait_fact 'servers\[0\]\.monitor\[1\]\.verdict=good' 20000
    want "watched always" has_fact 'servers\[0\]\.watchAlways=true'
    want "no sessions" has_fact 'servers\[0\]\.registeredSessions=0'
    wait_shown "no client has it open"
    wait_shown "its monitor items are tested without clients, too"
    fault B quality Memory.I4 bad
    wait_shown '  monitor 2    IN ERROR, score 1; 1 of 2 items in error: Memory.I4'
    table_shows '  monitor 2   IN ERROR, score 1; 1 of 2 items in error: Memory.I4'
    fault B quality Memory.I4 own
    must rmctl disable "$E2E_SERVER"
    want "it is in the settings and not enabled" has_fact 'servers\[0\]\.enabled=no'
    want "it is configured" has_fact 'servers\[0\]\.configured=true'
    monitored set --watchAlways no
    wait_fact 'servers\[0\]\.monitor\[0\]\.connection=none'
    wait_shown '  monitor 1    not tested now'
    must rmctl enable "$E2E_SERVER"
    end_row without-clients
}

# A service that hangs costs a moment, and the rest is shown.
hung()
{
    local before
    begin
    kill -STOP "$service_pid"
    before=$(now_ms)
    rmctl status >"$RM_TMP/hung.out"
    check "ms that a status takes" $(($(now_ms) - before)) -le 4000
    grep -q "does not run or does not answer" "$RM_TMP/hung.out" || complain "it does not say so: $(tail -n 3 "$RM_TMP/hung.out")"
    grep -q "session .*rmprobe.exe" "$RM_TMP/hung.out" || complain "it does not show the session"
    table_shows 'the service does not answer'
    kill -CONT "$service_pid"
    wait_fact 'service\.running=true'
    end_row hung
}

e2e_begin "$@"
machines_on
redundancy_on hot
verdicts
not_observable
by_whom
without_clients
hung
redundancy_off
e2e_end
