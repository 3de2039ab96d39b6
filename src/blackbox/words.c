/* words.c: the words of a report: how facts and kinds are called, times. */
#include "internal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define FILETIME_PER_MS 10000u
#define MS_PER_DAY      86400000u
#define DAYS_TO_2000    145791u /* from 1601-01-01 to 2000-03-01, where leap years begin anew */

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
    case RM_FAILOVER_LINKED: return "linked servers are there";
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
    uint64_t total_ms = time_100ns / FILETIME_PER_MS;
    unsigned day_ms = (unsigned)(total_ms % MS_PER_DAY);
    /* Days since a first of March after which four centuries follow, of 146097 days each. */
    uint64_t days = total_ms / MS_PER_DAY + 4u * 146097u - DAYS_TO_2000;
    unsigned era = (unsigned)(days / 146097u), rest = (unsigned)(days % 146097u);
    unsigned year = (rest - rest / 1460u + rest / 36524u - rest / 146096u) / 365u;
    unsigned of_year = rest - (365u * year + year / 4u - year / 100u);
    unsigned march = (5u * of_year + 2u) / 153u;
    unsigned month = march < 10u ? march + 3u : march - 9u;

    snprintf(text, RM_BLACKBOX_TIME_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
             (era * 400u + year + 400u + (month <= 2u)) % 10000u, month % 100u,
             (of_year - (153u * march + 2u) / 5u + 1u) % 100u, day_ms / 3600000u,
             day_ms / 60000u % 60u, day_ms / 1000u % 60u, day_ms % 1000u);
}
