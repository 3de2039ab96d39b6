# The stage of an end-to-end test: two simulated machines A and B, redundancy on RMSim.A.1, the probe
# as the client, a fault at the right moment, the probe's proof. Sourced by tests/e2e/*.sh and
# tools/demo; everything in the Wine prefix that tools/test has made, or in one of its own.
#
# A test is a list of rows. A row starts the probe, waits for what it sees, injects a fault, waits
# again, stops the probe and holds its figures against limits; it never waits for a fixed time.
# shellcheck shell=bash

# shellcheck source=../../tools/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../tools/lib.sh"

# Programs run by rmsim, rmctl and probe_start only: see capture.
E2E_SERVER=RMSim.A.1
E2E_STANDBY=RMSim.B.1
e2e_machines=(A B)
e2e_server_bits=${RM_E2E_BITS:-64} # RM_E2E_BITS=32: the whole script in 32 bit, where it does not say itself
e2e_server_da=2 # OPC Data Access 2.05a; 3: 3.0 as well, 3only
e2e_client_bits=${RM_E2E_BITS:-64}
e2e_host=localhost
e2e_updates=5000 # of the client, between the acts of a play: half a second's
e2e_passed=0
e2e_failed=0
e2e_skipped=0
e2e_complaints=()
e2e_goes_on= # 1: an order that fails costs its row, not the script
e2e_record=  # 1: clients record what they get, and evidence.sh judges that
e2e_journal= # what it has found

# ---- the stage ------------------------------------------------------------------------------------

# e2e_begin [BIN64 [BIN32]]: the programs, a folder for the run, and a Wine prefix if there is none yet.
# Both bitnesses only if the second folder is given.
e2e_begin()
{
    e2e_bin=$(realpath "${1:-$RM_ROOT/build/x86_64/bin}")
    e2e_bin32=${2:+$(realpath "$2")}
    [ -e "$e2e_bin/rmsim.exe" ] || die "$e2e_bin has no rmsim.exe: run tools/build x86_64"
    start_script
    if [ -z "${RM_WINE_IS_READY:-}" ]; then
        e2e_open_prefix || die "Wine can't make a prefix"
    fi
    if [ -n "$e2e_bin32" ]; then
        e2e_make_home
    fi
}

# A prefix with the proxy/stub of OPC's interfaces, in the folder of this run.
e2e_open_prefix()
{
    wine_create "$RM_TMP/wine" &&
        wine_register "$e2e_bin/opcda_ps.dll" ${e2e_bin32:+"$e2e_bin32/opcda_ps.dll"} && wine_restart
}

# A folder as an installed product has it: rmctl looks for both DLLs beside itself.
e2e_make_home()
{
    local home=$RM_TMP/home
    mkdir -p "$home/x86"
    cp "$e2e_bin/rmctl.exe" "$e2e_bin/redundancymaster.dll" "$home/"
    cp "$e2e_bin32/redundancymaster.dll" "$home/x86/"
    e2e_rmctl=$home/rmctl.exe
}

# of_bits BITS PROGRAM.exe ARGUMENTS...: that program's build of 32 or 64 bit.
of_bits()
{
    local bits=$1 program=$2
    shift 2
    case $bits in
        32) run_win32 "$e2e_bin32/$program" "$@" ;;
        64) run_win64 "$e2e_bin/$program" "$@" ;;
    esac
}

# The last line of every script.
e2e_end()
{
    machines_off
    say "$e2e_passed passed, $e2e_failed failed, $e2e_skipped skipped"
    [ "$e2e_failed" -eq 0 ]
}

rmsim()
{
    capture run_win64 "$e2e_bin/rmsim.exe" "$@"
}

rmctl()
{
    capture run_win64 "${e2e_rmctl:-$e2e_bin/rmctl.exe}" --config "$(windows_path "$RM_TMP/redundancymaster.xml")" "$@"
}

# must COMMAND...: its output only when it fails, and then it ends the script; with $e2e_goes_on the row is
# what has failed.
must()
{
    local output
    output=$("$@") && return
    if [ -n "$e2e_goes_on" ]; then
        complain "failed: $*: $(tail -n 1 <<<"$output")"
        return 1
    fi
    say "$output"
    die "failed: $*"
}

# machines_on [OPTIONS of rmsim...]: registers all machines, without faults; they start when a client
# comes.
machines_on()
{
    local name
    for name in "${e2e_machines[@]}"; do
        machine_on "$name" "$@" && must rmsim /fault "$name" clear || return
    done
}

# machine_on NAME [OPTIONS of rmsim...]: that machine's processes that start from now on are programs of
# $e2e_server_bits, with the interfaces of $e2e_server_da and these options.
machine_on()
{
    local name=$1
    shift
    mkdir -p "$RM_TMP/journal"
    must capture of_bits "$e2e_server_bits" rmsim.exe /regserver "$name" \
        --journal "$(windows_path "$RM_TMP/journal")" \
        --log "$(windows_path "$RM_TMP/machines.log")" --da "$e2e_server_da" "$@"
}

has_no_process()
{
    ! rmsim /fault "$1" status | grep -q '^process'
}

# Ends all processes of all machines and forgets them. Those that no client has any more, or none yet, end by themselves,
# within 15 s: rpcss of Wine 8 goes on offering the class of one that is killed while it waits for a client, and the next
# activation in this prefix, another script's maybe, fails with 0x800706BA.
machines_off()
{
    local name
    for name in "${e2e_machines[@]}"; do
        rmsim /fault "$name" clear >/dev/null 2>&1
    done
    for name in "${e2e_machines[@]}"; do
        wait_until 20000 has_no_process "$name"
        rmsim /fault "$name" kill --away >/dev/null 2>&1
        rmsim /fault "$name" clear >/dev/null 2>&1
        rmsim /unregserver "$name" >/dev/null 2>&1
    done
}

# redundancy_on MODE [OPTIONS of rmctl add...]: A with B as its standby, both on $e2e_host; pings are short, so
# that detection is not what takes the time.
redundancy_on()
{
    local mode=$1
    shift
    e2e_ping_interval=250
    e2e_ping_timeout=250
    must rmctl add "$E2E_SERVER" --machine "$e2e_host" --machine "$e2e_host/$E2E_STANDBY" \
        --mode "$mode" --pingInterval "$e2e_ping_interval" --pingTimeout "$e2e_ping_timeout" \
        --returnDelay 500 --reconnectInterval 250 "$@"
    must rmctl enable "$E2E_SERVER"
}

redundancy_off()
{
    must rmctl disable "$E2E_SERVER"
    must rmctl remove "$E2E_SERVER"
}

# fault NAME ORDER...: on all processes of that machine. A machine that was killed or shut down stays
# away until fault NAME clear.
fault()
{
    local name=$1
    shift
    case $1 in
        kill | shutdown) must rmsim /fault "$name" "$@" --away ;;
        *) must rmsim /fault "$name" "$@" ;;
    esac
}

# ---- waiting --------------------------------------------------------------------------------------

# wait_line FILE REGEX MS
wait_line()
{
    wait_until "$3" grep -qE -- "$2" "$1"
}

# ---- the client -----------------------------------------------------------------------------------

# probe_start [OPTIONS of rmprobe...]: 1,000 counters at 100 ms, or the --item given, until probe_stop;
# returns when each item had its first value.
probe_start()
{
    local subscribed=(--items 1000)
    [[ " $* " != *" --item "* ]] || subscribed=()
    probe_out=$RM_TMP/probe.out
    probe_stop_file=$RM_TMP/probe.stop
    rm -f "$probe_stop_file"
    : >"$probe_out"
    RM_WINE_LIMIT=${e2e_probe_limit:-600} of_bits "$e2e_client_bits" rmprobe.exe "$E2E_SERVER" "${subscribed[@]}" --rate 100 \
        --period 100 --seconds 0 --stop-file "$(windows_path "$probe_stop_file")" --live --events \
        ${e2e_record:+--record "$(windows_path "$RM_TMP/probe.record")"} "$@" >"$probe_out" 2>&1 </dev/null &
    probe_pid=$!
    if ! wait_line "$probe_out" '^(READY|PROOF)' 30000 || ! grep -q '^READY' "$probe_out"; then
        complain "the client did not get its first values: $(tail -n 1 "$probe_out")"
        return 1
    fi
}

# How many updates the client has seen, by its newest status line.
probe_updates()
{
    local updates
    updates=$(sed -nE 's/^LIVE .* ([0-9]+) updates .*/\1/p' "$probe_out" | tail -n 1)
    printf '%d' "${updates:-0}"
}

has_updates()
{
    [ "$(probe_updates)" -ge "$1" ]
}

# wait_updates N: until the client has seen N more than now.
wait_updates()
{
    local wanted=$(($(probe_updates) + $1))
    wait_until 20000 has_updates "$wanted" || complain "no more updates after $(probe_updates)"
}

is_active()
{
    rmctl status --json | grep -qE "\"active\": *$1\b"
}

# wait_active NUMBER MS: until all sessions have that machine as the active one.
wait_active()
{
    wait_until "$2" is_active "$1" || complain "machine $1 was not active within $2 ms"
}

# All machines are there, the standbys as such; in cold mode there are none.
all_are_ready()
{
    local status
    status=$(rmctl status --json)
    grep -q '"mode": *"cold"' <<<"$status" ||
        [ "$(grep -c '"ready": *true' <<<"$status")" -ge ${#e2e_machines[@]} ]
}

wait_all_ready()
{
    wait_until 30000 all_are_ready || complain "not all machines were ready within 30 s"
}

# probe_stop: the client leaves and proves what it saw.
probe_stop()
{
    [ -z "$e2e_record" ] || record_promotions
    : >"$probe_stop_file"
    wait "$probe_pid"
    probe_pid=
    probe_proof=$(grep '^PROOF ' "$probe_out" | tail -n 1)
    [ -n "$probe_proof" ] || complain "the client ended without a proof: $(tail -n 1 "$probe_out")"
    [ -z "$e2e_record" ] || record_judge
}

# proof KEY: a number of the proof; a missing one is beyond every limit.
proof()
{
    local value
    value=$(sed -n "s/.* $1=\\([^ ]*\\).*/\\1/p" <<<"$probe_proof")
    printf '%s' "${value:-999999999}"
}

# create_ms FILE READY [OPTIONS of rmprobe...]: a client's life, until the command READY is done; how long its
# CoCreateInstance took is a line more.
create_ms()
{
    local file=$1 ready=$2
    shift 2
    if probe_start "$@"; then
        "$ready"
    fi
    probe_stop
    printf '%s\n' "$(proof create_ms)" >>"$file"
}

# median FILE: of its numbers, one per line.
median()
{
    sort -n "$1" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

# ---- the play -------------------------------------------------------------------------------------

# play_failover FAULT UPDATES [OPTIONS of rmprobe...]: the client runs; after so many updates A fails;
# B takes over; A comes back after as many again and is returned to.
play_failover()
{
    local kind=$1 updates=$2
    shift 2
    if probe_start "$@"; then
        wait_all_ready
        wait_updates "$updates"
        fault A "$kind"
        wait_active 2 10000
        wait_updates "$updates"
        fault A clear
        wait_active 1 20000
        wait_updates "$updates"
    fi
    probe_stop
}

# takeover NUMBER: that machine is active, and the client has its data.
takeover()
{
    wait_active "$1" 10000
    wait_updates $e2e_updates
}

# returned MODE: A is active again, where that mode does it.
returned()
{
    if [ "$1" != cold ]; then
        takeover 1
    fi
}

# margin_ms MODE: a takeover's share of the gap, beyond the detection and one update period (design.md 8).
margin_ms()
{
    case $1 in
        cold) printf '%d' $(($(proof create_ms) + 300)) ;;
        warm) printf 150 ;;
        hot) printf 50 ;;
    esac
}

# detection_ms FAULT: until the session knows. A process that is gone shows at the next ping at the
# latest, one that hangs when that ping has not been answered; a shutdown, and that it was removed, is told.
detection_ms()
{
    case $1 in
        kill | disconnect) printf '%d' "$e2e_ping_interval" ;;
        hang) printf '%d' $((e2e_ping_interval + e2e_ping_timeout)) ;;
        shutdown | removal | none) printf 0 ;;
    esac
}

# judge_failover FAULT MARGIN_MS: the proof against design.md 8; the margin is the mode's, beyond the
# detection time and one update period.
judge_failover()
{
    at_most doubled 0
    at_most reordered 0
    at_most gap_ms $((100 + $(detection_ms "$1") + $2))
    at_most slowest_call_ms $((e2e_ping_interval + e2e_ping_timeout + 100))
    at_most failed_calls 0
    proof_figures
}

# ---- rows -----------------------------------------------------------------------------------------

complain()
{
    e2e_complaints+=("$*")
}

# at_most KEY LIMIT
at_most()
{
    local value
    value=$(proof "$1")
    [ "$value" -le "$2" ] || complain "$1 is $value, more than $2"
}

# row_end NAME STARTED_MS: one line, with the figures; what is wrong below it.
row_end()
{
    local result=PASS text figures="$row_figures${e2e_journal:+ $e2e_journal}"
    if [ ${#e2e_complaints[@]} -gt 0 ]; then
        result=FAIL
        e2e_failed=$((e2e_failed + 1))
    else
        e2e_passed=$((e2e_passed + 1))
    fi
    say "$result $1 $(seconds_since "$2") s${figures:+ (${figures# })}"
    for text in "${e2e_complaints[@]}"; do
        say "    $text"
    done
    if [ "$result" = FAIL ] && [ -s "${probe_out:-}" ]; then
        tail -n 40 "$probe_out" | sed 's/^/    | /'
    fi
    e2e_complaints=()
    row_figures=
    e2e_journal=
}

proof_figures()
{
    row_figures="lost=$(proof lost) doubled=$(proof doubled) reordered=$(proof reordered)"
    row_figures+=" gap_ms=$(proof gap_ms) slowest_call_ms=$(proof slowest_call_ms)"
}
