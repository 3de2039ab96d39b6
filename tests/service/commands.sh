#!/bin/bash
# Operators' commands by way of the service: sessions follow, the log tells each of them once with the user's name,
# whoever wrote it and whatever becomes of the service. Under Wine everybody is an administrator: who may command is
# tested by the table of rights (tests/unit/test_wire.c).
#
# usage: commands.sh [BIN64 [BIN32]]
. "$(dirname "$0")/../e2e/evidence.sh"
. "$(dirname "$0")/lib.sh"

items=50
told="Operator's command for server '$E2E_SERVER'"

# order ARGUMENTS of rmctl...: must succeed.
order()
{
    local output
    output=$(rmctl "$@") || complain "rmctl $*: $output"
}

begin()
{
    started=$(now_ms)
    service_with_client warm
}

# second_start, second_stop: another client beside it.
second_start()
{
    rm -f "$RM_TMP/second.stop"
    : >"$RM_TMP/second.out"
    of_bits 64 rmprobe.exe "$E2E_SERVER" --items $items --rate 100 --period 100 --seconds 0 --live \
        --stop-file "$(windows_path "$RM_TMP/second.stop")" >"$RM_TMP/second.out" 2>&1 </dev/null &
    second_pid=$!
    wait_line "$RM_TMP/second.out" '^READY' 30000 || complain "no second client: $(tail -n 1 "$RM_TMP/second.out")"
    wait_until 10000 all_ready_twice || complain "not all machines are ready for both clients"
}

all_ready_twice()
{
    [ "$(rmctl status --json | grep -c '"ready": *true')" -eq 4 ]
}

second_stop()
{
    : >"$RM_TMP/second.stop"
    wait "$second_pid"
}

# commands: the texts of those that were told, without the user.
commands()
{
    events --event commanded --json | sed -nE "s/.*\"text\": ?\"$told: (.*) \(user .*\)\"\}$/\1/p"
}

# commands_are WORDS...: these, in this sequence, and no others.
commands_are()
{
    diff <(commands) <(printf '%s\n' "$@") >"$RM_TMP/commands.diff" ||
        complain "other commands than wanted (>): $(cat "$RM_TMP/commands.diff")"
}

# end_row NAME
end_row()
{
    leaves_unharmed
    service_kill
    row_end "service/commands/$1" "$started"
}

# One command, two sessions: one event, the service's, with the user as the system names him.
told_once()
{
    local user
    begin
    second_start
    order switch "$E2E_SERVER" 2
    wait_active 2 5000
    user=$(rmctl events "$E2E_SERVER" --event commanded | sed -nE 's/.*\(user (.*)\)\r?$/\1/p')
    check "commands told" "$(service_events "$told")" -eq 1
    check "commands told by the service" "$(events --event commanded --process rmservice.exe | wc -l)" -eq 1
    check "user" "$user" = "$(run_win64 whoami.exe 2>/dev/null | tr -d '\r' | head -n 1)"
    check "sessions whose status shows it" "$(status_events "$told: switch to machine 2 (user ")" -eq 2
    check "promotions" "$(events --event promoted | grep -c 'secondary machine')" -eq 2
    peer_bits=64
    check "a command that a program claims" "$(peer forge "$E2E_SERVER")" = answered
    check "commands told after that" "$(service_events "Operator's command")" -eq 1
    second_stop
    end_row told-once
}

# What is refused comes back, and leaves nothing behind.
refused()
{
    local output
    begin
    fault B not-ready 60
    wait_machine 2 running false 5000
    output=$(rmctl switch "$E2E_SERVER" 2) && complain "the switch was made"
    grep -q "its server is not in the state RUNNING" <<<"$output" || complain "it does not say why: $output"
    fault B clear
    second_start
    want "a refused switch is not kept for later clients" is_active 1
    second_stop
    check "a machine that there is not" "$(peer command 3 "$E2E_SERVER")" = "There is no such command of '$E2E_SERVER', or no machine 3."
    check "a server that is not enabled" "$(peer command 1 Peer.None.1)" = "'Peer.None.1' is not enabled on this computer; 'rmctl list' says what is."
    check "one by another program" "$(peer command 1 "$E2E_SERVER")" = "done"
    commands_are "switch to machine 2" "switch to machine 1"
    end_row refused
}

# Commands while the service is away: it tells them when it comes, in their sequence, and once.
service_away()
{
    begin
    service_kill
    order switch "$E2E_SERVER" 2
    wait_active 2 5000
    order maintenance "$E2E_SERVER" 1 on
    order maintenance "$E2E_SERVER" 1 off
    order automatic "$E2E_SERVER"
    wait_active 1 10000
    service_start
    wait_events "$told" 4 5000
    wait_event "Promoted active connection for server '$E2E_SERVER' to secondary machine" 10000
    commands_are "switch to machine 2" "maintenance of machine 1 begins" "maintenance of machine 1 ends" "back to automatic"
    service_kill
    service_start
    order prefer "$E2E_SERVER" 1
    commands_are "switch to machine 2" "maintenance of machine 1 begins" "maintenance of machine 1 ends" \
        "back to automatic" "prefer machine 1"
    reset_events
    service_kill
    service_start
    check "commands told again after --reset" "$(commands | wc -l)" -eq 0
    end_row service-away
}

# More commands than are kept, while the service is away: it tells how many it can't tell.
forgotten()
{
    local machine
    begin
    service_kill
    for machine in 2 1 2 1 2 1 2 1 2 1; do
        order prefer "$E2E_SERVER" $machine
    done
    service_start
    wait_events "$told: prefer machine" 8 5000
    check "forgotten commands told, first" "$(shown | grep -F "$told" | head -n 1)" = \
        "$told: 2 more before the next one were given while the service was away and are not known any more"
    check "commands told" "$(commands | tr '\n' ',')" = "$(printf 'prefer machine %s,' 2 1 2 1 2 1 2 1)"
    end_row forgotten
}

peer_bits=64
e2e_begin "$@"
machines_on
redundancy_on warm
told_once
refused
service_away
forgotten
redundancy_off
e2e_end
