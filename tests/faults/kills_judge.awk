# What a client lost, got twice or out of order at each of the kills that it outlived: its record (rmprobe
# --record) of counters against the machines' journals (rmsim /journal).
#
#   awk -f kills_judge.awk -v promotions="TIME:MACHINE ..." [-v all=FILE] MARKS RECORD JOURNAL...
#
# MARKS has a line per kill, tab-separated: NUMBER VICTIM TAKER ORDER DONE SETTLED. The first two times
# are from before and after the order to kill, the third is when all machines were ready again, 0 if never.
# Whatever is found belongs to the kill whose SETTLED is the next. All times in ms, as in the other files.
#
# Machines count by the same clock, so a number says which update it is, whoever sent it, and however their
# time stamps differ.
#   lost       a number that the client never got although it has got a higher one, and the machine which
#              that one came from has sent it, as the standby or later; or the machine before had an answer to
#              it. Also what the active machine has sent of an item from which nothing came any more
#   unsent     such a number that they have not: a busy machine leaves out a value
#   doubled    the same number with the same quality and time stamp came once more, with no update of another
#              quality in between
#   again      the highest number came once more, with another stamp or quality
#   reordered  a number came after a higher one
#   bad        updates of bad quality or with an error; they are no numbers
#   gap        the longest time without any new number, of those that end after ORDER and begin before
#              SETTLED; calm: of all others
#   pause      in the same time, the longest in which the taker itself has sent nothing
#
# The fault's own moment is the last at which the victim has journalled anything before DONE.
#
# Prints "kill NUMBER GAP CALM PAUSE LOST DOUBLED REORDERED AGAIN UNSENT BAD BEFORE DURING AFTER PROMOTED", the
# lost ones by when they were first sent: before the fault, until the taker was promoted, or later; PROMOTED in
# ms after the fault. Under it lines "NUMBER: TEXT". all: a line per lost update. (mawk prints no whole number
# beyond 31 bits but by %.0f; times are beyond that.)

BEGIN {
    FS = "\t"
    margin_ms = 20 # until a callback that was under way is with the client, and a promotion told
    window = 512   # so many numbers of an item are remembered
    examples = 3
    never = 1e18
    promotion_count = split(promotions, promotion, " ")
}

function maximum(a, b)
{
    return a > b ? a : b
}

# The kill to which that time belongs.
function kill_at(time_ms,    k)
{
    for (k = 1; k < kills && time_ms > settled[k]; k++) {}
    return k
}

function is_over_kill(k, from_ms, to_ms)
{
    return to_ms > order[k] && from_ms < settled[k]
}

function note_gap(from_ms, to_ms,    k, is_of_kill)
{
    for (k = 1; k <= kills; k++)
        if (is_over_kill(k, from_ms, to_ms)) {
            gap[k] = maximum(gap[k], to_ms - from_ms)
            is_of_kill = 1
        }
    if (!is_of_kill) calm[kill_at(to_ms)] = maximum(calm[kill_at(to_ms)], to_ms - from_ms)
}

function note_new(time_ms)
{
    if (last_new && time_ms > last_new) note_gap(last_new, time_ms)
    last_new = time_ms
}

function finding(k, kind, text)
{
    if (++found[k, kind] <= examples) texts[k] = texts[k] number[k] ": " kind " " text "\n"
}

{ sub(/\r$/, "") }

# ---- the marks ------------------------------------------------------------------------------------

FILENAME == ARGV[1] {
    k = ++kills
    number[k] = $1
    victim[k] = $2
    taker[k] = $3
    order[k] = $4 + 0
    done[k] = $5 + 0
    settled[k] = $6 > 0 ? $6 + 0 : never
    next
}

# ---- the record -----------------------------------------------------------------------------------

function note_lower(item, value, key)
{
    reordered[now_kill]++
    finding(now_kill, "reordered", item " = " value " after " highest[item] " at " $1)
    if (key in hole) {
        delete hole[key]
        note_new($1)
    }
}

# Numbers between the highest and this one are missing so far.
function note_higher(item, value, key,    missing)
{
    for (missing = highest[item] + 1; missing < value; missing++) {
        hole[item SUBSEP missing] = now_kill
        end_of[item SUBSEP missing] = key
        end_at[item SUBSEP missing] = $1
        is_end[key] = 1
    }
    highest[item] = value
    note_new($1)
}

function note_value(item, value, quality, stamp,    key, slot)
{
    key = item SUBSEP value
    slot = item SUBSEP value % window
    if (slot in seen && seen[slot] == value && seen_stamp[slot] == stamp && \
        seen_rank[slot] >= changed_rank[item]) {
        doubled[now_kill]++
        finding(now_kill, "doubled", item " = " value " " quality " " stamp " at " $1)
    } else if (item in highest && value == highest[item]) again[now_kill]++
    if (!(item in highest)) {
        highest[item] = value
        note_new($1)
    } else if (value > highest[item]) note_higher(item, value, key)
    else if (value < highest[item]) note_lower(item, value, key)
    seen[slot] = value
    seen_stamp[slot] = stamp "" # beyond what a number holds exactly
    seen_rank[slot] = rank
}

FILENAME == ARGV[2] && $2 == "change" {
    if ($1 != now_ms) {
        now_ms = $1
        now_kill = kill_at($1 + 0)
    }
    rank++
    if ($5 != last_quality[$3]) {
        last_quality[$3] = $5
        changed_rank[$3] = rank
    }
    if ($7 ~ /^0x[89a-f]/ || $5 ~ /^0x..[0-3]/) {
        bad[now_kill]++
        finding(now_kill, "bad", $3 " " $5 " " $7 " at " $1)
    } else note_value($3, $4 + 0, $5, $6 "")
    next
}

FILENAME == ARGV[2] {
    if ($2 == "end") {
        end_ms = $1 + 0
        note_gap(last_new, end_ms)
    }
    next
}

# ---- the journals ---------------------------------------------------------------------------------

FNR == 1 { process++ }

$2 == "start" {
    machine = $3
    process++
    next
}

# A delivery or its answer: the victim lives.
function note_life(time_ms,    k)
{
    for (k = 1; k <= kills; k++)
        if (victim[k] == machine && time_ms <= done[k]) fault_ms[k] = maximum(fault_ms[k], time_ms)
}

function note_delivery(time_ms,    k)
{
    for (k = 1; k <= kills; k++)
        if (taker[k] == machine && is_over_kill(k, beat_ms, time_ms) && beat_process == process)
            pause[k] = maximum(pause[k], time_ms - beat_ms)
    beat_ms = time_ms
    beat_process = process
    note_life(time_ms)
}

$2 == "delivery" && $8 > 0 && ($4 == "change" || $4 == "refresh") {
    delivery = process SUBSEP $3
    if (delivery != last_delivery) {
        last_delivery = delivery
        note_delivery($1 + 0)
    }
    key = $9 SUBSEP ($11 + 0)
    is_tail = $9 in highest && $11 + 0 > highest[$9]
    if (!is_tail && !(key in hole) && !(key in is_end)) next
    if (!((machine, key) in sent)) sent[machine, key] = $1 + 0
    if (is_tail) tail[machine SUBSEP key] = 1
    of[delivery, ++of_count[delivery]] = key
    next
}

$2 == "result" {
    note_life($1 + 0)
    if ($4 != "0x00000000") next
    delivery = process SUBSEP $3
    for (i = 1; i <= of_count[delivery]; i++)
        if (!((machine, of[delivery, i]) in answered)) answered[machine, of[delivery, i]] = $1 + 0
}

# ---- the verdict ----------------------------------------------------------------------------------

# When that kill's taker was promoted.
function promoted(k,    i, part)
{
    for (i = 1; i <= promotion_count; i++) {
        split(promotion[i], part, ":")
        if (part[2] == taker[k] && part[1] + 0 >= order[k]) return part[1] + 0
    }
    return never
}

# The machine that was active at that time; "" near a switch.
function active_at(time_ms,    k)
{
    k = kill_at(time_ms)
    if (time_ms < order[k]) return victim[k]
    return time_ms > promoted_ms[k] + margin_ms ? taker[k] : ""
}

function note_lost(k, item, value, by, at_ms,    late, group)
{
    late = at_ms - fault_ms[k]
    if (late < 0) before[k]++
    else if (at_ms <= promoted_ms[k]) during[k]++
    else after[k]++
    lost[k]++
    if (all) printf("%s\t%s\t%d\t%s\t%.0f\t%+d\n", number[k], item, value, by, at_ms, late) >all
    group = k SUBSEP value
    if (!group_count[group]++) {
        groups[k, ++group_total[k]] = value
        first_item[group] = item
        group_text[group] = "sent by " by sprintf(" at %.0f, %d ms %s the fault", at_ms, \
            late < 0 ? -late : late, late < 0 ? "before" : "after")
    } else if (item < first_item[group]) first_item[group] = item
}

# A number that the client never got.
function judge_hole(key,    k, part, old, new, is_by_old, by)
{
    k = hole[key]
    old = victim[k]
    new = taker[k]
    is_by_old = end_at[key] <= fault_ms[k] + margin_ms && (old, end_of[key]) in sent && \
                sent[old, end_of[key]] <= end_at[key]
    split(key, part, SUBSEP)
    if (!is_by_old && (new, key) in sent) note_lost(k, part[1], part[2], new, sent[new, key])
    else if ((old, key) in answered && answered[old, key] <= fault_ms[k] + margin_ms)
        note_lost(k, part[1], part[2], old, sent[old, key])
    else unsent[k]++
}

# A number beyond all that the client got of that item.
function judge_tail(machine_and_key,    part, at_ms)
{
    split(machine_and_key, part, SUBSEP)
    at_ms = sent[machine_and_key]
    if (active_at(at_ms) == part[1] && machine_and_key in answered && answered[machine_and_key] < end_ms)
        note_lost(kill_at(at_ms), part[2], part[3], part[1], at_ms)
}

function sort_groups(k,    i, j, value)
{
    for (i = 2; i <= group_total[k]; i++) {
        value = groups[k, i]
        for (j = i - 1; j > 0 && groups[k, j] + 0 > value + 0; j--) groups[k, j + 1] = groups[k, j]
        groups[k, j + 1] = value
    }
}

function print_kill(k,    i, group)
{
    printf "kill\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", number[k], gap[k], calm[k], \
        pause[k], lost[k], doubled[k], reordered[k], again[k], unsent[k], bad[k], before[k], during[k], \
        after[k], promoted_ms[k] < never ? promoted_ms[k] - fault_ms[k] : -1
    sort_groups(k)
    for (i = 1; i <= group_total[k]; i++) {
        group = k SUBSEP groups[k, i]
        print number[k] ": lost " groups[k, i] " of " group_count[group] " items, " first_item[group] \
            " the first; " group_text[group]
    }
    printf "%s", texts[k]
}

END {
    if (!end_ms) print "the client's record has no end"
    for (k = 1; k <= kills; k++) {
        if (!fault_ms[k]) fault_ms[k] = order[k]
        promoted_ms[k] = promoted(k)
    }
    for (key in hole) judge_hole(key)
    for (key in tail) judge_tail(key)
    for (k = 1; k <= kills; k++) print_kill(k)
}
