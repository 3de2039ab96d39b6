#!/bin/bash
# cover.awk leaves out no pair and no row that is wanted, writes.awk finds each kind of wrong write, and
# switches.awk each switch that a fault should not have cost, or is told otherwise; a kill that fell beside its
# promotion is found, and an order that fails ends its row, not the rig. No Wine is needed. Exit status 0 when
# all is well.
set -u
. "$(dirname "$0")/checks.sh"
# shellcheck source=plays.sh
. "$(dirname "$0")/plays.sh"
# shellcheck source=switches.sh
. "$(dirname "$0")/switches.sh"

# Each pair of values of two columns that some row of all has is in the cover, and the cover has no others.
all=$work/all cover=$work/cover
awk -v full=1 -f "$here/cover.awk" >"$all"
awk -f "$here/cover.awk" >"$cover"
pairs='{ for (i = 1; i < NF; i++) for (j = i + 1; j <= NF; j++) print i, $i, j, $j }'
check "pairs that are missing or too many" "" \
    "$(diff <(awk "$pairs" "$all" | sort -u) <(awk "$pairs" "$cover" | sort -u) | head -n 3)"
check "rows that are not possible" 0 "$(grep -vcxFf "$all" "$cover")"
check "rows that come twice" "" "$(sort "$all" | uniq -d | head -n 3)"
check "a return in cold mode" 0 "$(grep -c 'kill-at-return cold' "$all")"
check "faults" 17 "$(cut -d ' ' -f 1 "$cover" | sort -u | wc -l)"
check "all rows" $((17 * 3 * 6 * 8 - 6 * 8 - 2 * 3 * 8)) "$(wc -l <"$all")"
[ "$(wc -l <"$cover")" -le 100 ] || check "rows of the cover" "at most 100" "$(wc -l <"$cover")"
check "one row" 1 "$(awk -v full=1 -v only=kill/hot/reads/sta/c32/s64 -f "$here/cover.awk" | wc -l)"
check "alternatives" 8 "$(awk -v full=1 -v only=kill,hang/hot/reads/sta -f "$here/cover.awk" | wc -l)"
check "a part of a word" 0 "$(awk -v only=kil -f "$here/cover.awk" | wc -l)"
values='{ for (i = 1; i <= NF; i++) print i, $i }'
check "values that the selection leaves out" "" \
    "$(diff <(awk "$values" "$cover" | sort -u) <(awk "$values" "$here/selection.txt" | sort -u) | head -n 3)"
check "the selection's rows" 0 "$(grep -vcxFf "$all" "$here/selection.txt")"

# judged WRITES EVENTS: by writes.awk, of what $work/client and $work/journal say; its last line.
judged()
{
    awk -v writes="$1" -v events="$2" -f "$here/writes.awk" "$work/client" "$work/journal" | tail -n 1
}

written()
{
    printf '1000\twrite\t1\t0\t%s\tMemory.I4\t%d\n' "$2" "$1"
}

S_OK=0x00000000
{ written 1 $S_OK && written 2 $S_OK && written 3 $S_OK; } >"$work/journal"
: >"$work/client"
check "all is well" "0 0 0" "$(judged 3 0)"
check "a write that is nowhere" "0 1 0" "$(judged 4 0)"
echo "EVENT ms=1 time=1 write number=4 hr=0x800706BA" >"$work/client"
check "one that is said to be nowhere" "0 0 0" "$(judged 4 0)"
echo "EVENT ms=1 time=1 write number=3 hr=0x800706BA" >"$work/client"
check "one that failed, and is there" "0 1 0" "$(judged 3 0)"
printf 'EVENT ms=1 time=1 write number=3 hr=0x800706BE\r\n' >"$work/client"
check "of unknown outcome, and told" "0 0 1" "$(judged 3 1)"
check "of unknown outcome, and not told" "0 1 1" "$(judged 3 0)"
written 2 $S_OK >>"$work/journal"
check "one that was written twice" "1 0 1" "$(judged 3 1)"
: >"$work/client"
{ written 1 $S_OK && written 2 0x80004005; } >"$work/journal"
check "one that the server has refused, but is said to be written" "0 1 0" "$(judged 2 0)"

# failing: an order that fails within a row of the rig, and what comes after it.
failing()
{
    # shellcheck source=rig.sh
    . "$here/rig.sh"
    # shellcheck disable=SC2034
    e2e_goes_on=1
    must false && echo "has not failed"
    echo "${#e2e_complaints[@]} complaint"
}
export RM_ADDRESSES_ARE_FIXED=1 # lib.sh need not begin this script again
check "an order that fails" "1 complaint" "$(failing)"

# moment MODE TIME METHOD [KIND]: the complaints about B's death in that call at that time, promoted at 10.100 and
# lost at 10.200; KIND is what it had delivered.
moment()
{
    # shellcheck source=rig.sh
    . "$here/rig.sh"
    RM_TMP=$work/stage
    mkdir -p "$RM_TMP/journal"
    echo "2026-11-22T08:00:${2}Z B 42 fault: killed before $3" >"$RM_TMP/machines.log"
    printf '1000\tstart\tB\t42\t100\t0\t0\n1001\tdelivery\t1\t%s\t7\t1\t0\t1\n' "${4:-none}" \
        >"$RM_TMP/journal/B-42.journal.text"
    # shellcheck disable=SC2034
    rig_switched_at=(2026-11-22T08:00:10.100Z 2026-11-22T08:00:10.200Z)
    judge_moment kill-at-promotion "$1"
    [ ${#e2e_complaints[@]} -eq 0 ] || printf '%s;' "${e2e_complaints[@]}"
}
check "a kill within a promotion" "" "$(moment hot 10.104 IOPCAsyncIO2.Refresh2 change)"
check "in warm mode" "" "$(moment warm 10.104 IOPCGroupStateMgt.SetState)"
check "before it" "death after the promotion, in ms: -50 is not -ge -20;" "$(moment hot 10.050 IOPCAsyncIO2.Refresh2)"
check "behind it" "death before the next promotion, in ms: -800 is not -ge -20;" "$(moment hot 11.000 IOPCAsyncIO2.Refresh2)"
check "when it was over" "what it had sent: 1 is not -eq 0;" "$(moment hot 10.104 IOPCAsyncIO2.Refresh2 refresh)"
check "when it was over, in warm mode" "what it had sent: 1 is not -eq 0;" "$(moment warm 10.104 IOPCGroupStateMgt.SetState change)"
check "in another call" "nothing says when B died, or who took over;" "$(moment hot 10.104 IOPCServer.GetStatus)"

# ---- switches -------------------------------------------------------------------------------------

# due FAULT MODE WORK
due()
{
    work_methods "$3"
    switches_of "$@"
}

while read -r fault mode work _; do
    due "$fault" "$mode" "$work" >/dev/null || check "switches of $fault $mode $work" "a line of the table" none
done < <(cut -d ' ' -f 1-3 "$all" | sort -u)
check "a fault that is none" 1 "$(due kil warm reads >/dev/null; echo $?)"
check "a kill" "1>2=died 2>1=back" "$(due kill hot reads)"
check "a kill in cold mode" "1>2=died" "$(due kill cold reads)"
check "a slow call" "" "$(due slow warm reads)"
check "a slow status" "1>2=hung" "$(due slow cold subscription)"
check "a kill at each call" "1>2=died 2>1=died 1>2=died 2>1=died 1>2=died" "$(due kill-at-call cold adding)"
check "both, in cold mode" "1>0=died 1>2=died or 1>2=died 2>0=died 2>2=died" "$(due both-lost cold reads)"

# told DUE MODE [AFTER]: what switches.awk says of the reports in $work/told, but for the times.
told()
{
    awk -v due="$1" -v mode="$2" -v after="${3:-1}" -f "$here/switches.awk" "$work/told" |
        sed 's/ 2026-.*//; s/: .*//' | tr '\n' ' '
}

# report FROM TO GENERATION CAUSE LOST_CAUSE CODE SENTENCE: of one switch.
report()
{
    printf 'summary[0]=04:27:49.772 UTC: %s\npromotions[0].time=2026-11-21T04:27:49.772Z\n' "$7"
    printf 'promotions[0].%s\n' "from=$1" "to=$2" "generation=$3" "cause=$4"
    [ -z "$5" ] || printf 'promotions[0].%s\n' "lostCause=$5" "code=$6"
}

gone="lost machine 1 (localhost): IOPCSyncIO::Read failed with 0x800706BE (it went away)"
to_2="Switched to machine 2 (localhost)"
killed()
{
    report 1 2 2 "transport lost" "transport lost" 0x800706BE "$gone. $to_2, 112 ms after machine 1 had last answered a ping."
}
returned()
{
    report 2 1 "$1" return "" "" "machine 1 (localhost) is well again and better placed. Returned to machine 1 (localhost)."
}

{ killed && returned 3; } >"$work/told"
check "a switch and a return" "switches 2 0 " "$(told "1>2=died 2>1=back" warm)"
check "one that was not due" "its switches are not 1>2=died but 1>2 2>1 switches 2 0 " "$(told "1>2=died" warm)"
check "no switch was due" "its switches are not none but 1>2 2>1 switches 2 0 " "$(told "" warm)"
check "another way" "switches 2 0 " "$(told "1>0=died 1>2=died or 1>2=died 2>1=back" warm)"
check "what was before" "switches 1 0 " "$(told "2>1=back" warm 2)"
check "another cause" "the cause of 1>2 is 'transport lost', not 'ping timeout' \
the lostCause of 1>2 is 'transport lost', not 'ping timeout' 1>2=hung is told so switches 2 0 " "$(told "1>2=hung 2>1=back" warm)"
check "the mode is another" "the cause of 1>2 is 'transport lost', not 'found again' 1>2=died is told so switches 1 0 " \
    "$(killed >"$work/told"; told "1>2=died" cold)"
sed -i 's/machine 1 (/machine 3 (/' "$work/told"
check "another machine in words" "1>2=died is told so switches 1 0 " "$(told "1>2=died" warm)"
{ killed && returned 3; } | sed 's/code=.*/code=0x80010108/; s/ 0x800706BE/ 0x80010108/' >"$work/told"
check "another code" "the code of 1>2 is '0x80010108', not '0x800706B[AEF]' 1>2=died is told so switches 2 0 " \
    "$(told "1>2=died 2>1=back" warm)"
check "which is that of a machine that lives" "switches 2 0 " "$(told "1>2=cut 2>1=back" warm)"
{
    report 1 0 1 "all machines lost" "transport lost" 0x800706BA \
        "$gone. No machine is left: clients get quality bad until one is connected again."
    report 1 2 2 "found again" "transport lost" 0x800706BA "$gone. $to_2, the first that could be connected."
} >"$work/told"
check "nobody was left" "switches 1 1 " "$(told "1>0=died 1>2=died" hot)"
check "nobody was left, but is said to be" "its switches are not 1>2=died but 1>0 1>2 switches 1 1 " "$(told "1>2=died" hot)"

# put_report NUMBER: what standard input has, as JSON.
put_report()
{
    mkdir -p "$work/stage/reports"
    awk -F = 'BEGIN { print "{" }
        { printf "%s\"%s\": \"%s\"\n", (NR > 1 ? "," : ""), $1, substr($0, length($1) + 2) }
        END { print "}" }' >"$work/stage/reports/$1.json"
}

# judged_row FAULT PROMOTIONS: the complaints about a row of that fault, warm, with these reports, whose session has
# told so many promotions.
judged_row()
{
    # shellcheck source=rig.sh
    . "$here/rig.sh"
    RM_TMP=$work/stage
    # shellcheck disable=SC2034
    rig_reports=$RM_TMP/reports rig_generation=1
    # shellcheck disable=SC2034
    rig_status=$(for ((n = 0; n < $2; n++)); do printf '  "text": "Promoted active connection"\n'; done)
    work_methods reads
    judge_switches "$1" warm reads
    [ ${#e2e_complaints[@]} -eq 0 ] || printf '%s\n' "${e2e_complaints[@]}" | sed 's/: .*//' | tr '\n' ';'
}
killed | put_report 1
returned 3 | put_report 2
check "a row" "" "$(judged_row kill 3)"
check "a row with switches that were not due" "its switches are not none but 1>2 2>1;" "$(judged_row hang-call 3)"
check "a row with a promotion that was not told" "promotions told;" "$(judged_row kill 2)"
check "a row with another cause" \
    "the cause of 1>2 is 'transport lost', not 'ping timeout';the lostCause of 1>2 is 'transport lost', not 'ping timeout';1>2=hung is told so;" \
    "$(judged_row hang 3)"
exit "$failed"
