#!/bin/bash
# kills_plan.awk plans as many kills as it is asked for, in all cases, and kills_judge.awk finds in a small record
# and two small journals what was lost, doubled and out of order, and when: three counters, A is killed
# after the third update, before it had an answer to the fourth, and B takes over. No Wine is needed. Exit
# status 0 when all is well.
set -u
. "$(dirname "$0")/checks.sh"

# ---- the plan -------------------------------------------------------------------------------------

# plan [-v VARIABLE=VALUE...]
plan()
{
    awk "$@" -f "$here/kills_plan.awk"
}

planned_kills()
{
    awk '{ n += NF - 7 } END { print n + 0 }'
}

for n in 1 4 35 36 100 181 1000; do
    check "kills of $n" $n "$(plan -v kills=$n -v seed=5 | planned_kills)"
done
check "cases of 36 kills" 36 "$(plan -v kills=36 -v seed=5 | cut -d ' ' -f 1-6 | sort -u | wc -l)"
check "kills of one client" 5 "$(plan -v kills=1000 -v seed=5 | awk '{ print NF - 7 }' | sort -n | tail -n 1)"
check "fault and apartment of four" 4 "$(plan -v kills=4 -v seed=5 | cut -d ' ' -f 1-2 | sort -u | wc -l)"
check "bitness that was not asked for" 0 "$(plan -v kills=100 -v seed=5 | grep -cE '[cs]32')"
check "bitness" "c32 s64" "$(plan -v kills=9 -v seed=5 -v only=c32 | cut -d ' ' -f 3-4 | sort -u)"
check "alternatives" 4 "$(plan -v kills=8 -v seed=5 -v only=c32,c64/hang/skew+5,skew0/half/sta | wc -l)"
check "the same seed" "$(plan -v kills=50 -v seed=17)" "$(plan -v kills=50 -v seed=17)"
[ "$(plan -v kills=50 -v seed=17)" != "$(plan -v kills=50 -v seed=18)" ] || check "another seed" "another plan" same
check "phases" "0 25" "$(plan -v kills=36 -v seed=5 -v period=50 -v only=phase0,half | cut -d ' ' -f 7 | sort -nu | tr '\n' ' ' | sed 's/ $//')"
check "random phases beyond the period" 0 "$(plan -v kills=36 -v seed=5 -v period=50 -v only=random | awk '$7 < 1 || $7 > 47' | wc -l)"
check "the phase on edge" 99 "$(plan -v kills=9 -v seed=5 -v only=edge | cut -d ' ' -f 7 | sort -u)"
check "the phase on edge, not asked for" 0 "$(plan -v kills=100 -v seed=5 | grep -c edge)"
check "a word that is none" "" "$(plan -v kills=4 -v seed=5 -v only=kil)"

# ---- the judge ------------------------------------------------------------------------------------

base=28000000000 # beyond 31 bits, as the times are
count=280000000  # what the counters show before the first tick

# delivery TICK SEQUENCE [AT [ITEMS [SKEW_MS]]]: sent 10 ms after the tick, unless another time is given.
delivery()
{
    local item items=${4:-1 2 3} at=${3:-$(($1 * 100 + 10))}
    for item in $items; do
        printf '%d\tdelivery\t%d\tchange\t7\t1\t0\t3\tC%d\t%d\t%d\t0x00c0\t%s\t0x00000000\n' \
            $((base + at)) "$2" "$item" "$item" $((count + $1)) "$(stamp "$1" "${5:-0}")"
    done
}

# stamp TICK SKEW_MS
stamp()
{
    printf '13400000000%07d' $(($1 * 100 + $2 + 5000))
}

# result TICK SEQUENCE
result()
{
    printf '%d\tresult\t%d\t0x00000000\n' $((base + $1 * 100 + 15)) "$2"
}

# received TICK [AT [ITEMS [SKEW_MS [QUALITY]]]]: in the record
received()
{
    local item items=${3:-1 2 3} at=${2:-$(($1 * 100 + 12))}
    for item in $items; do
        printf '%d\tchange\tC%d\t%d\t%s\t%s\t0x00000000\n' $((base + at)) "$item" $((count + $1)) "${5:-0x00c0}" "$(stamp "$1" "${4:-0}")"
    done
}

machine()
{
    printf '%d\tstart\t%s\t9\t100\t0\t0\n' $((base + 50)) "$1"
}

# B sends from the beginning, as a standby does.
stage()
{
    local skew=${1:-0} tick
    {
        machine A
        for tick in 1 2 3; do delivery $tick $tick && result $tick $tick; done
        delivery 4 4
    } >"$work/A"
    {
        machine B
        for tick in 1 2 3 4 5 6 7; do delivery $tick $tick '' '' "$skew" && result $tick $tick; done
    } >"$work/B"
    {
        printf '%d\tbegin\n' $((base + 80))
        received 1 && received 2 && received 3
        received 4 462 '' "$skew" && received 5 '' '' "$skew" && received 6 '' '' "$skew"
        received 7 '' '' "$skew" && printf '%d\tend\n' $((base + 790))
    } >"$work/record"
    printf '1\tA\tB\t%d\t%d\t%d\n' $((base + 400)) $((base + 470)) $((base + 650)) >"$work/marks"
    promotions="$((base + 70)):A $((base + 450)):B"
}

# judged WHAT EXPECTED [TEXT...]: gap calm pause lost doubled reordered again unsent bad, and then of the lost ones
# before during after, promoted; and lines that begin with the texts.
judged()
{
    local what=$1 expected=$2 text
    shift 2
    awk -v promotions="$promotions" -v all="$work/lost" -f "$here/kills_judge.awk" \
        "$work/marks" "$work/record" "$work/A" "$work/B" >"$work/out" 2>&1
    check "$what" "$expected" "$(sed -n 's/^kill\t1\t//p' "$work/out" | tr '\t' ' ')"
    for text in "$@"; do
        grep -qF -- "1: $text" "$work/out" || check "$what" "$text" "$(cat "$work/out")"
    done
}

# without TICK [ITEM]: of the record
without()
{
    awk -F '\t' -v tick=$((count + $1)) -v item="${2:+C$2}" '!($2 == "change" && $4 == tick && (item == "" || $3 == item))' "$work/record" >"$work/less"
    mv "$work/less" "$work/record"
}

stage
judged "all is well" "150 100 100 0 0 0 0 0 0 0 0 0 40"
stage 5000
judged "the clocks differ" "150 100 100 0 0 0 0 0 0 0 0 0 40"
check "no lost ones in the list" 0 "$(cat "$work/lost" 2>/dev/null | wc -l)"

stage
without 4
judged "an update of the standby from before the promotion" "200 100 100 3 0 0 0 0 0 0 3 0 40" \
    "lost $((count + 4)) of 3 items, C1 the first; sent by B at $((base + 410)), 0 ms after the fault"
check "the list of the lost ones" "1 C1 $((count + 4)) B $((base + 410)) +0" "$(sort "$work/lost" | head -n 1 | tr '\t' ' ')"
stage
without 5 2
judged "one of after the promotion" "150 100 100 1 0 0 0 0 0 0 0 1 40" "lost $((count + 5)) of 1 items, C2"
stage
without 3
judged "one that A had an answer to, and B has sent" "250 100 100 3 0 0 0 0 0 3 0 0 40" "lost $((count + 3)) of 3 items"
stage
without 3
sed -i "/\tdelivery\t3\t/d" "$work/B"
judged "one that A had an answer to, and B has not sent" "250 100 200 3 0 0 0 0 0 3 0 0 40" "lost $((count + 3)) of 3 items, C1 the first; sent by A"
stage
without 3
sed -i "/\tdelivery\t3\t/d" "$work/B"
sed -i "/\tresult\t3\t/d" "$work/A"
judged "one that B has not sent, and A had no answer to" "250 100 200 0 0 0 0 3 0 0 0 0 40"
stage
without 2
sed -i "/\tdelivery\t2\t/d" "$work/A"
judged "one that A left out long before, and B as the standby has sent" "150 200 100 0 0 0 0 3 0 0 0 0 40"
stage
without 7 3
sed -i '/\tend$/d' "$work/record"
{ received 8 '' '1 2' && received 9 '' '1 2' && printf '%d\tend\n' $((base + 1200)); } >>"$work/record"
for tick in 8 9; do delivery $tick $tick && result $tick $tick; done >>"$work/B"
judged "an item that falls silent" "150 288 100 3 0 0 0 0 0 0 0 3 40" "lost $((count + 7)) of 1 items, C3" "lost $((count + 9)) of 1 items, C3"

stage
received 4 470 2 >>"$work/record"
judged "twice the same" "150 100 100 0 1 1 0 0 0 0 0 0 40" "doubled C2 = $((count + 4))" "reordered C2 = $((count + 4)) after $((count + 7))"
stage
sed -i "/\tC2\t$((count + 5))\t/{p;s/\t[0-9]*\t0x00000000/\t77\t0x00000000/}" "$work/record"
judged "the same with another stamp" "150 100 100 0 0 0 1 0 0 0 0 0 40"
stage
sed -i "/\tC2\t$((count + 5))\t/{p;s/0x00c0/0x0018/p;s/0x0018/0x00c0/}" "$work/record"
judged "the same after it was bad" "150 100 100 0 0 0 1 0 1 0 0 0 40" "bad C2 0x0018"
stage
without 5 1
received 5 630 1 >>"$work/record"
judged "a number after a higher one is not lost" "150 100 100 0 0 1 0 0 0 0 0 0 40" "reordered C1 = $((count + 5)) after $((count + 7))"
stage
sed -i '/\tdelivery\t6\t/d' "$work/B"
judged "B is late itself" "150 100 200 0 0 0 0 0 0 0 0 0 40"
stage
{ delivery 5 5 600 && result 6 5; } >>"$work/A"
judged "a machine that hung goes on" "150 100 100 0 0 0 0 0 0 0 0 0 40"
without 5
sed -i '/\tdelivery\t5\t/d' "$work/B"
judged "what it has sent then, too late" "150 100 200 0 0 0 0 3 0 0 0 0 40"
stage
without 4
sed -i "s/^$((base + 510))\(.*\t5\tchange\)/$((base + 420))\1/" "$work/B"
sed -i "s/^$((base + 512))/$((base + 425))/" "$work/record"
promotions="$((base + 70)):A $((base + 415)):B"
judged "B takes over at once" "187 100 190 3 0 0 0 0 0 0 3 0 5"
{ delivery 5 5 600 && result 6 5; } >>"$work/A"
judged "and A goes on later" "187 100 190 3 0 0 0 0 0 0 3 0 5"
stage
{ delivery 8 8 && result 8 8; } >>"$work/B"
judged "after the end of the record" "150 100 100 0 0 0 0 0 0 0 0 0 40"
sed -i "s/^[0-9]*\tend/$((base + 1200))\tend/" "$work/record"
judged "before it" "150 488 100 3 0 0 0 0 0 0 0 3 40" "lost $((count + 8)) of 3 items"
sed -i "/\tresult\t8\t/d" "$work/B"
judged "without an answer" "150 488 100 0 0 0 0 0 0 0 0 0 40"
{ delivery 8 8 && result 8 8; } >>"$work/A"
judged "what the standby has sent at the end" "150 488 100 0 0 0 0 0 0 0 0 0 40"
stage
{ delivery 8 8 720 9 && result 7 8; } >>"$work/B"
judged "an item that the client has not got" "150 100 100 0 0 0 0 0 0 0 0 0 40"
stage
sed -i "/\tC2\t$((count + 5))\t/{p;s/0x00000000/0x80004005/p;s/0x80004005/0x00000000/}" "$work/record"
judged "an item with an error" "150 100 100 0 1 0 0 0 1 0 0 0 40" "bad C2 0x00c0 0x80004005"
stage
sed -i '/\tdelivery\t[1-5]\t/d' "$work/B"
judged "times between two machines' deliveries are no pause" "150 100 100 0 0 0 0 0 0 0 0 0 40"
stage
machine A >"$work/A"
judged "a victim that has sent nothing" "150 100 100 0 0 0 0 0 0 0 0 0 50"
stage
promotions="$((base + 60)):B $promotions"
judged "an earlier promotion" "150 100 100 0 0 0 0 0 0 0 0 0 40"
promotions="$((base + 70)):A"
judged "nobody was promoted" "150 100 100 0 0 0 0 0 0 0 0 0 -1"

# Two kills: what is lost at the second one is the second one's.
stage
printf '2\tB\tA\t%d\t%d\t0\n' $((base + 660)) $((base + 670)) >>"$work/marks"
without 4 1
{ machine A && delivery 7 1 && result 7 1; } >"$work/A2"
without 6 2
awk -v promotions="$promotions $((base + 690)):A" -f "$here/kills_judge.awk" "$work/marks" "$work/record" "$work/A" "$work/B" "$work/A2" >"$work/out"
check "gaps and losses of two kills" "150 1 100 1" \
    "$(awk -F '\t' '$1 == "kill" { printf "%s%d %d", n++ ? " " : "", $3, $6 }' "$work/out")"
check "what the second has lost" "2: lost $((count + 6)) of 1 items, C2 the first; sent by B at $((base + 610)), 0 ms before the fault" \
    "$(grep '^2: lost' "$work/out" | sed 's/, [0-9]* ms before/, 0 ms before/')"

# ---- limits, and whose fault a complaint about a whole client is -----------------------------------

# shellcheck disable=SC2034 # for kills.sh
RM_TMP=$work rig_period_ms=100 e2e_ping_interval=250 e2e_ping_timeout=250
# shellcheck source=kills.sh
. "$here/kills.sh"
check "gap of a kill" 150 "$(kills_limit_ms kill 0)"
check "gap of a kill, the other one being later" 190 "$(kills_limit_ms kill 40)"
check "gap of a hang" 600 "$(kills_limit_ms hang 40)"
rig_period_ms=1000
check "slow counters, killed" 1050 "$(kills_limit_ms kill 0)"
check "slow counters, hanging" 1500 "$(kills_limit_ms hang 0)"
printf '%d\tA\tB\t%d\t%d\t%d\n' 5 28000000100 28000000110 28000000500 6 28000000700 28000000710 0 >"$work/marks"
e2e_complaints=("missing: C1, sent by B at 28000000450" "invented: C2 at 28000000900" "doubled: C3 at 28000000500, at last"
    "machine A was not ready again")
: >"$work/judged"
kills_share_complaints 7
check "the kills of the complaints" "5 6 5 6" "$(cut -f 1 "$work/judged" | tr '\n' ' ' | sed 's/ $//')"
: >"$work/marks"
: >"$work/judged"
kills_share_complaints 7
check "no kill was played" "7" "$(cut -f 1 "$work/judged" | sort -u)"
exit "$failed"
