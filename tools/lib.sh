# What the scripts in tools/ and tests/ share: messages, progress, a folder that is cleaned up,
# bounded child processes, and the Wine prefix of a test run. Sourced, not run.
#
# Everything that a script makes for its own use lies in $RM_TMP and is gone when it ends, also
# after Ctrl+C: cleanup ends the running child with its process group, the Wine prefix with all
# that runs in it, and then the folder.
# shellcheck shell=bash

# Wine 8 needs the page at 0x7ffe0000 in each process. Linux 6.9 and newer puts the heap of one process in
# some two thousand there, and that program ends at its start with status 1, without a word. So nothing
# that we start has its addresses chosen at random; where that can't be asked for, it is as it was.
if [ -z "${RM_ADDRESSES_ARE_FIXED:-}" ] && setarch -R true 2>/dev/null; then
    export RM_ADDRESSES_ARE_FIXED=1
    exec setarch -R "$BASH" "$0" "$@"
fi

# shellcheck disable=SC2034
RM_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
RM_TMP=
RM_CHILD=
RM_BEAT=
declare -A RM_JOBS=() # process id of a job: its name
RM_WINE64=/usr/lib/wine/wine64
RM_WINE32=/usr/lib/wine/wine
# Wine takes file names by the locale: in "C" none with other letters than English ones can be made.
# What programs print and how they sort must not hang on the user's language either.
export LC_ALL=C.UTF-8

# ---- messages ---------------------------------------------------------------------------------

say()
{
    printf '%s\n' "$*"
}

warn()
{
    printf 'WARNING: %s\n' "$*" >&2
}

# One clear line, and the end of the script.
die()
{
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Milliseconds of a clock that never steps back.
now_ms()
{
    local up
    read -r up _ </proc/uptime
    up=${up/./}
    printf '%s' "$((10#$up * 10))"
}

# wait_until MS COMMAND...: tries it every 50 ms until it succeeds; 1 when the time is up.
wait_until()
{
    local end idle
    end=$(($(now_ms) + $1))
    shift
    exec {idle}<> <(:)
    until "$@"; do
        if [ "$(now_ms)" -ge "$end" ]; then
            exec {idle}<&-
            return 1
        fi
        read -r -t 0.05 -u "$idle" || true
    done
    exec {idle}<&-
}

# seconds_since MS: "1.2"
seconds_since()
{
    local ms=$(($(now_ms) - $1))
    printf '%d.%d' "$((ms / 1000))" "$((ms % 1000 / 100))"
}

# ---- a folder of our own, and the way out -------------------------------------------------------

# start_script: makes $RM_TMP and arranges for the clean-up. RM_KEEP=1 in the environment leaves the
# folder behind, to look at.
start_script()
{
    RM_TMP=$(mktemp -d "${TMPDIR:-/tmp}/redundancymaster.XXXXXX") || die "no temporary folder"
    RM_OWNER=$BASHPID
    trap 'cleanup' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# Not in a child that is ended before it has put our traps aside.
cleanup()
{
    [ "$BASHPID" = "$RM_OWNER" ] || return 0
    trap '' INT TERM HUP
    if [ -n "$RM_BEAT" ]; then kill "$RM_BEAT" 2>/dev/null; fi
    if [ -n "$RM_CHILD" ]; then kill -TERM -- "-$RM_CHILD" 2>/dev/null; fi
    end_jobs
    if [ -n "${RM_OWN_PREFIX:-}" ]; then wine_destroy; fi
    if [ -n "${RM_KEEP:-}" ]; then
        say "kept: $RM_TMP"
    elif [ -n "$RM_TMP" ]; then
        rm -rf "$RM_TMP"
    fi
}

# Ends what the script runs beside itself; each cleans up after itself.
end_jobs()
{
    if [ ${#RM_JOBS[@]} -gt 0 ]; then
        kill -TERM "${!RM_JOBS[@]}" 2>/dev/null
        wait "${!RM_JOBS[@]}" 2>/dev/null
    fi
    RM_JOBS=()
}

# What is kept from run to run, outside the build tree.
cache_folder()
{
    printf '%s/redundancymaster' "${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}"
}

# promtool_path: what checks metrics, as tools/setup has it; nothing where there is none.
promtool_path()
{
    command -v promtool || { [ ! -x "$(cache_folder)/promtool" ] || printf '%s\n' "$(cache_folder)/promtool"; }
}

debian_codename()
{
    sed -n 's/^VERSION_CODENAME=//p' /etc/os-release | tr -d '"'
}

# Where apt gets this Debian release from; also before the first apt-get update. Other products may
# name their suites as Debian does: one that has a component "main" comes first.
debian_mirror()
{
    local codename
    codename=$(debian_codename)
    apt-get --print-uris update 2>/dev/null | tr -d "'" |
        awk -v suite="^($codename|stable|oldstable)/" '
            (at = index($1, "/dists/")) && substr($1, at + 7) ~ suite {
                uri = substr($1, 1, at)
                if (!any) any = uri
                if (!best && $1 ~ /\/main\/binary-/) best = uri
            }
            END { print best ? best : any }'
}

# ---- child processes ----------------------------------------------------------------------------

# heartbeat LABEL LOG: a line every ten seconds with the last that LOG says. It waits in read, not
# in sleep: a child of its own would keep our output open after we have ended.
heartbeat()
{
    local label=$1 log=$2 started=$SECONDS idle last
    exec {idle}<> <(:)
    while kill -0 "$$" 2>/dev/null; do
        read -r -t 10 -u "$idle" || true
        last=$(tail -c 400 "$log" | tr '\r' '\n' | grep -vE '^ *((PASS|FAIL|SKIP) .*)?$' | tail -n 1 | cut -c 1-70)
        say "  $label: $((SECONDS - started)) s ... $last"
    done
}

beat_start()
{
    heartbeat "$1" "$2" &
    RM_BEAT=$!
}

beat_stop()
{
    if [ -n "$RM_BEAT" ]; then
        kill "$RM_BEAT" 2>/dev/null
        wait "$RM_BEAT" 2>/dev/null
    fi
    RM_BEAT=
}

# run_step LABEL COMMAND...: one line when it is done, signs of life while it runs, the end of its
# output when it fails.
run_step()
{
    local label=$1 log status=0 started
    shift
    started=$(now_ms)
    log=$(mktemp "$RM_TMP/step.XXXXXX")
    beat_start "$label" "$log"
    "$@" >"$log" 2>&1 </dev/null || status=$?
    beat_stop
    if [ "$status" -ne 0 ]; then
        tail -n 40 "$log" >&2
        say "  $label: FAILED ($(seconds_since "$started") s)" >&2
    else
        say "  $label: done ($(seconds_since "$started") s)"
    fi
    rm -f "$log"
    return "$status"
}

# run_bounded SECONDS COMMAND...: in a process group of its own, so that Ctrl+C ends us at once and
# cleanup ends all of it. 124 when the time was up.
run_bounded()
{
    local status=0
    start_bounded "$@"
    wait "$RM_CHILD" || status=$?
    RM_CHILD=
    return "$status"
}

start_bounded()
{
    local limit=$1
    shift
    timeout -k 5 "$limit" "$@" </dev/null &
    RM_CHILD=$!
}

# ---- Wine ---------------------------------------------------------------------------------------

has_wine32()
{
    [ -x "$RM_WINE32" ]
}

# wine_create FOLDER: a fresh prefix without display, its server staying until wine_destroy.
wine_create()
{
    export WINEPREFIX=$1 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=;winedbg.exe=d'
    unset DISPLAY WINESERVER
    if ! has_wine32; then
        export WINEARCH=win64
    fi
    RM_OWN_PREFIX=1
    mkdir -p "$WINEPREFIX" || return 1
    wineserver -p >/dev/null 2>&1 </dev/null
    run_bounded 180 wineboot --init >/dev/null 2>&1 || return 1
    run_win64 reg add 'HKCU\Software\Wine\Drivers' /v Graphics /d null /f >/dev/null 2>&1
}

# After registering servers in a fresh prefix, once: without it activation of programs hangs.
wine_restart()
{
    wine_stop
    wineserver -p >/dev/null 2>&1 </dev/null
    wine_keep
}

# Ends all programs of the prefix; what they registered is on disk then.
wine_stop()
{
    wineserver -k >/dev/null 2>&1
    wineserver -w >/dev/null 2>&1
}

# wine_copy FOLDER: a copy of the prefix, which must be stopped; much quicker than a new one.
wine_copy()
{
    cp -a "$WINEPREFIX" "$1" || return 1
    export WINEPREFIX=$1
    RM_OWN_PREFIX=1
    wine_restart
}

# Wine's services start with the first program, inherit its output, and end some seconds after the last
# one; a test that reads such a program's output through a pipe would never see its end. So one program
# of ours, that waits for input, is the first and stays until the server is stopped.
wine_keep()
{
    local input
    exec {input}<> <(:)
    RM_WINE_LIMIT=100000 run_win64 cmd /c pause <&"$input" >/dev/null 2>&1 &
    disown
    exec {input}<&-
    run_win64 cmd /c exit >/dev/null 2>&1 </dev/null || true # it is there to be waited for; tests tell whether Wine works
}

# capture COMMAND...: its output and status, by way of a file. A program under Wine may be the one that
# starts Wine's services; these inherit its output and would keep a pipe open for as long as they run.
capture()
{
    local file=$RM_TMP/captured.$BASHPID status=0
    "$@" >"$file" 2>&1 </dev/null || status=$?
    cat "$file"
    rm -f "$file"
    return "$status"
}

# wine_register DLL ...: regsvr32 of the bitness that the path says (.../i686/...).
wine_register()
{
    local dll
    for dll in "$@"; do
        case $dll in
            */i686/*) run_win32 regsvr32 /s "$(windows_path "$dll")" || return 1 ;;
            *) run_win64 regsvr32 /s "$(windows_path "$dll")" || return 1 ;;
        esac
    done
}

# An absolute path of ours as the programs under Wine see it.
windows_path()
{
    local path
    path=$(realpath -m "$1")
    printf 'Z:%s' "${path//\//\\}"
}

# Ends the prefix's server and whatever of it is left, a stopped process among them.
wine_destroy()
{
    local file pid
    timeout 20 wineserver -k >/dev/null 2>&1
    for file in /proc/[0-9]*/environ; do
        if grep -qzxF "WINEPREFIX=$WINEPREFIX" "$file" 2>/dev/null; then
            pid=${file#/proc/}
            pid=${pid%/environ}
            if [ "$pid" != "$$" ] && [ "$pid" != "$BASHPID" ] && is_wine_process "$pid"; then
                kill -KILL "$pid" 2>/dev/null
            fi
        fi
    done
    RM_OWN_PREFIX=
}

# Of the processes with our WINEPREFIX only those that Wine's loader or its server runs.
is_wine_process()
{
    case $(readlink "/proc/$1/exe" 2>/dev/null) in
        */wine | */wine64 | */wine-preloader | */wine64-preloader | */wineserver*) return 0 ;;
        *) return 1 ;;
    esac
}

# run_win64 / run_win32 PROGRAM ARGUMENTS...: by the loader itself, as "wine" puts a starter before the
# program, and in our process group, so that Ctrl+C ends it.
run_win64()
{
    WINELOADER=$RM_WINE64 timeout --foreground "${RM_WINE_LIMIT:-60}" "$RM_WINE64" "$@"
}

run_win32()
{
    WINELOADER=$RM_WINE32 timeout --foreground "${RM_WINE_LIMIT:-60}" "$RM_WINE32" "$@"
}
