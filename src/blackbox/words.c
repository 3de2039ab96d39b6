/* words.c: the words of a report: how facts and kinds are called, times. */
#include "internal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <rm/utc.h>

const char *rm_blackbox_fact_name(enum rm_failover_event_kind kind)
{
    switch (kind)
    {
    case RM_FAILOVER_START: return "session begins";
    case RM_FAILOVER_STOP: return "session ends";
    case RM_FAILOVER_TICK: return "tick";
    case RM_FAILOVER_CONNECTED: return "connected";
    case RM_FAILOVER_CONNECT_FAILED: return "connect failed";
    case RM_FAILOVER_PING_ANSWERED: return "ping answered";
    case RM_FAILOVER_LINK_LOST: return "transport lost";
    case RM_FAILOVER_SHUTDOWN: return "shutdown request";
    case RM_FAILOVER_READY: return "ready";
    case RM_FAILOVER_BUSY: return "long call";
    case RM_FAILOVER_SUSPECT: return "asked out of turn";
    case RM_FAILOVER_CALLBACKS: return "callbacks";
    case RM_FAILOVER_ITEMS: return "items accepted";
    case RM_FAILOVER_VERDICT: return "monitor verdict";
    case RM_FAILOVER_OBSERVABLE: return "observable";
    case RM_FAILOVER_OPERATOR_MODE: return "operator mode";
    case RM_FAILOVER_SWITCH: return "switch commanded";
    case RM_FAILOVER_AUTOMATIC: return "automatic commanded";
    case RM_FAILOVER_PREFER: return "preferred machine";
    case RM_FAILOVER_ACKNOWLEDGE: return "switch acknowledged";
    case RM_FAILOVER_LINKED: return "the others are there";
    case RM_FAILOVER_SETTINGS: return "settings changed";
    case RM_FAILOVER_MACHINES: return "list of machines changed";
    case RM_FAILOVER_EVENT_COUNT: break;
    }
    assert(!"no fact");
    return "unknown";
}

const char *rm_blackbox_kind_name(enum rm_blackbox_kind kind)
{
    switch (kind)
    {
    case RM_BLACKBOX_FACT: return "fact";
    case RM_BLACKBOX_PING_MISSED: return "ping missed";
    case RM_BLACKBOX_LINK_ENDED: return "link ended";
    case RM_BLACKBOX_PHASE: return "phase";
    case RM_BLACKBOX_PROMOTED: return "promoted";
    case RM_BLACKBOX_ALL_LOST: return "all machines lost";
    case RM_BLACKBOX_REFUSED: return "switch refused";
    case RM_BLACKBOX_WRITES_HELD: return "writes";
    case RM_BLACKBOX_EVENT: return "event";
    case RM_BLACKBOX_CLOCK: return "clock set";
    case RM_BLACKBOX_KIND_COUNT: break;
    }
    assert(!"no kind");
    return "unknown";
}

const char *rm_blackbox_outcome_name(enum rm_blackbox_outcome outcome)
{
    switch (outcome)
    {
    case RM_BLACKBOX_FAILED: return "the server answered with an error";
    case RM_BLACKBOX_LOST: return "the connection was lost";
    case RM_BLACKBOX_UNANSWERED: return "not answered when its connection was given up";
    case RM_BLACKBOX_OUTCOME_COUNT: break;
    }
    assert(!"no outcome");
    return "unknown";
}

void rm_blackbox_time_text(uint64_t time_100ns, char text[RM_BLACKBOX_TIME_SIZE])
{
    char full[RM_UTC_TEXT_SIZE];

    rm_utc_format(time_100ns, full);
    snprintf(text, RM_BLACKBOX_TIME_SIZE, "%.*sZ", (int)strlen("2026-11-21T03:11:22.123"), full);
}
