#!/bin/bash
# What tests/e2e/record.awk finds in a small record and two small journals: nothing where all is well,
# and each kind of fault. Three counters with five updates each; A is killed after the third, before it
# had an answer to the fourth, and B takes over.
set -u
checker=$(dirname "$0")/../e2e/record.awk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# update ITEM TICK: value, quality, stamp
update()
{
    printf 'C%d\t%d\t0x00c0\t1340000000000%05d' "$1" "$2" "$2"
}

# delivery TICK SEQUENCE [KIND [TRANSACTION]]: all items, sent 10 ms after the tick.
delivery()
{
    local item
    for item in 1 2 3; do
        update $item "$1" | awk -F '\t' -v at=$(($1 * 100 + 10)) -v sequence="$2" -v kind="${3:-change}" \
            -v transaction="${4:-0}" '{
            printf "%d\tdelivery\t%d\t%s\t7\t1\t%d\t3\t%s\t%s\t%s\t%s\t%s\t0x00000000\n", at, sequence, kind,
                transaction, $1, substr($1, 2), $2, $3, $4 }'
    done
}

# result TICK SEQUENCE [HRESULT]
result()
{
    printf '%d\tresult\t%d\t%s\n' $(($1 * 100 + 15)) "$2" "${3:-0x00000000}"
}

journal_start()
{
    printf '50\tstart\t%s\t%d\t100\t0\t0\n' "$1" "$2"
    printf '60\titem\t7\t%d\tC%d\n' 1 1 2 2 3 3
}

# received TICK [KIND]: in the record
received()
{
    local item
    for item in 1 2 3; do
        printf '%d\t%s\t%s\t0x00000000\n' $(($1 * 100 + 12)) "${2:-change}" "$(update $item "$1")"
    done
}

# Both machines deliver to the same clock; B begins with the tick that A had no answer to.
stage()
{
    {
        journal_start A 100
        delivery 1 1 && result 1 1
        delivery 2 2 && result 2 2
        delivery 3 3 && result 3 3
        delivery 4 4
    } >"$work/A"
    {
        journal_start B 200
        delivery 4 1 && result 4 1
        delivery 5 2 && result 5 2
    } >"$work/B"
    {
        printf '80\tbegin\n'
        received 1 && received 2 && received 3 && received 4 && received 5
        printf '590\tend\n'
    } >"$work/record"
    promotions="70:A 380:B"
}

# expect "what this shows" STATUS REGEX...: each has a line in the output.
expect()
{
    local what=$1 expected=$2 regex status=0 text=
    shift 2
    awk -v promotions="$promotions" -v clocks_differ="${clocks_differ:-0}" -f "$checker" "$work/record" "$work/A" "$work/B" >"$work/out" || status=$?
    [ "$status" -eq "$expected" ] || text="exit status $status instead of $expected"
    for regex in "$@"; do
        grep -qE -- "$regex" "$work/out" || text="no line like '$regex'"
    done
    if [ -n "$text" ]; then
        failed=$((failed + 1))
        echo "FAIL $what: $text"
        sed 's/^/    | /' "$work/out"
    else
        echo "PASS $what"
    fi
}

# edit FILE AWK-PROGRAM
edit()
{
    awk -F '\t' -v OFS='\t' "$2" "$work/$1" >"$work/edited" && mv "$work/edited" "$work/$1"
}

what_is_well()
{
    stage
    expect "all is well" 0 '^journal=ok updates=15 '
    promotions=
    expect "without promotions, for a client without us" 0 '^journal=ok updates=15 '
    edit A '{ print $0 "\r" }'
    expect "lines that end as in Windows" 0 '^journal=ok updates=15 '

    stage
    edit record '!/\tC[123]\t4\t/'
    edit B '!/^41/'
    expect "what the dead machine had no answer to is missing" 0 '^journal=ok updates=12 '

    stage
    { delivery 3 9 && result 3 9; } >>"$work/B"
    edit record '!/\tC[123]\t3\t/'
    edit A '!/^31/'
    expect "what only the standby sent is missing" 0 '^journal=ok updates=12 '

    stage
    edit record '{ print } /\tC1\t3\t/ { $2 = "refresh"; print }'
    expect "an update comes again in answer to a refresh" 0 '^journal=ok updates=15 '

    stage
    edit record '{ print } /\tC1\t3\t/ { last = $0; $5 = "0x0018"; $6 = $6 + 10; print; print last }'
    expect "bad when all are lost, then the same again" 0 '^journal=ok updates=17 '

    stage
    { delivery 6 9 && result 6 9; } >>"$work/B"
    expect "what was sent after the end" 0 '^journal=ok updates=15 '

    stage
    { delivery 5 9 refresh 1380799046 && result 5 9; } >>"$work/B"
    expect "a refresh of ours repeats what was sent" 0 '^journal=ok updates=15 '
}

# B's clock is a second behind: the client has the fourth update from A, and B's is suppressed.
what_differing_clocks_say()
{
    stage
    edit B '{ sub(/1340000000000/, "1339999000000"); print }'
    edit record '/\t5\t0x00c0/ { sub(/1340000000000/, "1339999000000") } { print }'
    expect "the clocks differ, and it isn't said" 1 '^disordered: C1 = 5 ' '^missing: C2 = 4 '
    clocks_differ=1
    expect "the clocks differ" 0 '^journal=ok updates=15 '
    edit record '!/\tC3\t4\t/'
    expect "the clocks differ, and one is missing" 1 '^missing: C3 = 4 .*sent by B at 410$' '^journal=FAIL missing=1$'
    stage
    edit record '/\tC1\t2\t/ { kept = $0; next } { print } /\tC1\t3\t/ { print kept }'
    expect "the clocks differ, and two of one machine change places" 1 '^disordered: C1 = '
    clocks_differ=0
}

what_is_wrong()
{
    stage
    edit record '/\tC2\t3\t/ { $4 = 33 } { print }'
    expect "another value" 1 '^invented: C2 = 33 ' '^missing: C2 = 3 .*sent by A at 310$' \
        '^journal=FAIL invented=1 missing=1$'
    stage
    edit record '/\tC2\t3\t/ { $5 = "0x0040" } { print }'
    expect "another quality" 1 '^invented: C2 = 3 0x0040 '
    stage
    edit record '/\tC2\t3\t/ { $6 = "134000000000000004" } { print }'
    expect "another time stamp" 1 '^invented: C2 = 3 0x00c0 134000000000000004 '
    stage
    edit record '/\tC2\t3\t/ { $7 = "0x80004005" } { print }'
    expect "another error" 1 '^invented: C2 = 3 '
    stage
    edit record '/\tend$/ { print "500\tread\tC1\t77\t0x00c0\t134000000000000001\t0x00000000" } { print }'
    expect "a value that was never read" 1 '^invented: C1 = 77 '

    stage
    edit record '{ print } /\tC1\t5\t/ { print }'
    expect "twice in a row" 1 '^doubled: C1 = 5 ' '^journal=FAIL doubled=1$'
    stage
    edit record '{ print } /\tC1\t4\t/ { again = $0 } /\tC3\t5\t/ { print again }'
    expect "again, after a later one" 1 '^doubled: C1 = 4 ' '^disordered: C1 = 4 '

    stage
    edit record '!/\tC3\t2\t/'
    expect "one is missing" 1 '^missing: C3 = 2 .*sent by A at 210$' '^journal=FAIL missing=1$'
    stage
    edit record '!/\tC[123]\t5\t/'
    expect "the last ones are missing" 1 '^journal=FAIL missing=3$'
    stage
    promotions="70:A 350:B"
    edit record '!/\tC1\t3\t/'
    expect "the last one before the promotion is missing" 1 '^missing: C1 = 3 '

    stage
    edit record '/\tC1\t2\t/ { kept = $0; next } { print } /\tC1\t3\t/ { print kept }'
    expect "two of one machine change places" 1 '^disordered: C1 = ' '^journal=FAIL disordered='
    stage
    edit record '/\tC1\t3\t/ { kept = $0; next } { print } /\tC1\t5\t/ { print kept }'
    expect "two of different machines change places" 1 '^disordered: C1 = 3 .*after the stamp'
    stage
    edit A '{ gsub(/1340000000000000[123]/, "13400000000000001"); print }'
    edit record '{ gsub(/1340000000000000[123]/, "13400000000000001") }
        /\tC1\t2\t/ { kept = $0; next } { print } /\tC1\t3\t/ { print kept }'
    expect "two with one stamp change places" 1 '^disordered: C1 = '

    stage
    edit record '!/end$/'
    expect "a record without an end" 1 'has no end$' '^journal=FAIL'
    stage
    edit record '/begin|end/'
    expect "a record without updates" 1 'has no updates$'
    stage
    promotions="585:A"
    expect "nobody was active" 1 '^only 0 of 15 updates could be judged$'
}

# Ten seconds of 1,000 counters from two machines: well below the 3 s that a row can spare.
what_it_takes()
{
    local started
    awk 'BEGIN {
        print "80\tbegin"
        for (tick = 1; tick <= 100; tick++)
            for (item = 1; item <= 1000; item++)
                printf "%d\tchange\tCounters.C%04d\t%d\t0x00c0\t134000000%09d\t0x00000000\n", tick * 100 + 12, item,
                    tick, tick
        print "20000\tend" }' >"$work/record"
    for name in A B; do
        awk -v name=$name 'BEGIN {
            print "50\tstart\t" name "\t100\t100\t0\t0"
            for (tick = 1; tick <= 100; tick++) {
                for (item = 1; item <= 1000; item++)
                    printf "%d\tdelivery\t%d\tchange\t7\t1\t0\t1000\tCounters.C%04d\t%d\t%d\t0x00c0\t134000000%09d\t0x00000000\n",
                        tick * 100 + 10, tick, item, item, tick, tick
                print tick * 100 + 13 "\tresult\t" tick "\t0x00000000"
            } }' >"$work/$name"
    done
    promotions="70:A"
    started=$(date +%s%3N)
    expect "100,000 updates" 0 '^journal=ok updates=100000 demanded=100000$'
    echo "100,000 updates of two machines took $(($(date +%s%3N) - started)) ms"
}

what_is_well
what_differing_clocks_say
what_is_wrong
what_it_takes
[ "$failed" -eq 0 ]
