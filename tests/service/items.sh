# Rows about monitor items: the service tests them, a client's session follows. Sourced after lib.sh.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what the scripts of tests/e2e have
# shellcheck disable=SC2120 # functions whose arguments only other scripts give

error_on="Monitor item test in error for '$E2E_SERVER' on"
passed_on="Monitor item test passed for '$E2E_SERVER' on"

# monitored VERB...: rmctl monitor of the server.
monitored()
{
    must rmctl monitor "$E2E_SERVER" "$@"
}

# no_items: of an earlier row.
no_items()
{
    while rmctl monitor "$E2E_SERVER" list | grep -q '^ *1  '; do
        monitored delete 1
    done
    monitored set --failureCount 1 --holdTime 0 --watchAlways no
}

# prepare: a row begins, without items.
prepare()
{
    row_started=$(now_ms)
    no_items
}

# all_tested: each machine has a process for the client and one for the service, which have got them: one that
# has just been started would go to whoever asks next.
all_tested()
{
    local name
    for name in A B; do
        [ "$(rmsim /fault $name status | grep -c '^process.*clients=1')" -ge 2 ] || return
    done
}

# play MODE [SETTING=VALUE...]: the service and a client that is ready. Items are there already. Pings have time,
# so that nothing but the verdict is a reason on a busy computer.
play()
{
    fresh "$1" pingTimeout=5000 busyGrace=10000 "${@:2}"
    rm -rf "$RM_TMP/data"
    service_start
    probe_start --items 10
    wait_all_ready
    wait_until 10000 all_tested || complain "not all machines are tested"
}

# play_end NAME: the client has come to no harm.
play_end()
{
    leaves_unharmed
    service_kill
    row_end "service/monitor/$1" "$row_started"
}

# wait_cause CAUSE: of the session's last switch.
wait_cause()
{
    local cause
    cause=$(session_value lastCause)
    [ "$cause" = "$1" ] || complain "the last switch had the cause '$cause', not '$1'"
}
