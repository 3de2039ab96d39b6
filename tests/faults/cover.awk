# The rows of the rig: which faults are played with what.
#
#   awk -f cover.awk [-v full=1] [-v only="WORDS"]
#
# Without full a pairwise cover: each value of a column meets each value of each other one in some row,
# where that pair is possible at all. Greedy: again and again the row that brings most new pairs; always
# the same rows. With full all that are possible.
# only: words of which a row must have each, separated by "/", alternatives by ",": kill,hang/hot/s32.
#
# Prints a row per line: fault mode work apartment client server.

BEGIN {
    column(1, "kill hang hang-status hang-call slow fail refuse-items refuse not-ready shutdown " \
              "both-lost flapping kill-at-call kill-at-promotion kill-at-return disconnect silent")
    column(2, "cold warm hot")
    column(3, "reads subscription async writes adding browsing")
    column(4, "mta sta")
    column(5, "c64 c32")
    column(6, "s64 s32")
    columns = 6
    list_rows()
    if (!full) cover_pairs()
    for (row = 1; row <= rows; row++)
        if ((full || is_chosen[row]) && is_wanted(row)) print text(row)
}

function column(number, words,    i, parts)
{
    values[number] = split(words, parts, " ")
    for (i = 1; i <= values[number]; i++) value[number, i] = parts[i]
}

# A return is not for cold mode; a subscription has no call of its own that could hang. Asynchronous writes
# to a silent machine are all of unknown outcome: more events than the status keeps to be judged by.
function is_possible(fault, mode, work)
{
    return !(fault == "kill-at-return" && mode == "cold") && \
           !(fault == "hang-call" && work == "subscription") && \
           !(fault == "silent" && work == "async")
}

# All rows that are possible, the first column changing last.
function list_rows(    n, i, left, all)
{
    all = 1
    for (i = 1; i <= columns; i++) all *= values[i]
    for (n = 0; n < all; n++) {
        left = n
        for (i = columns; i >= 1; i--) {
            place[i] = left % values[i] + 1
            left = int(left / values[i])
        }
        if (!is_possible(value[1, place[1]], value[2, place[2]], value[3, place[3]])) continue
        rows++
        for (i = 1; i <= columns; i++) cell[rows, i] = place[i]
    }
}

# The row's pairs, as places in the list of all pairs.
function list_pairs(    row, i, j, key)
{
    for (row = 1; row <= rows; row++) {
        pairs = 0
        for (i = 1; i < columns; i++)
            for (j = i + 1; j <= columns; j++) {
                key = i " " cell[row, i] " " j " " cell[row, j]
                if (!(key in number)) {
                    number[key] = ++uncovered
                    is_open[uncovered] = 1
                }
                pair[row, ++pairs] = number[key]
            }
    }
}

# Of rows that bring as much, the one whose pairs have been used least.
function cover_pairs(    row, best, most, gain, i, use, least)
{
    list_pairs()
    while (uncovered > 0) {
        most = 0
        for (row = 1; row <= rows; row++) {
            gain = 0
            for (i = 1; i <= pairs; i++) gain += is_open[pair[row, i]]
            if (gain == 0 || gain < most) continue
            use = 0
            for (i = 1; i <= pairs; i++) use += used[pair[row, i]]
            if (gain > most || use < least) {
                most = gain
                least = use
                best = row
            }
        }
        is_chosen[best] = 1
        for (i = 1; i <= pairs; i++) {
            is_open[pair[best, i]] = 0
            used[pair[best, i]]++
        }
        uncovered -= most
    }
}

function text(row,    i, line)
{
    for (i = 1; i <= columns; i++) line = line (i > 1 ? " " : "") value[i, cell[row, i]]
    return line
}

function is_wanted(row,    wanted, i, j, words, one, is_found)
{
    wanted = split(only, words, "/")
    for (i = 1; i <= wanted; i++) {
        is_found = 0
        for (j = 1; j <= columns; j++) {
            one = value[j, cell[row, j]]
            if (index("," words[i] ",", "," one ",")) is_found = 1
        }
        if (!is_found) return 0
    }
    return 1
}
