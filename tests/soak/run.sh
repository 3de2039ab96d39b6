#!/bin/bash
# Failovers in one client, a thousand by default: afterwards it holds no more handles, threads and
# memory than after the first ten (C-26). Rows, in this order, for the 64-bit and the 32-bit client:
#
#   drop/warm, /hot  the active machine answers one call with RPC_E_DISCONNECTED while its process lives
#                    on: quick, so these are the rows that count to a thousand, in some five minutes each
#   drop/cold        the same; a quarter
#   session          the client closes its server object and makes a new one; a quarter
#   shutdown         the active machine asks its clients to leave and ends when they have; a tenth
#   kill             the active machine's process is gone; a fiftieth. Under Wine a client that has a call
#                    out when the server's process ends never lets go of its RPC connections to that
#                    process: so what counts is what a client loses that connects anew, without us, after
#                    each of as many kills
#
# The last two cost a second per switch, as a process has to start, and are left out where it would be
# fewer than 20 switches. With RM_SOAK_SWITCHES=20 the whole takes two minutes per bitness.
#
# usage: run.sh BIN64 [BIN32]                   (RM_SOAK_ROWS="drop/warm kill" RM_SOAK_BITS=64 ...)
. "$(dirname "$0")/../e2e/lib.sh"
. "$(dirname "$0")/../e2e/watch.sh"
. "$(dirname "$0")/../service/lib.sh"

switches=${RM_SOAK_SWITCHES:-1000}
bits=${RM_SOAK_BITS:-64 32}
rows=${RM_SOAK_ROWS:-drop/warm drop/hot drop/cold session shutdown kill}
settling=10
slow_least=20
keeper_pids=()

# What may be more at the end than after the first ten, by the kinds of meter.h. Process handles, mutexes
# (one for each object of a server that we hold), threads, keys: not one. But Wine's RPC keeps a connection
# for each call that was ever out beside another one of the same interface, as long as anything of that
# machine's is held; with each goes an event. How many calls meet is chance, and a link begins before the
# one before it is released: so connections become more now and then, and fewer again. They can't leak by
# themselves: what would keep them is an object of a server's, and that has a mutex. So they may be as many
# as calls can meet. To each machine 8 interfaces are called, by the client, by the session's pings and
# checks, and by a synchronisation or a release: three at once; two of them by the crowd instead of the
# client. From each machine come the changes of four groups, a completion for each of the crowd and one for
# the client, and two calls of other kinds. One of each is the system's own. Seen: 53 and 15.
crowd=8 # in soak_client.c
most_connections=$((2 * (6 * 3 + 2 * (crowd + 2)) + 1))
most_callers=$((2 * (4 + crowd + 1 + 2) + 1))
# Under Wine 8 a thread costs four descriptors, 6 blocks and 700 bytes, no handle; a connection two handles
# (pipe and event), 3 blocks and 300 bytes; a caller three handles, and 17 blocks and 1,100 bytes with its
# thread. All that is subtracted. But a caller's second event comes only when an answer is sent while the
# next call is waited for: one who has called once or twice may lack it.
more_events=2
more_threads=2 # workers: beyond one for each caller
# Beyond that not even one block in ten switches, nor 16 bytes per switch: the smallest thing that could
# leak is a block of that size. Private pages come and go by the megabyte.
more_blocks=$((6 * more_threads + 10))
more_blocks_per_10=1
more_bytes_per_switch=16
more_bytes=$((700 * more_threads + 2048))
more_private_kb=4096
# What comes and goes is less again within some more switches, what leaks is not.
retries=5

# ---- the client -------------------------------------------------------------------------------------

# client_start BIN LOADER: connected when it returns.
client_start()
{
    local answer
    rm -f "$RM_TMP/orders" "$RM_TMP/answers"
    mkfifo "$RM_TMP/orders" "$RM_TMP/answers"
    WINELOADER=$2 "$2" "$1/soak_client.exe" "$E2E_SERVER" <"$RM_TMP/orders" >"$RM_TMP/answers" 2>/dev/null &
    client_pid=$!
    exec {orders}>"$RM_TMP/orders" {answers}<"$RM_TMP/answers"
    answer=$(answer_of_client)
    [ "$answer" = ready ] || complain "the client did not get ready: $answer"
}

answer_of_client()
{
    local answer=
    read -r -t 60 -u "$answers" answer || answer="no answer"
    printf '%s' "${answer%$'\r'}"
}

# ask ORDER ANSWER: tells the client; complains about another answer.
ask()
{
    local answer
    printf '%s\n' "$1" >&"$orders"
    answer=$(answer_of_client)
    [ "$answer" = "$2" ] || complain "the client answers '$1' with '$answer' instead of '$2'"
}

client_stop()
{
    ask quit bye
    exec {orders}>&- {answers}<&-
    wait "$client_pid" || complain "the client ended with status $?"
    client_pid=
}

# ---- measuring --------------------------------------------------------------------------------------

# meter: the figures of the client at rest, those that the system shows from outside, too.
declare -A now early control
meter()
{
    local pair answer
    now=()
    [ -z "${watch_pid:-}" ] || wait_all_ready # a standby that is not equal to the session yet has less
    ask rest resting
    printf 'meter\n' >&"$orders"
    answer=$(answer_of_client)
    for pair in ${answer#meter }; do
        now[${pair%%=*}]=${pair#*=}
    done
    now[fds]=$(find "/proc/$client_pid/fd" -mindepth 1 2>/dev/null | wc -l)
    now[tasks]=$(find "/proc/$client_pid/task" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)
    now[resident_kb]=$(sed -nE 's/^VmRSS:\s*([0-9]+) kB/\1/p' "/proc/$client_pid/status")
    now[private_kb]=$(sed -nE 's/^RssAnon:\s*([0-9]+) kB/\1/p' "/proc/$client_pid/status")
    if [ -n "${now[bytes]:-}" ]; then
        subtract_rpc
    else
        complain "no figures from the client: $answer"
    fi
    ask work working
}

# What no connection, caller or thread accounts for, see above.
subtract_rpc()
{
    now[lone_events]=$((now[events] - now[connections] - 2 * now[callers]))
    now[lone_threads]=$((now[tasks] - now[callers]))
    now[lone_fds]=$((now[fds] - 4 * now[tasks]))
    now[lone_blocks]=$((now[blocks] - 3 * now[connections] - 17 * now[callers]))
    now[lone_bytes]=$((now[bytes] - 300 * now[connections] - 1100 * now[callers]))
}

# How much more KEY is now than it was early.
more()
{
    printf '%d' $((${now[$1]:-999999999} - ${early[$1]:-0}))
}

keep_early()
{
    local key
    for key in "${!now[@]}"; do
        early[$key]=${now[$key]}
    done
}

# is_flat SWITCHES: as after the first ten.
is_flat()
{
    [ -n "${now[bytes]:-}" ] && [ "$(more others)" -le 0 ] && [ "$(more lone_events)" -le $more_events ] &&
        [ "${now[connections]}" -le $most_connections ] && [ "${now[callers]}" -le $most_callers ] &&
        [ "$(more lone_threads)" -le $more_threads ] && [ "$(more lone_fds)" -le 0 ] &&
        [ "$(more lone_blocks)" -le $((more_blocks + $1 * more_blocks_per_10 / 10)) ] &&
        [ "$(more lone_bytes)" -le $((more_bytes + $1 * more_bytes_per_switch)) ] &&
        [ "$(more private_kb)" -le $more_private_kb ]
}

# judge SWITCHES COMMAND...: with more of these switches if it is not flat after them.
judge()
{
    local count=$1 tries=0
    shift
    meter
    while ! is_flat "$count" && [ "$tries" -lt $retries ] && [ ${#e2e_complaints[@]} -eq 0 ]; do
        again 1 "$@"
        meter
        tries=$((tries + 1))
    done
    is_flat "$count" || complain "the client holds more than after the first $settling"
    figures "$count"
    row_figures+=" tries=$tries"
}

# per_switch KEY SWITCHES: how much more of it there is for each switch, as "-0.012".
per_switch()
{
    local thousandths sign=
    thousandths=$(($(more "$1") * 1000 / $2))
    [ "$thousandths" -ge 0 ] || sign=-
    printf '%s%d.%03d' "$sign" $((${thousandths#-} / 1000)) $((${thousandths#-} % 1000))
}

figures()
{
    local key
    row_figures="switches=$1"
    for key in handles connections callers lone_events others fds tasks blocks bytes private_kb; do
        row_figures+=" $key=${early[$key]:-?}->${now[$key]:-?}"
    done
    row_figures+=" each: handles=$(per_switch handles "$1") threads=$(per_switch tasks "$1")"
    row_figures+=" blocks=$(per_switch blocks "$1") bytes=$(per_switch bytes "$1")"
    row_figures+=" calls=${now[calls]} failed=${now[failed]}"
    if [ "${now[failed]:-1}" != 0 ]; then
        complain "${now[failed]} calls of the client failed"
    fi
}

# ---- the rows -----------------------------------------------------------------------------------------

# soak_machines NAME NAME [OPTIONS of rmsim /regserver...]: the primary and the secondary. Wine activates
# a class no more once a process that served all its clients has been killed: so machines that live on have
# names of their own, and are not killed.
soak_machines()
{
    local name
    machines=("$1" "$2")
    E2E_SERVER=RMSim.$1.1
    E2E_STANDBY=RMSim.$2.1
    shift 2
    for name in "${machines[@]}"; do
        must rmsim /regserver "$name" "$@" >/dev/null
        must rmsim /fault "$name" clear >/dev/null
    done
}

# A client of its own for each machine, so that its process lives on whatever our client does.
keepers_start()
{
    local name out
    mkfifo "$RM_TMP/keep"
    for name in "${machines[@]}"; do
        out=$RM_TMP/keeper.$name
        WINELOADER=$RM_WINE64 "$RM_WINE64" "$bin64/soak_keeper.exe" "RMSim.$name.1" \
            <"$RM_TMP/keep" >"$out" 2>&1 &
        keeper_pids+=($!)
    done
    exec {keep}>"$RM_TMP/keep"
    for name in "${machines[@]}"; do
        wait_line "$RM_TMP/keeper.$name" '^ready' 10000 || complain "no second client of $name"
    done
}

# They end by themselves once no client is left.
soak_machines_off()
{
    local name
    if [ ${#keeper_pids[@]} -gt 0 ]; then
        exec {keep}>&-
        wait "${keeper_pids[@]}"
        keeper_pids=()
        rm -f "$RM_TMP/keep"
    fi
    for name in "${machines[@]}"; do
        wait_until 10000 has_no_process "$name" || complain "machine $name still runs without clients"
        must rmsim /unregserver "$name" >/dev/null
    done
}

soak_redundancy()
{
    must rmctl add "$E2E_SERVER" --machine localhost --machine "localhost/$E2E_STANDBY" --mode "$1" \
        --returnPolicy stay --reconnectInterval 100 --pingInterval 250 --pingTimeout 2000 >/dev/null
    must rmctl enable "$E2E_SERVER" >/dev/null
}

# fault_on NAME ORDER... Under Wine 8 about one in a thousand programs ends with status 1 before it has
# begun, and so says nothing: then once more.
fault_on()
{
    local output status=0
    output=$(rmsim /fault "$@") || status=$?
    if [ "$status" -eq 1 ] && [ -z "$output" ]; then
        status=0
        output=$(rmsim /fault "$@") || status=$?
    fi
    [ "$status" -eq 0 ] || complain "rmsim /fault $*: status $status: $output"
}

# strike FAULT: on the active machine.
strike()
{
    case $1 in
        drop) set -- fail IOPCServer.GetStatus 0x80010108 --from 1 --count 1 ;;
    esac
    fault_on "${machines[active]}" "$@"
}

# switch_over FAULT MODE: the active machine fails, the other takes over and sends data, and in warm and
# hot mode the first one is back.
switch_over()
{
    local events=("$(promoted_to $((1 - active)))")
    # A machine that answers again may be connected before the other one has been promoted to the end.
    if [ "$2" != cold ]; then
        events+=("$(connected_on $active)")
    fi
    strike "$1"
    await_all 20 "${events[@]}" || return
    if [ "$1" = drop ]; then
        fault_on "${machines[active]}" clear
    fi
    ask wait data
    active=$((1 - active))
}

# again COUNT COMMAND...: until something is wrong.
again()
{
    local count=$1
    shift
    while [ "$count" -gt 0 ] && [ ${#e2e_complaints[@]} -eq 0 ]; do
        "$@"
        count=$((count - 1))
        if [ $((count % 100)) -eq 0 ] && [ "$count" -gt 0 ]; then
            say "  $count to go"
        fi
    done
}

# play COUNT COMMAND...: the command ten times, the first measuring, the command so often, the second.
# Where the machines live on, a crowd comes before, so that the growth it causes is behind us; it comes
# early, as what it leaves for a while would raise the first measurement and hide later growth.
play()
{
    local count=$1
    shift
    if [ ${#keeper_pids[@]} -gt 0 ]; then
        again 2 with_crowd "$@"
        again $((settling - 2)) "$@"
    else
        again $settling "$@"
    fi
    meter
    keep_early
    again "$count" "$@"
}

with_crowd()
{
    "$@"
    ask crowd crowded
}

renew()
{
    ask renew renewed
    ask wait data
}

# Without us: the client that finds its server gone connects anew by itself.
kill_and_renew()
{
    fault_on "${machines[0]}" kill
    renew
}

# row NAME BITS BIN LOADER COUNT
row()
{
    local started fault=${1%/*} mode=${1#*/} count=$5 repeated
    started=$(now_ms)
    [ "$mode" != "$1" ] || mode=warm
    active=0
    case $fault in
        drop | session)
            soak_machines SoakA SoakB --multiple
            keepers_start
            ;;
        *) soak_machines A B ;;
    esac
    if [ "$fault" = kill ]; then
        client_start "$3" "$4"
        play "$count" kill_and_renew
        meter
        control=([handles]=$(more handles) [blocks]=$(more blocks) [bytes]=$(more bytes))
        client_stop
    fi
    soak_redundancy "$mode"
    watch_start
    client_start "$3" "$4"
    if [ "$mode" = cold ]; then
        await_promoted 0
    else
        await_connected 1
    fi
    case $fault in
        session) repeated=(renew) ;;
        *) repeated=(switch_over "$fault" "$mode") ;;
    esac
    play "$count" "${repeated[@]}"
    if [ "$fault" = kill ]; then
        judge_by_control "$count"
    else
        judge "$count" "${repeated[@]}"
    fi
    client_stop
    watch_stop
    redundancy_off
    soak_machines_off
    row_end "soak/$1/$2" "$started"
}

# judge_by_control SWITCHES: against the client that had no help. It had one connection to lose per kill,
# ours has the standby's workers too, so it may lose half as much again; threads stay as they were.
judge_by_control()
{
    local key tries=0
    meter
    while [ "$(more lone_threads)" -gt $more_threads ] && [ "$tries" -lt $retries ]; do
        meter # without more kills: what they cost is compared
        tries=$((tries + 1))
    done
    for key in handles blocks bytes; do
        [ "$(more $key)" -le $((${control[$key]} * 3 / 2 + 50)) ] ||
            complain "$key grew by $(more $key), without us by ${control[$key]}"
    done
    [ "$(more lone_threads)" -le $more_threads ] || complain "workers grew by $(more lone_threads)"
    figures "$1"
    row_figures+=" tries=$tries"
    row_figures+=" without_us: handles=+${control[handles]} blocks=+${control[blocks]} bytes=+${control[bytes]}"
}

# rows_of BITS BIN LOADER
rows_of()
{
    local name count
    for name in $rows; do
        case $name in
            drop/warm | drop/hot) count=$switches ;;
            drop/cold | session) count=$((switches / 4)) ;;
            shutdown) count=$((switches / 10)) ;;
            kill) count=$((switches / 50)) ;;
            *) die "there is no row '$name'" ;;
        esac
        case $name in
            shutdown | kill) [ "$count" -ge "$slow_least" ] || continue ;;
            *) [ "$count" -ge 10 ] || count=10 ;;
        esac
        row "$name" "$1" "$2" "$3" "$count"
    done
}

# rmctl takes the DLLs from beside it: one folder with those of both bitnesses.
make_stage()
{
    e2e_stage=$RM_TMP/stage
    mkdir -p "$e2e_stage/x86"
    cp "$e2e_bin/rmctl.exe" "$e2e_bin/rmsim.exe" "$e2e_bin/redundancymaster.dll" "$e2e_bin/rmservice.exe" \
        "$e2e_stage/"
    if [ -n "${1:-}" ]; then
        cp "$1/redundancymaster.dll" "$e2e_stage/x86/"
    fi
    e2e_bin=$e2e_stage
}

# Whatever of ours still runs when the script ends early.
end_children()
{
    local pid
    for pid in "${client_pid:-}" "${watch_pid:-}" "${service_pid:-}" "${keeper_pids[@]}"; do
        [ -z "$pid" ] || kill "$pid" 2>/dev/null
    done
}

e2e_begin "$@"
if [ -z "${RM_WINE_IS_READY:-}" ] && [ -n "${2:-}" ]; then
    run_win32 regsvr32 /s "$(windows_path "$2/opcda_ps.dll")" || die "opcda_ps.dll can't be registered"
    wine_restart
fi
trap 'end_children; cleanup' EXIT
trap '' PIPE # a client that is gone is a complaint, not the end
bin64=$e2e_bin
bin32=${2:+$(realpath "$2")}
make_stage "$bin32"
service_start # as installed: without it a client keeps its last 256 events, and would grow until it has so many
if [[ $bits == *64* ]]; then
    rows_of 64 "$bin64" "$RM_WINE64"
fi
if [[ $bits == *32* ]] && [ -n "$bin32" ]; then
    rows_of 32 "$bin32" "$RM_WINE32"
elif [[ $bits == *32* ]]; then
    say "SKIP the 32-bit client: no programs given"
    e2e_skipped=$((e2e_skipped + 1))
fi
service_kill
e2e_end
