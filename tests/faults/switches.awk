# The switches that black-box reports tell of, against those that a fault should cost.
#
#   awk -f switches.awk -v due="1>2=died 2>1=back" -v mode=MODE -v after=GENERATION REPORTS
#
# REPORTS: the values of a session's reports as json.awk prints them, one report after the other. after: the
# generation that the session had before the fault. due: FROM>TO=WHY, in their order; " or " separates what
# is right, too. Of each switch the report must name the machines, the cause, the code and, in its sentence,
# all of these in words. WHY is
#
#   died      its process ended              hung      it did not answer a ping
#   cut       it lives, but took its objects away from the client
#   left      it asked its clients to leave  failing   it answers GetStatus with E_FAIL
#   silent    its callbacks do not come      back      the one that is switched to is well again
#
# Prints what is not so, and at the end "switches N M TIME...": N to a machine, M to none, and when they were.

BEGIN {
    died = "0x800706B[AEF]"
    reason("died", "transport lost", died, "lost FROM: .+ failed with " died " [(].+[)]")
    reason("cut", "transport lost", "0x80010108", "lost FROM: .+ failed with 0x80010108 [(].+[)]")
    reason("hung", "ping timeout", "",
        "lost FROM: it hangs, is too slow, .*The status ping of [0-9:.]+ was not answered .*")
    reason("left", "server shutdown", "", "the server on FROM asked its clients to leave [(]shutdown request.*[)]")
    reason("failing", "status fails", "", "FROM answers, but its server.s status call fails with 0x80004005 [(].+[)]")
    reason("silent", "callbacks silent", "", "FROM answers, but its data callbacks do not come")
    reason("back", "return", "", "TO is well again and better placed")
}

function reason(why, its_cause, its_code, its_words)
{
    cause[why] = its_cause
    code[why] = its_code
    words[why] = its_words
}

# A report begins: its first sentence is that of the next promotion.
/^summary\[0\]=/ { first = seen + 1 }

/^summary\[/ {
    sentence[first + place_in_list(), "text"] = value()
    next
}

/^promotions\[/ {
    at = first + place_in_list()
    if (at > seen) seen = at
    key = $0
    sub(/^promotions\[[0-9]+\]\./, "", key)
    sub(/=.*/, "", key)
    told[at, key] = key ~ /^(from|to|generation)$/ ? value() + 0 : value()
}

function place_in_list(    text)
{
    text = $0
    sub(/^[a-z]+\[/, "", text)
    return text + 0
}

function value(    text)
{
    text = $0
    sub(/^[^=]*=/, "", text)
    return text
}

END {
    for (at = 1; at <= seen; at++)
        if (told[at, "generation"] + !told[at, "to"] > after) {
            place[++count] = at
            route[count] = told[at, "from"] ">" told[at, "to"]
            if (told[at, "to"] == 0) nobody++
        }
    alternatives = split(due, alternative, / or /)
    chosen = 1
    for (i = 1; i <= alternatives; i++)
        if (routes(alternative[i]) == got()) chosen = i
    wanted = split(alternative[chosen], want, " ")
    if (routes(alternative[chosen]) == got())
        for (i = 1; i <= wanted; i++) judge(place[i], want[i])
    else
        print "its switches are not" (due == "" ? " none" : " " due) " but" (count ? got() : " none") seen_sentences()
    for (i = 1; i <= count; i++) times = times " " told[place[i], "time"]
    print "switches " count - nobody " " nobody + 0 times
}

# The machines alone, " 1>2 2>1".
function routes(line)
{
    gsub(/=[a-z]+/, "", line)
    return line == "" ? "" : " " line
}

function got(    i, line)
{
    for (i = 1; i <= count; i++) line = line " " route[i]
    return line
}

function seen_sentences(    i, line)
{
    for (i = 1; i <= count; i++) line = line (i == 1 ? ": " : " / ") sentence[place[i], "text"]
    return line
}

# Of a machine that is gone another one has to be found, where nobody stands by.
function is_found(at, why)
{
    if (told[at, "to"] == 0) return 0
    return (at > 1 && told[at - 1, "to"] == 0) || (mode == "cold" && why ~ /^(died|cut|hung|left)$/)
}

function machine(number)
{
    return "machine " number " [(]localhost[)]"
}

function judge(at, one,    why, pattern, to)
{
    why = one
    sub(/.*=/, "", why)
    to = told[at, "to"]
    expect(at, "cause", to == 0 ? "all machines lost" : is_found(at, why) ? "found again" : cause[why])
    if (is_found(at, why) || ("" told[at, "lostCause"]) != "") expect(at, "lostCause", cause[why])
    if (code[why] != "") expect(at, "code", code[why])
    pattern = words[why]
    gsub(/FROM/, machine(told[at, "from"]), pattern)
    gsub(/TO/, machine(to), pattern)
    if (to == 0) pattern = pattern "[.] No machine is left: .*"
    else {
        pattern = pattern (why == "back" ? "[.] Returned to " : ".*[.] Switched to ") machine(to)
        pattern = pattern (is_found(at, why) ? ", the first that could be connected[,.;].*" : "[,.;].*")
    }
    if (sentence[at, "text"] !~ "^[0-9:.]+ UTC: " pattern "$")
        print one " is told so: " sentence[at, "text"]
}

function expect(at, key, pattern)
{
    if (told[at, key] !~ "^" pattern "$")
        print "the " key " of " told[at, "from"] ">" told[at, "to"] " is '" told[at, key] "', not '" pattern "'"
}
