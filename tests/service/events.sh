#!/bin/bash
# The events of failovers, word for word as the original has them (RM-243 .. RM-262), each of them about the primary
# and about the secondary machine, provoked in a real client and found in the service's log. Those of monitor items
# are monitor.sh's.
#
# usage: events.sh [BIN64 [BIN32]]
# shellcheck disable=SC2154 # what lib.sh sets
# shellcheck source=../e2e/evidence.sh
. "$(dirname "$0")/../e2e/evidence.sh"
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

items=20

# has_text TEXT: an event of exactly that text.
has_text()
{
    shown | sed 's/(Error = 0x[0-9A-F]\{8\})/(Error = 0x%08X)/' | grep -qxF "$1"
}

# told NUMBER SEVERITY TEXT: a row for itself.
told()
{
    local begun
    begun=$(now_ms)
    wait_until 20000 has_text "$3" || complain "no event '$3'"
    check "its severity" "$(events | grep -F "${3%% (Error*}" | awk '{ print $3 }' | sort -u | tr '\n' ' ')" = "$2 "
    row_end "service/events/$e2e_client_bits/$1" "$begun"
}

# lost_and_back NAME WORDS FAILED LOST OTHER: the active machine NAME is killed and comes back; the other one is active then.
lost_and_back()
{
    local name=$1 words=$2 failed=$3 lost=$4 other=$5
    fault "$name" kill
    told "$lost" Error "Unable to retrieve status for server '$E2E_SERVER' on $words machine '$e2e_host'. Server communications has been lost"
    told "$failed" Error "Failed to connect to '$E2E_SERVER' on $words machine '$e2e_host' (Error = 0x%08X)."
    wait_active "$other" 5000
    fault "$name" clear
    wait_all_ready
}

e2e_begin "$@"
machines_on
redundancy_on warm --returnPolicy stay
fresh warm
service_start
probe_start --items $items
wait_all_ready
told RM-243 Informational "Connected to '$E2E_SERVER' on primary machine '$e2e_host'."
told RM-244 Informational "Connected to '$E2E_SERVER' on secondary machine '$e2e_host'."
told RM-257 Informational "Promoted active connection for server '$E2E_SERVER' to primary machine '$e2e_host'"
lost_and_back A primary RM-251 RM-261 2
told RM-258 Informational "Promoted active connection for server '$E2E_SERVER' to secondary machine '$e2e_host'"
lost_and_back B secondary RM-252 RM-262 1
fault A shutdown
told RM-259 Informational "Received shutdown notification from server '$E2E_SERVER' on primary machine '$e2e_host'."
wait_active 2 5000
fault A clear
wait_all_ready
fault B shutdown
told RM-260 Informational "Received shutdown notification from server '$E2E_SERVER' on secondary machine '$e2e_host'."
fault B clear
wait_all_ready
probe_stop
told RM-248 Informational "Disconnected from '$E2E_SERVER' on primary machine '$e2e_host'."
told RM-249 Informational "Disconnected from '$E2E_SERVER' on secondary machine '$e2e_host'."
service_kill
redundancy_off
e2e_end
