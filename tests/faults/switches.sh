# What each fault of the rig costs, in switches, and what the black box must tell of it: from its reports a
# stranger has to name each switch and its cause. No switch may be missing and none too many: a client that
# is sent to and fro gets its data, too. Sourced by rig.sh.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what the other files of the rig and the stage have, and use

# A switch is FROM>TO=WHY (switches.awk has the reasons), machine 0 being none. Of a fault's lines the first
# one counts whose second word is *, or the row's mode or work. In cold mode nobody goes back: =back is left
# out there. "or": both is right. "...": the line's switches again and again, one for each of the work's calls.
rig_switches='
kill              *            1>2=died 2>1=back
hang              *            1>2=hung 2>1=back
hang-status       *            1>2=hung 2>1=back
hang-call         *
slow              subscription 1>2=hung 2>1=back
slow              *
fail              subscription 1>2=failing 2>1=back
fail              *
refuse-items      *
refuse            cold         2>1=died
refuse            *            2>1=back 1>2=died
not-ready         cold         1>2=died 2>1=died
not-ready         *            1>2=died 2>1=back
shutdown          *            1>2=left 2>1=back
both-lost         *            1>0=died 1>2=died 2>1=back or 1>2=died 2>0=died 2>2=died 2>1=back
flapping          cold         1>2=died 2>1=died 1>2=died 2>1=died 1>2=died
flapping          *            1>2=died 2>1=back 1>2=died 2>1=back 1>2=died
kill-at-call      *            1>2=died 2>1=died ...
kill-at-promotion *            1>2=died 2>0=died 2>2=died 2>1=back
kill-at-return    *            1>2=died 2>1=back 1>2=died 2>1=back
disconnect        *            1>2=cut 2>1=back
silent            *            1>2=silent 2>1=back'

# switches_of FAULT MODE WORK: its switches on one line, alternatives separated by " or "; 1 for a fault that
# is not in the table. $work_methods are the work's.
switches_of()
{
    local fault where due one every line=
    while read -r fault where due; do
        [ "$fault" = "$1" ] || continue
        case $where in
            "*" | "$2" | "$3") break ;;
        esac
    done <<<"$rig_switches"
    [ "$fault" = "$1" ] || return 1
    if [[ $due == *" ..." ]]; then
        read -r -a every <<<"${due% ...}"
        for one in "${!work_methods[@]}"; do
            line+=" ${every[one % ${#every[@]}]}"
        done
        due=${line# }
    fi
    if [ "$2" = cold ]; then
        due=$(sed -E 's/ ?[^ ]+=back//g' <<<"$due")
    fi
    printf '%s\n' "$due"
}

# switches_forget: the reports of earlier clients.
switches_forget()
{
    rm -f "$rig_reports"/*.json
}

# switches_begin: what the session has done before the fault is not the fault's. Wine may refuse to start a
# machine whose last process has just ended: then the session begins on the other one, and returns.
switches_begin()
{
    rig_generation=$(session_value generation)
    check "promotions before the fault" "$rig_generation" -le 2
}

# switches_read: what the reports say, for switches.awk, once the client has left.
switches_read()
{
    local name
    : >"$RM_TMP/switches"
    while read -r name; do
        awk -f "$rig_folder/../e2e/json.awk" "$rig_reports/$name" >"$RM_TMP/report" 2>&1 ||
            complain "$name: $(tail -n 1 "$RM_TMP/report")"
        grep -E '^(summary|promotions)\[' "$RM_TMP/report" >>"$RM_TMP/switches"
    done < <(find "$rig_reports" -maxdepth 1 -name '*.json' -printf '%f\n' 2>/dev/null | sort -V)
}

# judge_switches FAULT MODE WORK: the black box against the table, and the session's events against the black
# box. $rig_switched_at: when the switches were.
judge_switches()
{
    local due line nobody=0 told=0 times=
    switches_read
    due=$(switches_of "$@") || complain "the table has no switches of $1"
    while read -r line; do
        case $line in
            "switches "[0-9]*) read -r _ told nobody times <<<"$line" ;;
            *) complain "$line" ;;
        esac
    done < <(awk -v due="$due" -v mode="$2" -v after="$rig_generation" -f "$rig_folder/switches.awk" "$RM_TMP/switches")
    read -r -a rig_switched_at <<<"$times"
    check "promotions told" "$(rig_events_of 'Promoted active connection')" -eq $((rig_generation + told))
    check "events of the loss of all" "$(rig_events_of 'No machine|All machines')" -eq "$nobody"
}
