#!/bin/bash
# Monitor items: the service tests them on each machine, and the sessions follow its verdict. Here the machines
# answer all the time, so that only the verdict can be the reason of a switch.
#
# usage: monitor.sh [BIN64 [BIN32]]
# shellcheck source=../e2e/evidence.sh
. "$(dirname "$0")/../e2e/evidence.sh"
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=items.sh
. "$(dirname "$0")/items.sh"

# The machines are tested side by side: either may be the first to have passed.
first_tests_in_order()
{
    awk 'NR == 4 { first = $0; next }
         NR == 5 { print first ~ /secondary/ ? $0 "\n" first : first "\n" $0; next }
         { print }'
}

# RM-170, RM-253, RM-255: an item goes bad on A; the session goes to B, and returns by policy.
bad_quality()
{
    local mode=$1
    prepare
    monitored add Memory.I4 --updateRate 100
    play "$mode"
    wait_event "$passed_on primary machine" 5000
    wait_event "$passed_on secondary machine" 5000
    fault A quality Memory.I4 bad
    wait_event "$error_on primary machine" 5000
    wait_active 2 5000
    wait_cause "monitor test"
    wait_updates 50
    fault A quality Memory.I4 own
    wait_events "$passed_on primary machine" 2 5000
    wait_active 1 10000
    wait_events "to primary machine" 2 5000
    # As the documents show it (K14:475-482), but that the first promotion is told, too.
    is_shown first_tests_in_order <<END
Connected to 'RMSim.A.1' on primary machine 'localhost'.
Promoted active connection for server 'RMSim.A.1' to primary machine 'localhost'
Connected to 'RMSim.A.1' on secondary machine 'localhost'.
Monitor item test passed for 'RMSim.A.1' on primary machine 'localhost'
Monitor item test passed for 'RMSim.A.1' on secondary machine 'localhost'
Monitor item test in error for 'RMSim.A.1' on primary machine 'localhost'
Promoted active connection for server 'RMSim.A.1' to secondary machine 'localhost'
Monitor item test passed for 'RMSim.A.1' on primary machine 'localhost'
Promoted active connection for server 'RMSim.A.1' to primary machine 'localhost'
END
    check "errors in Windows' event log" "$(grep -c "rmservice.exe .*$error_on primary machine" "$RM_TMP/service.out")" -eq 1
    wait_updates 50
    play_end "bad-quality-$mode"
}

# RM-163: two of three; the third makes no difference.
failure_count()
{
    prepare
    monitored add Memory.I1 --updateRate 100
    monitored add Memory.I2 --updateRate 100 --trigger notGood
    monitored add Memory.I4 --updateRate 200
    monitored set --failureCount 2
    play hot
    fault A quality Memory.I1 bad
    wait_updates 200
    check "errors with one item" "$(service_events "$error_on")" -eq 0
    fault A quality Memory.I2 uncertain
    wait_event "$error_on primary machine" 5000
    wait_active 2 5000
    fault A quality Memory.I4 bad
    wait_updates 50
    check "errors told" "$(service_events "$error_on")" -eq 1
    play_end failure-count
}

# RM-171: what is written to A's memory is in error there.
value()
{
    prepare
    monitored add Memory.I4 --updateRate 100 --trigger value --operator greater --value 0
    machine_on A --plant A
    machine_on B --plant B
    play hot
    must of_bits 64 rmprobe.exe "$E2E_SERVER" --clsctx local --items 1 --seconds 1 --write-loop 100 \
        --write-item Memory.I4
    wait_event "$error_on primary machine" 5000
    wait_active 2 5000
    wait_cause "monitor test"
    rmctl monitor "$E2E_SERVER" test >"$RM_TMP/test.out"
    grep -q "in error  *good  *Memory.I4 = [1-9]" "$RM_TMP/test.out" || complain "rmctl monitor test does not show it: $(cat "$RM_TMP/test.out")"
    grep -q "well  *good  *Memory.I4 = 0" "$RM_TMP/test.out" || complain "rmctl monitor test does not show B: $(cat "$RM_TMP/test.out")"
    play_end value
    machines_on
}

# RM-174, RM-175: the time is put right, and a value that stands still is in error.
no_change()
{
    prepare
    monitored add Random.Walk1 --updateRate 500 --trigger noChange --time 1
    rmctl monitor "$E2E_SERVER" list | grep -q 'time=1000' || complain "the time was not put right"
    play warm
    fault A freeze Random.Walk1
    wait_event "$error_on primary machine" 10000
    wait_active 2 5000
    fault A unfreeze Random.Walk1
    wait_events "$passed_on primary machine" 2 10000
    wait_active 1 10000
    play_end no-change
}

# RM-177, RM-241: an item that A doesn't know; it is tried again.
refused_item()
{
    prepare
    monitored add Memory.I2 --updateRate 100
    play hot
    service_kill
    fault A refuse-items Memory.I2 on
    service_start
    wait_event "Attempt to add monitor item 'Memory.I2' for '$E2E_SERVER' on primary machine 'localhost' failed." 20000
    wait_event "$error_on primary machine" 5000
    wait_active 2 5000
    fault A refuse-items Memory.I2 off
    wait_event "$passed_on primary machine" 15000
    check "refusals told" "$(service_events 'Attempt to add monitor item')" -eq 1
    wait_active 1 10000
    play_end refused-item
}

# F-06: both are in error: it stays, and says so once.
both_bad()
{
    prepare
    monitored add Memory.I4 --updateRate 100
    play hot
    fault B quality Memory.I4 bad
    wait_event "$error_on secondary machine" 10000
    fault A quality Memory.I4 bad
    wait_event "$error_on primary machine" 10000
    wait_status_event "The active machine of server" 5000
    wait_updates 100
    is_active 1 || complain "it did not stay on A"
    check "times that no machine was better" "$(status_events 'The active machine of server')" -eq 1
    play_end both-bad
}

# F-12: a service that dies takes its verdicts along, so that no machine is shunned for ever.
service_dies()
{
    prepare
    monitored add Memory.I4 --updateRate 100
    play hot
    fault A quality Memory.I4 bad
    wait_active 2 10000
    service_kill
    wait_active 1 15000
    service_start
    wait_active 2 15000
    play_end service-dies
}

# has_given_up: the service has, on its own connection to A.
has_given_up()
{
    events --process rmservice | grep -qF "Workers abandoned: 1"
}

# A machine that hangs costs the service a thread and nothing else: it says so, goes on with B, and tests A again
# once that answers.
hung()
{
    prepare
    monitored add Memory.I4 --updateRate 100
    play hot pingTimeout=1000 busyGrace=0
    fault A hang
    wait_active 2 10000
    wait_until 10000 has_given_up || complain "the service does not say that it has given up a thread"
    fault B quality Memory.I4 bad
    wait_event "$error_on secondary machine" 5000
    fault B quality Memory.I4 own
    wait_events "$passed_on secondary machine" 2 5000
    fault A resume
    wait_active 1 20000
    wait_until 40000 all_tested || complain "A is not tested again"
    fault A quality Memory.I4 bad
    wait_event "$error_on primary machine" 5000
    wait_active 2 10000
    probe_stop
    settle
    service_kill
    row_end service/monitor/hung "$row_started"
}

e2e_begin "$@"
machines_on
redundancy_on hot
for mode in hot warm; do
    bad_quality $mode
done
failure_count
value
no_change
refused_item
both_bad
service_dies
hung
redundancy_off
e2e_end
