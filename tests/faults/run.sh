#!/bin/bash
# A selection of the rig's rows for every day, some 6 minutes: each fault, each mode, each kind of work,
# both apartments and bitnesses at least once; and six kills and hangs at random moments in hot mode.
# tools/faults runs all of them.
#
# usage: run.sh [BIN64 [BIN32]]
set -u
. "$(dirname "$0")/rig.sh"

e2e_begin "$@"
rig_begin
rig_rows <"$(dirname "$0")/selection.txt"
kills_items=200
seed=$RANDOM
say "tools/faults --soak-kills 6 --items $kills_items --seed $seed"
kills_rows < <(kills_plan 6 "$seed")
rig_end
