# What must hold of a row of the rig: design.md 8, and what 3.4 and 3.6 say of calls and updates.
# Sourced by rig.sh.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what the other files of the rig and the stage have, and use

judge_clocks_ms=20 # the black box counts milliseconds by another clock than the log

# judge FAULT MODE WORK
judge()
{
    judge_writes
    at_most doubled 0
    at_most reordered 0
    judge_work "$3"
    at_most async_unanswered 0
    at_most async_answers_too_many 0
    at_most protocol_errors 0
    at_most browses_wrong 0
    judge_updates "$@"
    judge_gap "$@"
    judge_calls "$@"
    judge_switches "$@"
    judge_moment "$1" "$2"
    judge_events "$1"
}

# judge_work WORK: it was done at all.
judge_work()
{
    local figure
    case $1 in
        subscription) figure=received ;;
        reads) figure=calls ;;
        async) figure=async ;;
        writes) figure=writes ;;
        adding) figure=adds ;;
        browsing) figure=browses ;;
    esac
    check "$figure" "$(proof "$figure")" -gt 0
}

# judge_writes: $rig_writes_doubled and $rig_writes_unreported; "-" without writes.
judge_writes()
{
    local line figures=
    rig_writes_doubled=-
    rig_writes_unreported=-
    [ "$(proof writes)" -gt 0 ] && [ -n "${probe_proof:-}" ] || return
    while read -r line; do
        case $line in
            *[!0-9\ ]*) complain "$line" ;;
            *) figures=$line ;;
        esac
    done < <(awk -v writes="$(proof writes)" -v events="$(rig_events_of 'The connection to server')" \
        -f "$rig_folder/writes.awk" "$probe_out" "$RM_TMP"/journal/*.text)
    read -r rig_writes_doubled rig_writes_unreported _ <<<"$figures"
}

# rig_events: how many the session has told.
rig_events()
{
    grep -c '^ *"text": "' <<<"$rig_status"
}

# rig_events_of REGEX: how many of them begin so.
rig_events_of()
{
    grep -cE "^ *\"text\": \"$1" <<<"$rig_status"
}

# is_long WORK: its calls may rightly take minutes, so they are an excuse for pings without answer.
is_long()
{
    case $1 in
        subscription | async) return 1 ;;
        *) return 0 ;;
    esac
}

# grace_ms WORK
grace_ms()
{
    if is_long "$1"; then printf '%d' $rig_busy_grace_ms; else printf 0; fi
}

# Whether that fault leaves nobody for a while.
leaves_nobody()
{
    case $1 in
        both-lost | kill-at-promotion) return 0 ;;
        *) return 1 ;;
    esac
}

# Whether machine 1 stays active.
is_steady()
{
    case $1 in
        hang-call | refuse-items) return 0 ;;
        slow | fail) [ "$2" != subscription ] ;;
        *) return 1 ;;
    esac
}

# known_ms FAULT MODE WORK: until the session knows of it (design.md 8; 3.6 for hot mode, where a standby's
# update that the active machine does not match leads to a question at once).
known_ms()
{
    case $1 in
        kill | refuse | not-ready | flapping | kill-at-call | kill-at-return)
            if [ "$2" = hot ]; then printf 0; else detection_ms kill; fi
            ;;
        hang | hang-status | slow) printf '%d' $(($(detection_ms hang) + $(grace_ms "$3"))) ;;
        disconnect | fail) detection_ms kill ;;
        shutdown) printf 0 ;;
        silent) printf '%d' $((play_check_ms + rig_looks_ms + e2e_ping_timeout + $(grace_ms "$3"))) ;;
    esac
}

judge_updates()
{
    if is_steady "$1" "$3"; then
        at_most lost 0
        at_most bad_updates 0
    elif leaves_nobody "$1"; then
        check "bad updates" "$(proof bad_updates)" -le $((1000 * 2))
    else
        at_most bad_updates 0
        if [ "$2" = hot ]; then
            at_most lost 0
        fi
    fi
}

judge_gap()
{
    if is_steady "$1" "$3"; then
        at_most gap_ms $((rig_period_ms * 2 + 150))
    elif ! leaves_nobody "$1"; then
        at_most gap_ms $((rig_period_ms + $(known_ms "$@") + $(margin_ms "$2")))
    fi
}

# judge_calls FAULT MODE WORK: how long they took, and which failed.
judge_calls()
{
    local most=$((e2e_ping_interval + e2e_ping_timeout + 100))
    case $1 in
        hang | hang-status) most=$((most + $(grace_ms "$3"))) ;;
        hang-call) most=$((play_lasted_ms + 100)) ;;
        slow) is_steady "$1" "$3" && most=$((play_slow_ms + 100)) ;;
    esac
    # A call that is carried out again waits for a server's start in cold mode.
    if [ "$2" = cold ] && ! is_steady "$1" "$3"; then
        most=$((most + $(margin_ms cold)))
    fi
    at_most slowest_call_ms $most
    case $1 in
        hang-call) check "slowest call, in ms" "$(proof slowest_call_ms)" -ge $((play_fault_ms / 2)) ;;
        slow) is_steady "$1" "$3" && check "slowest call, in ms" "$(proof slowest_call_ms)" -ge $play_slow_ms ;;
    esac
    judge_failures "$@"
}

# failed_otherwise REGEX: the calls that failed with another code; "METHOD CODE" per line.
failed_otherwise()
{
    sed -nE 's/^EVENT .* failed call=([^ ]+) hr=(0x[0-9A-F]{8}).*/\1 \2/p' "$probe_out" | grep -vE -- "$1"
}

# judge_failures FAULT MODE WORK: writes whose outcome is not known fail, and nothing else but what has
# no machine to go to (0x800706BA), and what the machine itself has refused.
judge_failures()
{
    local allowed='^(IOPCSyncIO::Write|IOPCAsyncIO2::Write) 0x800706BE$' other
    if [ "$1" = fail ]; then
        allowed+='| 0x80004005$'
    elif leaves_nobody "$1"; then
        allowed+='| 0x800706BA$'
    fi
    other=$(failed_otherwise "$allowed" | sort | uniq -c | head -n 2 | tr -s '\n ' ', ')
    [ -z "$other" ] || complain "failed calls:$other"
    if [ "$1" = refuse-items ] && [ "$3" = adding ]; then
        check "refused items" "$(proof refused_items)" -gt 0
    else
        at_most refused_items 0
    fi
    if [ "$1" = fail ] && is_steady "$1" "$3"; then
        check "calls that failed" "$(proof failed_calls)" -gt 0
    fi
}

# judge_moment FAULT MODE: a kill at a promotion fell within it, as black box, log and journal have it: after the
# decision and before the next one, and the machine had sent nothing yet of what it was asked for.
judge_moment()
{
    local name place at pid died kind=change
    case $1 in
        kill-at-promotion) name=B place=0 ;;
        kill-at-return) name=A place=1 ;;
        *) return ;;
    esac
    read -r at _ pid _ < <(grep " $name .* fault: killed before $(promotion_method "$2")" "$RM_TMP/machines.log")
    if [ -z "${pid:-}" ] || [ -z "${rig_switched_at[place + 1]:-}" ]; then
        complain "nothing says when $name died, or who took over"
        return
    fi
    died=$(milliseconds "$at")
    check "death after the promotion, in ms" $((died - $(milliseconds "${rig_switched_at[place]}"))) -ge -$judge_clocks_ms
    check "death before the next promotion, in ms" $(($(milliseconds "${rig_switched_at[place + 1]}") - died)) -ge -$judge_clocks_ms
    [ "$2" != hot ] || kind=refresh
    check "what it had sent" "$(deliveries_of "$name" "$pid" $kind)" -eq 0
}

# deliveries_of NAME PID KIND: of the last process of that id; -1 without its journal.
deliveries_of()
{
    cat "$RM_TMP/journal/$1-$2.journal.text" 2>/dev/null | awk -F '\t' -v kind="$3" '
        BEGIN { n = -1 }
        $2 == "start" { n = 0 }
        $2 == "delivery" && $4 == kind { n++ }
        END { print n }'
}

# judge_events FAULT: what happened besides the switches was told.
judge_events()
{
    case $1 in
        silent) check "events of the silence" "$(rig_events_of '[^"]* answers, but its data callbacks do not come')" -ge 1 ;;
        shutdown) check "events of the shutdown" "$(rig_events_of 'Received shutdown')" -ge 1 ;;
    esac
}
