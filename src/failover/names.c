/* names.c: phases, connections and causes in words, for logs and status. */
#include <rm/failover.h>

#include <assert.h>

const char *rm_phase_name(enum rm_failover_phase phase)
{
    switch (phase)
    {
    case RM_PHASE_IDLE: return "idle";
    case RM_PHASE_STARTING: return "starting";
    case RM_PHASE_SERVING: return "serving";
    case RM_PHASE_SEARCHING: return "searching";
    case RM_PHASE_FAILED: return "failed";
    case RM_PHASE_STOPPED: return "stopped";
    case RM_PHASE_COUNT: break;
    }
    assert(!"no phase");
    return "unknown";
}

const char *rm_connection_name(enum rm_connection connection)
{
    switch (connection)
    {
    case RM_CONNECTION_DOWN: return "down";
    case RM_CONNECTION_CONNECTING: return "connecting";
    case RM_CONNECTION_UP: return "up";
    case RM_CONNECTION_COUNT: break;
    }
    assert(!"no connection state");
    return "unknown";
}

const char *rm_cause_name(enum rm_cause cause)
{
    switch (cause)
    {
    case RM_CAUSE_NONE: return "none";
    case RM_CAUSE_START: return "start";
    case RM_CAUSE_CONNECT_FAILED: return "connect failed";
    case RM_CAUSE_TRANSPORT: return "transport lost";
    case RM_CAUSE_PING_TIMEOUT: return "ping timeout";
    case RM_CAUSE_SHUTDOWN: return "server shutdown";
    case RM_CAUSE_RETURN: return "return";
    case RM_CAUSE_FOUND: return "found again";
    case RM_CAUSE_STOP: return "stop";
    case RM_CAUSE_REFUSED: return "refused";
    case RM_CAUSE_COUNT: break;
    }
    assert(!"no cause");
    return "unknown";
}
