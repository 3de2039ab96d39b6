#!/bin/bash
# cover.awk leaves out no pair and no row that is wanted, and writes.awk finds each kind of wrong write. No
# Wine is needed. Exit status 0 when all is well.
set -u
. "$(dirname "$0")/checks.sh"

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
exit "$failed"
