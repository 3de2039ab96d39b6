# json.awk: reads one JSON text and prints each value with its path, "promotions[0].cause=ping timeout";
# exit status 1, with the place, if it isn't JSON. Texts are printed as they stand between their quotes,
# with \" and \\ taken back.
#
# usage: awk -f json.awk FILE

{ text = text $0 "\n" }

END {
    at = 1
    value("")
    blanks()
    if (at <= length(text)) fail("something follows the value")
}

function fail(why)
{
    if (!failed) printf "not JSON: %s at character %d: %s\n", why, at, substr(text, at, 40) >"/dev/stderr"
    failed = 1
    exit 1
}

function blanks()
{
    match(substr(text, at, 200), /^[ \t\r\n]*/)
    at += RLENGTH
}

# The text's next character, without what is blank before it.
function next_char()
{
    blanks()
    return substr(text, at, 1)
}

function expect(char)
{
    if (next_char() != char) fail("no " char)
    at++
}

function string(    length_before, rest)
{
    expect("\"")
    rest = substr(text, at)
    if (!match(rest, /^([^"\\[:cntrl:]]|\\["\\\/bfnrt]|\\u[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f])*"/))
        fail("no end of a text, or what must not be in one")
    at += RLENGTH
    rest = substr(rest, 1, RLENGTH - 1)
    gsub(/\\"/, "\"", rest)
    gsub(/\\\\/, "\\", rest)
    return rest
}

function value(path,    char)
{
    char = next_char()
    if (char == "{") object(path)
    else if (char == "[") array(path)
    else if (char == "\"") print path "=" string()
    else if (match(substr(text, at, 40), /^(true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?)/)) {
        print path "=" substr(text, at, RLENGTH)
        at += RLENGTH
    } else fail("no value")
}

function object(path,    name)
{
    expect("{")
    if (next_char() == "}") { at++; return }
    for (;;) {
        name = string()
        expect(":")
        value(path == "" ? name : path "." name)
        if (next_char() == "}") { at++; return }
        expect(",")
    }
}

function array(path,    i)
{
    expect("[")
    if (next_char() == "]") { at++; return }
    for (i = 0;; i++) {
        value(path "[" i "]")
        if (next_char() == "]") { at++; return }
        expect(",")
    }
}
