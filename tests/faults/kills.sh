# tools/faults --soak-kills: hot mode, and whoever is active dies or hangs, again and again, at random moments.
# Sourced by tools/faults; on top of rig.sh.
#
# kills_plan.awk says who is killed when, kills_judge.awk what the client lost. One client outlives the
# kills of its line of the plan: after each both machines get ready again, and the one that took over is the
# next. Machine B has the line's skew and phase; it is the victim every other time.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what the other files of the rig and the stage have, and use

# shellcheck source=../e2e/watch.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/watch.sh"

kills_items=1000
# Wine 8 may try in vain for 30 s to start a server whose process is gone.
kills_ready_s=45
kills_calm=5 # update periods with all machines ready before the next kill's moment comes
kills_epoch_ms=$(date -u -d 2026-01-01 +%s%3N)
kills_margin_ms=50 # of a hot takeover, and twice that where it is detected by time: design.md 8

# kills_plan N SEED [VARIABLE=VALUE of kills_plan.awk...]
kills_plan()
{
    local word options=(-v "kills=$1" -v "seed=$2" -v "period=$rig_period_ms")
    shift 2
    for word in "$@"; do
        options+=(-v "$word")
    done
    awk "${options[@]}" -f "$rig_folder/kills_plan.awk"
}

# kills_rows: the plan is standard input, of kills_plan; after rig_begin, as rig_rows.
kills_rows()
{
    local lines line words started
    mapfile -t lines
    kills_number=0
    kills_all=$(printf '%s\n' "${lines[@]}" | awk '{ n += NF - 7 } END { print n + 0 }')
    : >"$RM_TMP/kills"
    started=$(now_ms)
    kills_head
    for line in "${lines[@]}"; do
        read -r -a words <<<"$line"
        kills_line "${words[@]}"
    done
    kills_summary "$started"
    # As other rows have them.
    e2e_clocks_differ=0
    machines_on
}

# The time as files of client and machines have it.
kills_now()
{
    local now=$EPOCHREALTIME
    printf '%d' $((${now/[.,]/} / 1000 - kills_epoch_ms))
}

# kills_pause MS: to the millisecond, for the moment is the point.
kills_pause()
{
    local idle
    exec {idle}<> <(:)
    read -r -t "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))" -u "$idle" || true
    exec {idle}<&-
}

# kills_line FAULT APARTMENT CLIENT SERVERS SKEW PHASE PHASE_MS MOMENT_MS...
kills_line()
{
    local fault=$1 apartment=$2 client=${3#c} server=${4#s} skew=${5#skew} phase_ms=$7 first=$kills_number
    kills_words=("${@:1:6}")
    kills_phase_ms=$phase_ms
    shift 7
    if [ -z "${e2e_bin32:-}" ] && [[ "$client $server" == *32* ]]; then
        kills_skip $# "no 32-bit programs"
        return
    fi
    e2e_client_bits=$client
    e2e_server_bits=$server
    rig_servers=$server
    fresh hot returnPolicy=stay flapLimit=0
    machine_on A --period "$rig_period_ms" --counters "$kills_items"
    machine_on B --period "$rig_period_ms" --counters "$kills_items" --phase "$phase_ms" --skew "${skew#+}000"
    e2e_clocks_differ=$((${skew#+} != 0 || phase_ms != 0))
    : >"$RM_TMP/marks"
    switches_forget
    rig_status=
    watch_start
    if probe_start --items "$kills_items" --rate "$rig_period_ms" --period "$rig_period_ms" \
        --apartment "$apartment"; then
        wait_all_ready
        kills_play "$fault" "$@"
        rig_status=$(rmctl status --json)
    fi
    probe_stop
    watch_stop
    kills_number=$((first + $#))
    kills_judge "$first" $#
}

# kills_play FAULT MOMENT_MS...: what is not in the marks was not played.
kills_play()
{
    local fault=$1 active=0 moment number=$kills_number
    shift
    for moment in "$@"; do
        number=$((number + 1))
        [ ${#e2e_complaints[@]} -eq 0 ] || return
        kills_one "$number" "$fault" $active "$moment"
        active=$((1 - active))
    done
}

# kills_one NUMBER FAULT ACTIVE MOMENT_MS
kills_one()
{
    local number=$1 fault=$2 victim=${e2e_machines[$3]} taker=${e2e_machines[1 - $3]} order done_ms settled=0 said
    wait_updates $((kills_items * kills_calm))
    kills_pause "$4"
    order=$(kills_now)
    said=$(rmsim /fault "$victim" "$fault") || complain "$fault of $victim: $said"
    done_ms=$(kills_now)
    if await_promoted $((1 - $3)); then
        wait_updates $((kills_items * kills_calm))
        [ "$fault" != hang ] || fault "$victim" clear
        if await_connected "$3" $kills_ready_s && wait_until 10000 all_are_ready; then
            settled=$(kills_now)
        else
            complain "machine $victim was not ready again"
        fi
    fi
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$number" "$victim" "$taker" "$order" "$done_ms" "$settled" >>"$RM_TMP/marks"
}

# ---- the verdict ----------------------------------------------------------------------------------

# kills_limit_ms FAULT LAG_MS: of the gap. Where the counters of the machine that takes over change so much
# later than those of the dead one, it sends the number that the client waits for so much later.
kills_limit_ms()
{
    case $1 in
        kill) printf '%d' $((rig_period_ms + $2 + kills_margin_ms)) ;;
        hang)
            local rest=$((rig_period_ms > 2 * kills_margin_ms ? rig_period_ms : 2 * kills_margin_ms))
            printf '%d' $((e2e_ping_interval + e2e_ping_timeout + rest))
            ;;
    esac
}

# kills_judge FIRST COUNT: the line of the plan, once its client has left.
kills_judge()
{
    local number
    rm -f "$RM_TMP/lost"
    awk -v promotions="${e2e_promotions:-}" -v all="$RM_TMP/lost" -f "$rig_folder/kills_judge.awk" \
        "$RM_TMP/marks" "$RM_TMP/probe.record" "$RM_TMP"/journal/*.text >"$RM_TMP/judged" 2>&1
    kills_check_sum
    kills_share_complaints $(($1 + $2))
    for ((number = $1 + 1; number <= $1 + $2; number++)); do
        kills_row "$number"
    done
    e2e_complaints=()
    e2e_journal=
}

# kills_check_sum: the judge has found all that the client misses by its own count.
kills_check_sum()
{
    local found
    found=$(awk -F '\t' '$1 == "kill" { n += $6 + $10 } END { print n + 0 }' "$RM_TMP/judged")
    [ ! -s "$RM_TMP/marks" ] || check "numbers that are missing" "$found" -ge "$(proof lost)"
}

# kills_share_complaints LAST: what is said of the line as a whole belongs to the kill of its time, else to
# the last one that was played.
kills_share_complaints()
{
    local text number last
    last=$(tail -n 1 "$RM_TMP/marks" | cut -f 1)
    for text in "${e2e_complaints[@]}"; do
        number=
        if [[ $text =~ .*\ at\ ([0-9]{9,}) ]]; then
            number=$(awk -F '\t' -v at="${BASH_REMATCH[1]}" '$6 == 0 || at <= $6 { print $1; exit }' "$RM_TMP/marks")
        fi
        printf '%s\tcomplaint\t%s\n' "${number:-${last:-$1}}" "$text" >>"$RM_TMP/judged"
    done
}

# kills_row NUMBER: one line, and under it what is wrong.
kills_row()
{
    local figures gap calm pause lost doubled reordered again unsent bad before during after promoted
    local result=PASS verdict=OK victim
    figures=$(sed -n "s/^kill\t$1\t//p" "$RM_TMP/judged")
    mapfile -t e2e_complaints < <(sed -n "s/^$1\tcomplaint\t//p" "$RM_TMP/judged")
    if [ -n "$figures" ]; then
        IFS=$'\t' read -r gap calm pause lost doubled reordered again unsent bad before during after promoted <<<"$figures"
        victim=$(awk -F '\t' -v number="$1" '$1 == number { print $2 }' "$RM_TMP/marks")
        kills_limits
    else
        complain "was not played"
    fi
    rig_verdict
    # shellcheck disable=SC2059
    printf "$kills_format" $result "$1/$kills_all" "${kills_words[@]}" "${victim:--}" "${gap:--}" "${calm:--}" \
        "${lost:--}" "${doubled:--}" "${reordered:--}" "${again:--}" "${unsent:--}" "${promoted:--}" "$verdict"
    printf '%s\n' "$result ${kills_words[*]} ${gap:-0} ${lost:-0} ${doubled:-0} ${reordered:-0} ${again:-0} ${unsent:-0} ${before:-0} ${during:-0} ${after:-0}" >>"$RM_TMP/kills"
    [ $result = FAIL ] || return
    sed -n "s/^$1: /    /p" "$RM_TMP/judged" | awk 'NR <= 12 { print } END { if (NR > 12) print "    and " NR - 12 " more" }'
    [ -z "$rig_keep" ] || kills_keep "$1" "$rig_keep/kill-$1-$(IFS=- && printf '%s' "${kills_words[*]}")"
}

# kills_limits: of the figures that kills_row has read.
kills_limits()
{
    local limit lag=0
    [ "$victim" != A ] || lag=$kills_phase_ms
    limit=$(kills_limit_ms "${kills_words[0]}" "$lag")
    # Where the new machine itself was as late, the computer is busy.
    [ "$gap" -le "$limit" ] || complain "gap of $gap ms, more than $limit; the new machine's own longest: $pause"
    [ "$lost" -eq 0 ] || complain "lost $lost: $before sent before the fault, $during in the detection, $after later"
    [ "$doubled" -eq 0 ] || complain "doubled $doubled"
    [ "$reordered" -eq 0 ] || complain "reordered $reordered"
    [ "$kills_phase_ms" -ne 0 ] || [ "$again" -eq 0 ] || complain "$again came again with another time stamp"
    [ "$bad" -eq 0 ] || complain "$bad updates of bad quality"
}

# kills_keep NUMBER FOLDER: what rig_keep_row keeps, but of record and journals only what lies around the kill,
# and each lost update. Much of it, as it is a line for each value.
kills_keep()
{
    local order settled file
    rig_keep_row "$2"
    rm -f "$2"/*.text "$2/probe.record"
    grep -E "^(kill[[:space:]])?$1([[:space:]]|:)" "$RM_TMP/judged" >"$2/judged"
    grep "^$1[[:space:]]" "$RM_TMP/lost" >"$2/lost" 2>/dev/null
    cp "$RM_TMP/marks" "$2"
    read -r order settled < <(awk -F '\t' -v number="$1" '$1 == number { print $4, $6 }' "$RM_TMP/marks")
    for file in "$RM_TMP/probe.record" "$RM_TMP"/journal/*.text; do
        awk -F '\t' -v from="$((${order:-0} - 1000))" -v to="${settled:-0}" \
            '!($2 ~ /^(delivery|result|change)$/) || ($1 >= from && (to == 0 || $1 <= to))' "$file" |
            gzip -1 >"$2/$(basename "$file").gz"
    done
}

# kills_skip COUNT WHY
kills_skip()
{
    local left
    for ((left = $1; left > 0; left--)); do
        kills_number=$((kills_number + 1))
        e2e_skipped=$((e2e_skipped + 1))
        # shellcheck disable=SC2059
        printf "$kills_format" SKIP "$kills_number/$kills_all" "${kills_words[@]}" - - - - - - - - - "$2"
    done
}

# ---- the table ------------------------------------------------------------------------------------

kills_format='%-4s %8s %-4s %-3s %-3s %-3s %-6s %-6s %-4s |%5s %5s |%6s %4s %5s %5s %6s |%6s | %s\n'

kills_head()
{
    # shellcheck disable=SC2059
    printf "$kills_format" '' kill '' '' '' '' '' '' dies gap calm lost dbl reord again unsent taken verdict
}

# kills_summary STARTED_MS: a line per case that was played, then one per fault.
kills_summary()
{
    local seconds=$((($(now_ms) - $1) / 1000))
    [ -s "$RM_TMP/kills" ] || return 0
    say ""
    sort -k 2 "$RM_TMP/kills" | awk -v seconds=$seconds '
        function add(key, kind)
        {
            if (!kills[key]++) keys[++count[kind], kind] = key
            failed[key] += $1 == "FAIL"
            if ($8 > gap[key]) gap[key] = $8
            for (i = 9; i <= 16; i++) sum[key, i] += $i
        }
        function print_sum(key,    word, line)
        {
            split(key, word, " ")
            for (i = 1; i <= 6; i++) line = line sprintf("%-" (i > 4 ? 6 : 4) "s ", word[i])
            line = line sprintf("|%5d %6d |%7d |", kills[key], failed[key], gap[key])
            for (i = 9; i <= 16; i++) line = line sprintf(" %6d", sum[key, i])
            print line
        }
        {
            add($2 " " $3 " " $4 " " $5 " " $6 " " $7, 1)
            add($2, 2)
        }
        END {
            printf "%35s|%5s %6s |%7s | %6s %6s %6s %6s %6s %6s %6s %6s\n", "", "kills", "failed", "max gap", \
                "lost", "dbl", "reord", "again", "unsent", "before", "during", "after"
            for (kind = 1; kind <= 2; kind++)
                for (n = 1; n <= count[kind]; n++) print_sum(keys[n, kind])
            all = kills[keys[1, 2]] + kills[keys[2, 2]]
            printf "%d kills in %d s, %.1f s each\n", all, seconds, seconds / all
        }'
}
