#!/bin/bash
# Who is active beyond a machine's death: a server that doesn't run, one that flaps, policies of return,
# what operators command, a start elsewhere, writes that wait for an operator, a client that was
# stopped for a while (D2-08, D2-12 .. D2-14, CX-06, CX-07, CX-11, CX-13, CX-14, CX-18, C-06, C-20, F-02,
# F-06, F-17). The client subscribes and asks for the status in a loop.
#
# usage: decisions.sh [BIN64]
. "$(dirname "$0")/evidence.sh"

items=200
no_policy=(returnPolicy=primary startPolicy=primary preferredMachine=0 readyPercent=0 flapLimit=0
    flapWindow=600000 acknowledge=none)
denied=0x80070005

# begin [SETTING=VALUE...] [-- OPTIONS of rmprobe...]: one client, both machines ready, nothing
# commanded, and all settings but these as by default.
begin()
{
    local settings=("${no_policy[@]}")
    started=$(now_ms)
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        settings+=("$1")
        shift
    done
    fresh warm "${settings[@]}"
    forget_commands
    probe_start --items $items --status-loop 20 "${@:2}"
    wait_all_ready
    wait_updates $items
}

# Only disabling forgets what was commanded; the client's next session begins without it.
forget_commands()
{
    must rmctl disable "$E2E_SERVER"
    must rmctl enable "$E2E_SERVER"
}

# order ARGUMENTS of rmctl...: must succeed.
order()
{
    local output
    output=$(rmctl "$@") || complain "rmctl $*: $output"
}

# refused TEXT ARGUMENTS of rmctl...: must fail, and say that.
refused()
{
    local output text=$1
    shift
    if output=$(rmctl "$@"); then
        complain "rmctl $*: succeeded"
    fi
    grep -qF -- "$text" <<<"$output" || complain "rmctl $*: it does not say '$text' but: $output"
}

# stays NUMBER: that machine is active, and still is when a return would be over: after six of the
# client's status lines, which come twice a second, whatever the quality of its data is.
stays()
{
    local lines
    lines=$(($(grep -c '^LIVE' "$probe_out") + 6))
    wait_until 20000 has_lived "$lines" || complain "the client says nothing"
    want "machine $1 stays active" is_active "$1"
}

has_lived()
{
    [ "$(grep -c '^LIVE' "$probe_out")" -ge "$1" ]
}

# cause TEXT: of the last promotion.
cause()
{
    [ "$(session_value lastCause)" = "$1" ] ||
        complain "the cause is $(session_value lastCause) instead of $1"
}

# finish NAME: nothing was lost, doubled, reordered or failed.
finish()
{
    probe_stop
    settle
    at_most failed_calls 0
    proof_figures
    row_end "decisions/$1" "$started"
}

# CX-11: it answers, but not with RUNNING, so it is left; it comes back, so it is returned to.
not_running()
{
    begin
    fault A not-ready 60
    wait_active 2 2000
    cause "not running"
    wait_status_event 'Server .* answers, but is not in the state RUNNING' 1000
    want "machine 1 is connected all the same" machine_is 1 connection up
    wait_updates $items
    want "machine 1 is not fit" machine_is 1 objection "its"
    fault A not-ready 0
    wait_active 1 5000
    cause return
    check "machine 1 was lost" "$(status_events 'Unable to retrieve status')" -eq 0
    finish not-running/left-and-returned-to
}

# F-06: two that don't run: one event, no ping-pong. The second one to fail stays active.
nobody_runs()
{
    begin
    fault B not-ready 60
    wait_machine 2 running false 2000
    fault A not-ready 60
    wait_status_event 'The active machine of server .* is at fault, but no other' 2000
    stays 1
    check "promotions" "$(session_value generation)" -eq 1
    check "events" "$(status_events 'The active machine of server')" -eq 1
    finish not-running/nobody-runs
}

# F-06: a standby that lacks the client's items is no place to go to, unless the active one is lost.
lacks_items()
{
    begin readyPercent=80
    must rmsim /fault B refuse-items 'Counters.*' on
    probe_again
    wait_machine 2 ready true 8000
    fault A not-ready 60
    wait_status_event 'The active machine of server .* is at fault, but no other' 2000
    stays 1
    must rmsim /fault B refuse-items 'Counters.*' off
    wait_active 2 20000 # it is asked again, ever less often
    cause "not running"
    finish items/ready-percent
}

fail_and_return()
{
    fault A kill
    wait_active 2 2000
    fault A clear
    wait_active 1 8000
}

# C-06: after the third promotion of A it is not returned to until the first one is out of the window.
flapping()
{
    begin flapLimit=3 flapWindow=15000
    fail_and_return
    fail_and_return
    wait_status_event 'Server .* has failed and come back too often (promotions: 3)' 1000
    fault A kill
    wait_active 2 2000
    fault A clear
    wait_machine 1 ready true 8000
    stays 2
    want "machine 1 is damped" machine_is 1 damped true
    wait_active 1 20000
    finish flapping/damped-and-returned-to-later
}

# return_policy POLICY: nobody goes back by itself; a command does (D2-13).
return_policy()
{
    begin "returnPolicy=$1"
    fault A kill
    wait_active 2 2000
    fault A clear
    wait_machine 1 ready true 8000
    stays 2
    order switch "$E2E_SERVER" 1
    wait_active 1 1000
    cause operator
    wait_status_event "Operator's command for server .*switch to machine 1 (user " 1000
    finish "return/$1"
}

# CX-06: a switch keeps, until it is taken back; a client that comes later begins there.
commanded()
{
    begin
    order switch "$E2E_SERVER" 2
    want "machine 2 is active" is_active 2
    stays 2
    probe_again
    check "promotions of the second client" "$(session_value generation)" -eq 1
    stays 2
    order automatic "$E2E_SERVER"
    wait_active 1 5000
    cause return
    finish operator/switch-keeps
}

# D2-13: not to a machine that is known to be bad, unless forced; and not to one that isn't there.
refused_and_forced()
{
    begin
    fault B not-ready 60
    wait_machine 2 running false 2000
    wait_status_event 'Server .* on secondary machine .* answers, but is not in the state RUNNING' 1000
    refused "its server is not in the state RUNNING" switch "$E2E_SERVER" 2
    wait_status_event 'The commanded switch of server .* to secondary machine .* was not made' 1000
    refused "no other machine is fit" switch "$E2E_SERVER"
    want "machine 1 is active" is_active 1
    probe_again
    want "a refused switch does not wait for later clients" is_active 1
    wait_machine 2 connection up 8000
    order switch "$E2E_SERVER" 2 --force
    want "machine 2 is active" is_active 2
    want "machine 2 is forced" machine_is 2 mode forced
    stays 2
    order automatic "$E2E_SERVER"
    wait_active 1 5000
    fault B kill
    wait_machine 2 connection down 2000
    refused "it is not connected" switch "$E2E_SERVER" 2 --force
    refused "must be" switch "$E2E_SERVER" 3
    want "machine 1 is active" is_active 1
    finish operator/refused-and-forced
}

# A machine in maintenance is left, serves when it is the last one, and is left again.
maintenance()
{
    begin
    order maintenance "$E2E_SERVER" 1 on
    wait_active 2 1000
    cause maintenance
    probe_again
    want "a client that comes now begins on machine 2" is_active 2
    check "promotions of that client" "$(session_value generation)" -eq 1
    fault B kill
    wait_active 1 2000
    fault B clear
    wait_active 2 8000
    stays 2
    order maintenance "$E2E_SERVER" 1 off
    wait_active 1 5000
    cause return
    finish operator/maintenance
}

# D2-14, CX-18: the preferred machine is the first one at the start, and home.
preferred()
{
    begin preferredMachine=2
    want "the client begins on machine 2" is_active 2
    fault B kill
    wait_active 1 2000
    fault B clear
    wait_active 2 8000
    cause return
    order prefer "$E2E_SERVER" 1
    wait_active 1 5000
    order prefer "$E2E_SERVER" setting
    wait_active 2 5000
    finish start/preferred-machine
}

# D2-12: the first machine that comes; with the other policy the client waits for the primary.
first_healthy()
{
    local policy
    begin
    probe_stop
    for policy in first primary; do
        must rmctl set "$E2E_SERVER" "startPolicy=$policy"
        wait_until 10000 has_no_process A || complain "an old process of A is still there"
        must rmsim /fault A slow IClassFactory.CreateInstance 3000
        probe_start --items $items --status-loop 20
        check "machine with policy $policy" "$(session_value active)" -eq "$([ $policy = first ] && echo 2 || echo 1)"
        probe_stop
    done
    fault A clear
    row_end start/first-healthy "$started"
}

# CX-07: after a switch clients' writes fail, until an operator has seen it.
acknowledged()
{
    begin acknowledge=writes -- --write-loop 50 --write-item Memory.I4
    check "failed writes before" "$(event_count 'failed call=IOPCSyncIO::Write')" -eq 0
    fault A kill
    wait_active 2 2000
    wait_status_event 'Server .* was switched to secondary machine .* and waits for an operator' 1000
    wait_updates $((items * 5))
    check "writes that reached B" "$(written B | wc -l)" -eq 0
    want "status says so" test "$(session_value writesHeld)" = true
    order acknowledge "$E2E_SERVER"
    wait_until 3000 has_written B || complain "no write after the acknowledgement"
    wait_status_event 'The switch of server .* was acknowledged by an operator' 1000
    want "status says so" test "$(session_value writesHeld)" = false
    probe_stop
    settle
    check "failed writes" "$(event_count 'failed call=IOPCSyncIO::Write')" -gt 0
    check "failed writes with another code than denied" \
        "$(grep -E '^EVENT .*failed call=IOPCSyncIO::Write ' "$probe_out" | grep -vcE "hr=($denied|0x800706)")" -eq 0
    check "other failed calls" "$(grep -E '^EVENT .*failed call=' "$probe_out" | grep -vc 'IOPCSyncIO::Write ')" -eq 0
    row_end acknowledge/writes "$started"
}

has_written()
{
    [ "$(written "$1" | wc -l)" -gt 0 ]
}

# The return waits for the operator.
return_waits()
{
    begin acknowledge=return
    fault A kill
    wait_active 2 2000
    fault A clear
    wait_machine 1 ready true 8000
    stays 2
    order acknowledge "$E2E_SERVER"
    wait_active 1 2000
    cause return
    finish acknowledge/return
}

# A client that did not run for some seconds has missed its pings, not its server.
stopped_client()
{
    local process
    begin
    process=$(client_process)
    kill -STOP "$process"
    wait_until 3000 false
    kill -CONT "$process"
    wait_status_event 'The checks of server .* were late by' 3000
    wait_updates $((items * 5))
    want "machine 1 is active" is_active 1
    check "promotions" "$(session_value generation)" -eq 1
    probe_stop
    at_most reordered 0
    row_end clock/stopped-client "$started"
}

# The unix process of our own client.
client_process()
{
    local process=$probe_pid child
    while child=$(pgrep -P "$process" | head -n 1) && [ -n "$child" ]; do
        process=$child
    done
    printf '%s' "$process"
}

# The client leaves, and another one comes; what the first has seen is judged as well.
probe_again()
{
    probe_stop
    settle
    at_most failed_calls 0
    wait_until 15000 has_no_session || complain "the old session is still there"
    probe_start --items $items --status-loop 20
    wait_updates $items
}

has_no_session()
{
    ! rmctl status --json | grep -q '"process":'
}

e2e_begin "$@"
machines_on
redundancy_on warm
not_running
nobody_runs
lacks_items
flapping
return_policy stay
return_policy command
commanded
refused_and_forced
maintenance
preferred
first_healthy
acknowledged
return_waits
stopped_client
redundancy_off
e2e_end
