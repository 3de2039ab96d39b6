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
    await_all "${2:-20}" "$1"
}

# await_all SECONDS TEXT...: an event with each text, in any order; no longer than that for each line.
await_all()
{
    local seconds=$1 line i
    shift
    local missing=("$@")
    while [ ${#missing[@]} -gt 0 ]; do
        read -r -t "$seconds" -u "$watch" line || {
            complain "no event '${missing[*]}' within $seconds s"
            return 1
        }
        for i in "${!missing[@]}"; do
            if [[ $line == *"${missing[i]}"* ]]; then
                unset "missing[i]"
                break
            fi
        done
    done
}

# 0 is the primary machine, 1 the secondary.
ranks=(primary secondary)
await_promoted()
{
    await "$(promoted_to "$1")"
}

promoted_to()
{
    printf '%s' "' to ${ranks[$1]} machine"
}

connected_on()
{
    printf '%s' "Connected to '$E2E_SERVER' on ${ranks[$1]} machine"
}

# await_connected RANK [SECONDS]
await_connected()
{
    await "$(connected_on "$1")" "${2:-20}"
}
