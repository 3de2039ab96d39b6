# The events of the sessions as they happen, without a look at the status again and again: a program that
# starts every 50 ms takes a busy computer's time from what is measured. Sourced after lib.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what lib.sh has

# watch_start: events are lines to read from now on; each is read once.
watch_start()
{
    rm -f "$RM_TMP/watch"
    mkfifo "$RM_TMP/watch"
    WINELOADER=$RM_WINE64 "$RM_WINE64" "${e2e_rmctl:-$e2e_bin/rmctl.exe}" status --watch --lines --all \
        >"$RM_TMP/watch" 2>/dev/null </dev/null &
    watch_pid=$!
    exec {watch}<"$RM_TMP/watch"
}

watch_stop()
{
    exec {watch}<&-
    kill "$watch_pid" 2>/dev/null
    wait "$watch_pid" 2>/dev/null
    watch_pid=
}

# await TEXT [SECONDS]: the next event with that text.
await()
{
    local line
    while read -r -t "${2:-20}" -u "$watch" line; do
        [[ $line != *"$1"* ]] || return 0
    done
    complain "no event '$1' within ${2:-20} s"
    return 1
}

# 0 is the primary machine, 1 the secondary.
ranks=(primary secondary)
await_promoted()
{
    await "' to ${ranks[$1]} machine"
}

# await_connected RANK [SECONDS]
await_connected()
{
    await "Connected to '$E2E_SERVER' on ${ranks[$1]} machine" "${2:-20}"
}
