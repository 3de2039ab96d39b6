#!/bin/bash
# How the service watches machines: each trigger and operator, what it says in which words, without clients too, in
# cold mode, where it can't see a machine, and what settings that change leave alone. What sessions make of it is in
# monitor.sh.
#
# usage: watch.sh [BIN64 [BIN32]]
# shellcheck source=../e2e/evidence.sh
. "$(dirname "$0")/../e2e/evidence.sh"
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=items.sh
. "$(dirname "$0")/items.sh"

# serve MODE [SETTING=VALUE...]: the service alone. Items are there already.
serve()
{
    fresh "$1" pingTimeout=5000 busyGrace=10000 "${@:2}"
    rm -rf "$RM_TMP/data"
    service_start
}

# serve_end NAME
serve_end()
{
    service_kill
    row_end "service/watch/$1" "$row_started"
}

has_text()
{
    shown | grep -qxF -- "$1"
}

# wait_text TEXT MS: an event has exactly this text.
wait_text()
{
    wait_until "$2" has_text "$1" || complain "no event with exactly the text: $1"
}

# told TEXT: how many events there are with exactly this text.
told()
{
    shown | grep -cxF -- "$1"
}

# adds NAME ITEM: how often the item was added on that machine, by whomever.
adds()
{
    journal "$1" | awk -F '\t' -v item="$2" '{ sub(/\r$/, "") } $2 == "item" && $5 == item { n++ } END { print n + 0 }'
}

has_adds()
{
    [ "$(adds "$1" "$2")" -ge "$3" ]
}

# write_to NAME ITEM: a client of that machine alone writes growing numbers to it, for a second.
write_to()
{
    must of_bits 64 rmprobe.exe "RMSim.$1.1" --clsctx local --items 1 --seconds 1 --write-loop 100 --write-item "$2" \
        --max-gap any
}

# tested NUMBER KEY: what `rmctl monitor test` says of A's item of that number.
tested()
{
    rmctl monitor "$E2E_SERVER" test --json >"$RM_TMP/test.json"
    awk -v wanted="$1" -v key="\"$2\":" '
        /"itemId":/ { n++ }
        n == wanted && $1 == key { sub(/^[^:]*: /, ""); gsub(/[",]/, ""); print; exit }' "$RM_TMP/test.json"
}

# ---- rows -----------------------------------------------------------------------------------------

# RM-241, RM-242, RM-246, RM-247, RM-253 .. RM-256 on both machines, letter for letter; and each once.
texts()
{
    local machine name text
    prepare
    monitored add Memory.Array.I4 --updateRate 100 --trigger value --value 1
    monitored add Memory.I4 --updateRate 100
    monitored add Memory.I2 --updateRate 100
    monitored set --watchAlways yes --failureCount 2
    serve hot
    wait_text "Monitor item test passed for 'RMSim.A.1' on primary machine 'localhost'" 15000
    wait_text "Monitor item test passed for 'RMSim.A.1' on secondary machine 'localhost'" 15000
    service_kill
    for name in A B; do
        fault $name refuse-items Memory.I2 on
        fault $name quality Memory.I4 bad
    done
    service_start
    for machine in primary secondary; do
        for text in "Attempt to add monitor item 'Memory.I2' for 'RMSim.A.1' on $machine machine 'localhost' failed. This monitor item will be considered in error." \
            "Monitor item test in error for 'RMSim.A.1' on $machine machine 'localhost'"; do
            wait_text "$text" 20000
            check "times told: $text" "$(told "$text")" -eq 1
        done
        # The first service has said that of the array, too; a service remembers what it has said itself.
        text="Monitor item 'Memory.Array.I4' for 'RMSim.A.1' on $machine machine 'localhost' contains array data which is not supported for the 'specific value' trigger condition"
        wait_text "$text" 5000
        check "times told: $text" "$(told "$text")" -eq 2
    done
    events --severity error >"$RM_TMP/errors.out"
    check "errors" "$(grep -c 'Monitor item\|monitor item' "$RM_TMP/errors.out")" -eq 8
    serve_end texts
}

# Warnings and errors of the service's own are in Windows' event log, too; Wine (8.0) says on its channel what
# it is given for that.
system_log()
{
    prepare
    monitored add Memory.I4 --updateRate 100
    monitored set --watchAlways yes
    fresh warm pingTimeout=5000 busyGrace=10000
    rm -rf "$RM_TMP/data"
    WINEDEBUG=-all,warn+eventlog,err+eventlog service_start
    wait_event "$passed_on primary machine" 15000
    fault A quality Memory.I4 bad
    wait_event "$error_on primary machine" 5000
    wait_line "$RM_TMP/service.out" "eventlog.*$error_on primary machine" 5000 || complain "Windows' event log was not told"
    grep -q "eventlog.*$passed_on" "$RM_TMP/service.out" && complain "it was told of what is no warning"
    serve_end system-log
}

# RM-171 and the further operators, on values of several types: what is in error, and what makes it well again.
operators()
{
    local items=(Memory.I4 Memory.R8 Memory.R4 Memory.UI4 Memory.String Memory.Bool) item number=0 errors=0 passes=1
    local -A value
    local bit=0 clear=0 operator right wrong bits
    prepare
    for item in "${items[@]}"; do
        monitored add "$item" --updateRate 100
    done
    monitored set --watchAlways yes
    machine_on A --plant A
    machine_on B --plant B
    serve hot
    # A plant is forgotten with the last process that has it.
    wait_events "$passed_on primary machine" 1 15000
    for item in "${items[@]}"; do
        write_to A "$item"
    done
    for item in "${items[@]}"; do
        number=$((number + 1))
        value[$item]=$(tested $number value)
    done
    check "what was written to Memory.I4" "${value[Memory.I4]}" -gt 0
    [ "${value[Memory.Bool]}" = true ] || complain "Memory.Bool is '${value[Memory.Bool]}'"
    bits=${value[Memory.UI4]}
    check "what was written to Memory.UI4" "$bits" -gt 0
    while [ $((bits >> bit & 1)) -eq 0 ] && [ $bit -lt 32 ]; do bit=$((bit + 1)); done
    while [ $((bits >> clear & 1)) -eq 1 ]; do clear=$((clear + 1)); done
    for item in "${items[@]:1}"; do
        monitored delete 2
    done
    while read -r item operator right wrong; do
        monitored modify 1 --itemId "$item" --trigger value --operator "$operator" --value "$right"
        errors=$((errors + 1))
        wait_events "$error_on primary machine" $errors 5000
        monitored modify 1 --value "$wrong"
        passes=$((passes + 1))
        wait_events "$passed_on primary machine" $passes 5000
    done <<END
Memory.I4 greater 0 1000000
Memory.I4 equal ${value[Memory.I4]} 0
Memory.R8 notEqual 0 ${value[Memory.R8]}
Memory.R4 less 1000000.5 -0.5
Memory.UI4 bitSet $bit $clear
Memory.UI4 bitClear $clear $bit
Memory.String equal ${value[Memory.String]} nothing
Memory.Bool equal true false
END
    serve_end operators
    machines_on
}

# RM-163 by weights: the heavy item alone is enough, the two light ones are not.
weights()
{
    prepare
    monitored add Memory.I4 --updateRate 100 --weight 3
    monitored add Memory.I2 --updateRate 100
    monitored add Memory.I1 --updateRate 100 --trigger notGood
    monitored set --watchAlways yes --failureCount 3
    serve warm
    wait_event "$passed_on primary machine" 15000
    fault A quality Memory.I2 bad
    fault A quality Memory.I1 uncertain
    wait_until 5000 tested_in_error 2 || complain "the light items are not in error"
    check "errors with the light items" "$(service_events "$error_on")" -eq 0
    fault A quality Memory.I1 own
    fault A quality Memory.I2 own
    fault A quality Memory.I4 bad
    wait_event "$error_on primary machine" 5000
    serve_end weights
}

# tested_in_error NUMBER: so many of A's items are, by a test of rmctl's own.
tested_in_error()
{
    rmctl monitor "$E2E_SERVER" test | awk '/^secondary/ { exit } / in error / { n++ } END { exit n != '"$1"' }'
}

# C-23: only what lasts counts, and what was before doesn't.
hold_time()
{
    local hold_ms=10000 begun
    prepare
    monitored add Memory.I4 --updateRate 100
    monitored set --watchAlways yes --holdTime $hold_ms
    serve warm
    wait_event "$passed_on primary machine" 15000
    fault A quality Memory.I4 bad
    wait_until 8000 tested_in_error 1 || complain "the item is not in error"
    check "errors by what lasted a moment" "$(service_events "$error_on")" -eq 0
    fault A quality Memory.I4 own
    wait_until 8000 tested_in_error 0 || complain "the item is still in error"
    check "errors by what is over" "$(service_events "$error_on")" -eq 0
    begun=$(now_ms)
    fault A quality Memory.I4 bad
    wait_event "$error_on primary machine" 20000
    check "time until the error" $(($(now_ms) - begun)) -ge $hold_ms
    serve_end hold-time
}

# RM-174, RM-175: the notice, and a time that is long enough is left as it is.
adjusted()
{
    prepare
    rmctl monitor "$E2E_SERVER" add Memory.I4 --updateRate 700 --trigger noChange --time 500 >"$RM_TMP/add.out"
    grep -q "500 was changed to 1400" "$RM_TMP/add.out" || complain "no notice: $(cat "$RM_TMP/add.out")"
    rmctl monitor "$E2E_SERVER" modify 1 --time 1400 >"$RM_TMP/add.out"
    grep -q "was changed to" "$RM_TMP/add.out" && complain "a notice without a reason: $(cat "$RM_TMP/add.out")"
    rmctl monitor "$E2E_SERVER" modify 1 --updateRate 1000 >"$RM_TMP/add.out"
    grep -q "1400 was changed to 2000" "$RM_TMP/add.out" || complain "no notice of modify: $(cat "$RM_TMP/add.out")"
    rmctl monitor "$E2E_SERVER" delete 2 >"$RM_TMP/add.out" && complain "deleted an item that isn't there"
    monitored delete 1
    rmctl monitor "$E2E_SERVER" list >"$RM_TMP/add.out"
    grep -q Memory "$RM_TMP/add.out" && complain "not deleted: $(cat "$RM_TMP/add.out")"
    rmctl monitor "$E2E_SERVER" test >"$RM_TMP/add.out" && complain "a test without items succeeded"
    row_end service/watch/adjusted "$row_started"
}

# no_processes: of any machine.
no_processes()
{
    has_no_process A && has_no_process B
}

# both_run: each machine has a process.
both_run()
{
    ! has_no_process A && ! has_no_process B
}

# *Watch always*: without clients; without it the connections end with the last session.
watch_always()
{
    prepare
    monitored add Memory.I4 --updateRate 100
    monitored set --watchAlways yes
    serve hot
    wait_text "Monitor item test passed for 'RMSim.A.1' on primary machine 'localhost'" 15000
    wait_text "Monitor item test passed for 'RMSim.A.1' on secondary machine 'localhost'" 15000
    both_run || complain "not both machines are tested"
    fault B quality Memory.I4 bad
    wait_text "Monitor item test in error for 'RMSim.A.1' on secondary machine 'localhost'" 5000
    fault B quality Memory.I4 own
    monitored set --watchAlways no
    wait_until 10000 no_processes || complain "the machines are still tested, though nobody wants to know"
    probe_start --items 10
    wait_all_ready
    wait_until 10000 all_tested || complain "not tested for a session"
    probe_stop
    wait_until 15000 no_processes || complain "the connections were kept after the last session"
    serve_end watch-always
}

# A server that sends no callbacks is read.
polled()
{
    local name
    prepare
    monitored add Memory.I4 --updateRate 100
    monitored add Counters.C0001 --updateRate 100 --trigger noChange --time 2000
    monitored set --watchAlways yes
    fresh warm pingTimeout=5000 busyGrace=10000
    for name in A B; do
        fault $name stop-callbacks
    done
    rm -rf "$RM_TMP/data"
    service_start
    wait_event "$passed_on primary machine" 20000
    wait_event "$passed_on secondary machine" 20000
    fault A quality Memory.I4 bad
    wait_event "$error_on primary machine" 5000
    fault A quality Memory.I4 own
    wait_events "$passed_on primary machine" 2 5000
    serve_end polled
}

# only_tested NAME OTHER: NAME has a process for the client and one for the service, the other has none.
only_tested()
{
    [ "$(rmsim /fault "$1" status | grep -c '^process.*clients=1')" -ge 2 ] && has_no_process "$2"
}

# F-05: in cold mode the standby isn't touched; after a switch the new active machine is tested, the old one is left.
cold_mode()
{
    prepare
    monitored add Memory.I4 --updateRate 100
    fresh cold pingTimeout=5000 busyGrace=10000
    rm -rf "$RM_TMP/data"
    service_start
    probe_start --items 10
    wait_event "$passed_on primary machine" 15000
    wait_until 10000 only_tested A B || complain "not A alone is tested"
    fault A quality Memory.I4 bad
    wait_event "$error_on primary machine" 5000
    wait_active 2 15000
    wait_event "$passed_on secondary machine" 15000
    wait_until 15000 only_tested B A || complain "after the switch not B alone is tested"
    fault A quality Memory.I4 own
    fault B quality Memory.I4 bad
    wait_event "$error_on secondary machine" 5000
    wait_updates 100
    # The last word on A stands: it was in error when it was left.
    is_active 2 || complain "it was switched to a machine that was in error when it was left"
    settle_and_leave
    serve_end cold-mode
}

# settle_and_leave: the client leaves, and nothing came twice or in a wrong order.
settle_and_leave()
{
    probe_stop
    settle
}

# client_stays: a moment later it is on A as from the beginning, and nothing was found to be in error.
client_stays()
{
    wait_updates 300
    is_active 1 || complain "it was switched away from a machine that only the service can't see"
    check "promotions" "$(service_events 'Promoted active connection')" -eq 1
    check "errors" "$(service_events "$error_on")" -eq 0
}

# Design 5: what the service can't see isn't down while sessions have it: A alone, then no machine at all.
not_observable()
{
    prepare
    monitored add Memory.I4 --updateRate 100
    fresh hot pingTimeout=5000 busyGrace=10000
    rm -rf "$RM_TMP/data"
    probe_start --items 10
    wait_all_ready
    fault A refuse on
    service_start
    wait_event "$passed_on secondary machine" 20000
    client_stays
    check "processes of A" "$(rmsim /fault A status | grep -c '^process')" -eq 1
    fault A refuse off
    wait_event "$passed_on primary machine" 15000
    service_kill
    fault A refuse on
    fault B refuse on
    service_start
    wait_event "The service can't test the monitor items of server 'RMSim.A.1' on any machine" 20000
    client_stays
    check "times told" "$(service_events "The service can't test the monitor items")" -eq 1
    settle_and_leave
    serve_end not-observable
}

# RM-230: what a change of the settings leaves alone keeps running.
settings_change()
{
    prepare
    monitored add Memory.I4 --updateRate 100
    monitored add Memory.I2 --updateRate 100
    play hot
    check "adds of Memory.I4" "$(adds A Memory.I4)" -eq 1
    monitored add Memory.I1 --updateRate 100
    monitored add Memory.R8 --updateRate 250
    wait_until 5000 has_adds A Memory.R8 1 || complain "a new item of another rate was not added"
    want "a new item of the same rate is added" has_adds A Memory.I1 1
    monitored modify 2 --trigger notGood
    wait_until 5000 has_adds A Memory.I2 2 || complain "an item that was changed was not added again"
    must rmctl set "$E2E_SERVER" pingInterval=300
    monitored modify 1 --weight 2
    monitored set --holdTime 100
    fault A quality Memory.I2 uncertain
    wait_event "$error_on primary machine" 5000
    wait_active 2 5000
    monitored delete 4
    monitored add Memory.I8 --updateRate 100
    wait_until 5000 has_adds A Memory.I8 1 || complain "an item was not added to a machine in error"
    is_active 2 || complain "a change of other items brought it back to a machine in error"
    check "tests passed on A, before the one in error is gone" "$(service_events "$passed_on primary machine")" -eq 1
    monitored delete 2
    wait_events "$passed_on primary machine" 2 5000
    wait_active 1 10000
    check "adds of Memory.I4 in the end, on A" "$(adds A Memory.I4)" -eq 1
    check "adds of Memory.I4 in the end, on B" "$(adds B Memory.I4)" -eq 1
    check "adds of Memory.I1 in the end" "$(adds A Memory.I1)" -eq 1
    check "processes of A" "$(rmsim /fault A status | grep -c '^process')" -eq 2
    leaves_unharmed
    serve_end settings-change
}

e2e_begin "$@"
machines_on
redundancy_on hot
texts
system_log
operators
weights
hold_time
adjusted
watch_always
polled
cold_mode
not_observable
settings_change
redundancy_off
e2e_end
