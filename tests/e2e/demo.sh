#!/bin/bash
# tools/demo with every fault it knows, each in one mode, and with each other option once: it ends with PASS,
# and says what it was asked for.
#
# usage: demo.sh [BIN64 [BIN32]]; the demo builds and uses the programs of this tree
. "$(dirname "$0")/lib.sh"

# row OPTIONS...
row()
{
    local started log=$RM_TMP/demo.out status=0 option key last
    started=$(now_ms)
    start_bounded 300 env -u RM_WINE_IS_READY -u WINEPREFIX "$RM_ROOT/tools/demo" --seconds 3 "$@" >"$log" 2>&1
    wait "$RM_CHILD" || status=$?
    RM_CHILD=
    last=$(tail -n 1 "$log")
    [ "$status" -eq 0 ] || complain "exit status $status"
    [[ $last == "PASS "* ]] || complain "last line: $last"
    for option in "$@"; do
        case $option in
            --*) key=${option#--} ;;
            *) [[ " $last " == *" $key=$option "* ]] || complain "the last line does not say $key=$option" ;;
        esac
    done
    row_figures=${last#* }
    if [ ${#e2e_complaints[@]} -gt 0 ]; then
        grep -A 9 '^wrong: ' "$log" | sed 's/^/    | /'
    fi
    row_end "demo $*" "$started"
}

e2e_begin "$@"
row --fault kill --mode hot
row --fault hang --mode warm
row --fault shutdown --mode cold
row --fault slow --mode hot
row --fault refuse --mode warm
row --fault both-lost --mode cold
row --fault hang-status --mode warm
row --fault disconnect --mode hot
row --fault fail --mode warm
row --fault not-ready --mode hot
row --fault stop-callbacks --mode warm
row --fault quality --mode hot
row --fault freeze --mode warm
row --fault refuse-items --mode warm
row --fault kill --mode warm --da 3 --machines 5
[ -z "$e2e_bin32" ] || row --fault kill --mode warm --bits 32
e2e_end
