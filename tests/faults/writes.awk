# The numbers that a client wrote against what the machines have in their journals.
#
#   awk -f writes.awk -v writes=N -v events=N CLIENT JOURNAL...
#
# CLIENT is what rmprobe has printed (--events): it wrote the numbers from 1 to `writes`, each once, and
# says which of them failed, and how. events: how often the session has said that it doesn't know whether
# a write was carried out.
#
#   doubled      numbers that were carried out more than once
#   unreported   numbers of which the client was told that they are written, and no machine has them; or that
#                they are not, and a machine has them; and each one of unknown outcome without an event
#
# Prints "DOUBLED UNREPORTED UNKNOWN", and before that an example of each kind on lines of its own.

# The transport was lost while the call was out (rmprobe counts these as unknown, too).
function is_unknown(code)
{
    return code ~ /^0x(800706BE|80010108|80010105|80010006|8007071A|800705B4)$/
}

BEGIN { FS = "\t" }

{ sub(/\r$/, "") }

FILENAME == ARGV[1] {
    if (/^EVENT .* write number=/) {
        number = code = $0
        sub(/.* number=/, "", number)
        sub(/ .*/, "", number)
        sub(/.* hr=/, "", code)
        failed[number + 0] = code
        unknown += is_unknown(code)
    }
    next
}

$2 == "write" && $5 == "0x00000000" { written[$7 + 0]++ }

END {
    for (number in written)
        if (written[number] > 1) {
            doubled++
            example = "number " number " was written " written[number] " times"
        }
    if (example) print example
    for (number = 1; number <= writes; number++) {
        told = ""
        if (!(number in failed)) {
            if (!(number in written)) told = "is said to be written, and is nowhere"
        } else if (!is_unknown(failed[number]) && (number in written))
            told = "failed with " failed[number] ", and was written"
        if (told != "" && !unreported++) print "number " number " " told
    }
    if (unknown > events) {
        print unknown " writes of unknown outcome, " events + 0 " events"
        unreported += unknown - events
    }
    print doubled + 0, unreported + 0, unknown + 0
}
