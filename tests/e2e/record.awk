# What a client recorded (rmprobe --record) against what the machines journalled (rmsim /journal).
#
#   awk -f record.awk [-v promotions="TIME:MACHINE ..."] [-v clocks_differ=1] RECORD JOURNAL...
#
# promotions: when each machine became the active one, "-" where none was; times as in the files; without,
# each machine counts as active all the time, as for a client that talks to it straight.
#
# An update is a value of one item with its quality, time stamp and error. What must hold:
#   invented    no update was received that no machine has sent, but for those of quality 0x0018
#               (bad, communication failure): these are what a client is told when nobody is left
#   doubled     no update was received twice, but for answers to the client's own refreshes, and
#               with an update of another quality in between
#   missing     whatever the active machine sent and had answered with S_OK was received. A promotion
#               is told some milliseconds after it was made: what a machine sent right before
#               another one's may have come too late
#   disordered  of each item, updates were received in the order of each journal, and of their
#               stamps: the machines' clocks are one
# With clocks_differ, for machines whose stamps of the same update are not the same: stamps tell no order,
# and nothing is missing that was received with another stamp.
# What a machine sent and never had an answer to may be missing, as what a standby sent. Nothing
# outside of the record's own time counts; a record without an end is not judged.
#
# Prints a line per finding, three of each kind, then "journal=ok updates=N demanded=N" (received; sent by
# the active machine) or "journal=FAIL ..."; exit status 0 or 1. One pass over all files, the record first.

BEGIN {
    FS = "\t"
    margin_ms = 20 # between a promotion and its event
    examples = 3
    split("invented doubled missing disordered", kinds, " ")
    promotion_count = split(promotions, promotion, " ")
    for (i = 1; i <= promotion_count; i++) {
        at = index(promotion[i], ":")
        promoted_ms[i] = substr(promotion[i], 1, at - 1) + 0
        promoted[i] = substr(promotion[i], at + 1)
    }
}

function finding(kind, text)
{
    if (++found[kind] <= examples) print kind ": " text
}

# Whether that update was received.
function has_come(update,    part)
{
    if (update in is_received) return 1
    if (!clocks_differ) return 0
    split(update, part, "\t")
    return (part[1], part[2], part[3], part[5]) in is_known
}

function complain(text)
{
    print text
    problems++
}

# "item = value quality stamp error"
function words(update,    part)
{
    split(update, part, "\t")
    return part[1] " = " part[2] " " part[3] " " part[4] " " part[5]
}

# Whether that machine was the active one all the time from one moment to the other.
function is_active(machine, from_ms, to_ms,    i)
{
    if (!promotion_count) return 1
    for (i = promotion_count; i > 0 && promoted_ms[i] >= from_ms; i--) {}
    return i > 0 && promoted[i] == machine && \
           (i == promotion_count || promoted_ms[i + 1] >= to_ms + margin_ms)
}

{ sub(/\r$/, "") }

# ---- the record -----------------------------------------------------------------------------------

FILENAME == ARGV[1] && $2 == "change" {
    item = $3
    update = item "\t" $4 "\t" $5 "\t" $6 "\t" $7
    rank++
    if ($5 != quality[item]) {
        quality[item] = $5
        changed_at[item] = rank
    }
    if (update in last_rank && last_rank[update] >= changed_at[item])
        finding("doubled", words(update) " at " $1)
    if (!(update in first_rank)) first_rank[update] = rank
    last_rank[update] = rank
    is_received[update] = $1
    if (clocks_differ) is_known[item, $4, $5, $7] = 1
    if ($5 == "0x0018") next
    if (!clocks_differ && (item in stamp) && $6 "" < stamp[item] "")
        finding("disordered", words(update) " at " $1 ", after the stamp " stamp[item])
    stamp[item] = $6
    next
}

FILENAME == ARGV[1] {
    if ($2 == "begin") begin_ms = $1 + 0
    else if ($2 == "end") end_ms = $1 + 0
    else if ($2 == "refresh") is_received[$3 "\t" $4 "\t" $5 "\t" $6 "\t" $7] = $1
    else if ($2 == "read") is_read[$3 "\t" $4 "\t" $5 "\t" $6 "\t" $7] = $1
    next
}

# ---- the journals ---------------------------------------------------------------------------------

FNR == 1 { process++ }

$2 == "start" {
    machine = $3
    process++
    next
}

$2 == "delivery" && $8 > 0 && $1 >= begin_ms {
    update = $9 "\t" $11 "\t" $12 "\t" $13 "\t" $14
    if ($4 == "read") {
        is_sent_read[update] = 1
        next
    }
    if ($4 != "change" && $4 != "refresh") next
    is_sent[update] = 1
    delivery = process " " $3
    if (!(delivery in first_sent)) {
        first_sent[delivery] = sent_count + 1
        sent_ms[delivery] = $1
    }
    sent[++sent_count] = update
    last_sent[delivery] = sent_count
    if (!(update in first_rank)) next
    # Of two places in the record the one that fits.
    place = process " " $9
    at = first_rank[update] >= reached[place] ? first_rank[update] : last_rank[update]
    if (at < reached[place])
        finding("disordered", words(update) " at " is_received[update] ", sent later by " machine)
    else
        reached[place] = at
    next
}

$2 == "result" && $4 == "0x00000000" {
    delivery = process " " $3
    if (!(delivery in first_sent) || $1 >= end_ms || !is_active(machine, sent_ms[delivery] + 0, $1 + 0)) next
    for (i = first_sent[delivery]; i <= last_sent[delivery]; i++) {
        update = sent[i]
        demanded++
        if (!has_come(update))
            missing_by[update] = machine " at " sent_ms[delivery]
    }
}

# ---- the verdict ----------------------------------------------------------------------------------

END {
    for (update in missing_by)
        if (!has_come(update)) finding("missing", words(update) ", sent by " missing_by[update])
    for (update in is_received)
        if (!(update in is_sent) && update !~ /\t0x0018\t/)
            finding("invented", words(update) " at " is_received[update])
    for (update in is_read)
        if (!(update in is_sent_read) && update !~ /\t0x0018\t/)
            finding("invented", words(update) " at " is_read[update])
    if (!end_ms) complain("the client's record has no end")
    if (!rank) complain("the client's record has no updates")
    else if (demanded * 2 < rank) complain("only " demanded + 0 " of " rank " updates could be judged")
    for (i = 1; i in kinds; i++)
        if (found[kinds[i]]) text = text " " kinds[i] "=" found[kinds[i]]
    if (text != "" || problems) {
        print "journal=FAIL" text
        exit 1
    }
    print "journal=ok updates=" rank " demanded=" demanded
}
