# The plan of tools/faults --soak-kills: which kills are played, in which case and when. The same seed is the
# same plan.
#
#   awk -f kills_plan.awk -v kills=N -v seed=S [-v period=MS] [-v only="WORDS"] [-v most=N]
#
# A case is fault, apartment, bitness of the client and of the servers, skew and phase of machine B. The kills
# are spread over all cases, and the first four are of different fault and apartment. A client outlives
# `most` of them (5), so with more kills than that a case comes again. only: as in cover.awk; 32 bit and the
# phase "edge" only where they are named.
#
# The phases of B's counters: none, half a period, random, and on edge, 1 ms less than a period. There B's
# number n has the stamp of A's n + 1 but for that ms: which one is older can be told only where the clocks are
# known better than that. Random ones keep away from it.
#
# Prints a line per client: FAULT APARTMENT CLIENT SERVERS SKEW PHASE, the phase in ms, and the moment of each
# kill, in ms after all is well.

BEGIN {
    if (!period) period = 100
    if (!most) most = 5
    state = seed % 2147483646 + 1
    for (i = 0; i < 10; i++) random(1)
    column(1, "kill hang")
    column(2, "mta sta")
    column(3, bits("c"))
    column(4, bits("s"))
    column(5, "skew0 skew+5 skew-5")
    column(6, "phase0 half random" (is_one_of("edge", only) ? " edge" : ""))
    list_cases()
    if (cases) print_clients()
}

# Below `limit`. Park and Miller's minimal standard: the same numbers in each awk.
function random(limit)
{
    state = state * 16807 % 2147483647
    return int(state / 2147483647 * limit)
}

function column(number, words,    i, parts)
{
    values[number] = split(words, parts, " ")
    for (i = 1; i <= values[number]; i++) value[number, i] = parts[i]
}

# is_one_of WORD LIST: of words, separated by "/" or ",".
function is_one_of(word, list)
{
    gsub("/", ",", list)
    return index("," list ",", "," word ",")
}

function bits(letter,    is_32)
{
    is_32 = is_one_of(letter "32", only)
    if (is_32 && is_one_of(letter "64", only)) return letter "64 " letter "32"
    return letter (is_32 ? "32" : "64")
}

# is_wanted ROW: each of the wanted words, or one of its alternatives, is one of the row's.
function is_wanted(row,    wanted, words, cells, found, i, j, count)
{
    wanted = split(only, words, "/")
    count = split(row, cells, " ")
    for (i = 1; i <= wanted; i++) {
        found = 0
        for (j = 1; j <= count; j++) found = found || is_one_of(cells[j], words[i])
        if (!found) return 0
    }
    return 1
}

# Those of one fault and apartment are a heap; the heaps are shuffled, and dealt in turn.
function list_cases(    fault, apartment)
{
    for (fault = 1; fault <= values[1]; fault++)
        for (apartment = 1; apartment <= values[2]; apartment++)
            add_heap(value[1, fault] " " value[2, apartment])
    deal()
}

function add_heap(begin,    c, s, skew, phase, row)
{
    heaps++
    for (c = 1; c <= values[3]; c++)
        for (s = 1; s <= values[4]; s++)
            for (skew = 1; skew <= values[5]; skew++)
                for (phase = 1; phase <= values[6]; phase++) {
                    row = begin " " value[3, c] " " value[4, s] " " value[5, skew] " " value[6, phase]
                    if (is_wanted(row)) heap[heaps, ++size[heaps]] = row
                }
    if (!size[heaps]) heaps--
}

function deal(    h, i, other, row, is_more)
{
    for (h = 1; h <= heaps; h++)
        for (i = size[h]; i > 1; i--) {
            other = random(i) + 1
            row = heap[h, i]
            heap[h, i] = heap[h, other]
            heap[h, other] = row
        }
    for (i = 1; i == 1 || is_more; i++) {
        is_more = 0
        for (h = 1; h <= heaps; h++)
            if (i <= size[h]) {
                list[++cases] = heap[h, i]
                is_more = 1
            }
    }
}

function print_clients(    rounds, clients, i, left, share, row, word, line)
{
    rounds = int((kills + cases * most - 1) / (cases * most))
    clients = cases * rounds < kills ? cases * rounds : kills
    for (i = 1; i <= clients; i++) {
        row = list[(i - 1) % cases + 1]
        split(row, word, " ")
        line = row " " phase_ms(word[6])
        share = int(kills / clients) + (i <= kills % clients)
        for (left = share; left > 0; left--) line = line " " random(1000)
        print line
    }
}

function phase_ms(word)
{
    if (word == "half") return int(period / 2)
    if (word == "edge") return period - 1
    return word == "random" ? 1 + random(int(period * 0.95) - 1) : 0
}
