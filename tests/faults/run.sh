#!/bin/bash
# A selection of the rig's rows for every day, below 5 minutes: each fault, each mode, each kind of work,
# both apartments and bitnesses at least once; and kills and hangs at random moments in hot mode, in either
# apartment. So there is no other row of a kill or a hang in that mode. tools/faults runs all of them.
#
# usage: run.sh [BIN64 [BIN32]]
set -u
. "$(dirname "$0")/rig.sh"

e2e_begin "$@"
rig_begin
rig_rows <"$(dirname "$0")/selection.txt"
kills_items=200
seed=$RANDOM
say "tools/faults --soak-kills 4 --items $kills_items --seed $seed"
kills_rows < <(kills_plan 4 "$seed")
rig_end
