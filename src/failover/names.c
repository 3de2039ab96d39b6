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
    case RM_CAUSE_OPERATOR: return "operator";
    case RM_CAUSE_MAINTENANCE: return "maintenance";
    case RM_CAUSE_SILENT: return "callbacks silent";
    case RM_CAUSE_NOT_RUNNING: return "not running";
    case RM_CAUSE_STATUS: return "status fails";
    case RM_CAUSE_VERDICT: return "monitor test";
    case RM_CAUSE_LINKED: return "with the others";
    case RM_CAUSE_SETTINGS: return "settings";
    case RM_CAUSE_REMOVED: return "removed";
    case RM_CAUSE_COUNT: break;
    }
    assert(!"no cause");
    return "unknown";
}

const char *rm_operator_mode_name(enum rm_operator_mode mode)
{
    switch (mode)
    {
    case RM_OPERATOR_NORMAL: return "normal";
    case RM_OPERATOR_MAINTENANCE: return "maintenance";
    case RM_OPERATOR_FORCED: return "forced";
    case RM_OPERATOR_COUNT: break;
    }
    assert(!"no mode");
    return "unknown";
}

const char *rm_verdict_name(enum rm_verdict verdict)
{
    switch (verdict)
    {
    case RM_VERDICT_UNKNOWN: return "not tested";
    case RM_VERDICT_GOOD: return "good";
    case RM_VERDICT_BAD: return "bad";
    case RM_VERDICT_COUNT: break;
    }
    assert(!"no verdict");
    return "unknown";
}

const char *rm_suspicion_text(enum rm_suspicion suspicion)
{
    switch (suspicion)
    {
    case RM_SUSPICION_LATE_CALL: return "a call is out for longer than a ping may take";
    case RM_SUSPICION_UNMATCHED: return "a standby has sent an update that it has not sent";
    case RM_SUSPICION_PROCESS_GONE: return "its process on this computer has ended";
    case RM_SUSPICION_COUNT: break;
    }
    assert(!"no suspicion");
    return "unknown";
}

const char *rm_refusal_text(enum rm_refusal refusal)
{
    switch (refusal)
    {
    case RM_REFUSAL_NONE: return "nothing speaks against it";
    case RM_REFUSAL_NOT_SERVING: return "no machine is active: wait until one is connected";
    case RM_REFUSAL_NO_MACHINE: return "there is no machine of that number";
    case RM_REFUSAL_NO_OTHER: return "no other machine is fit to take over";
    case RM_REFUSAL_ELSEWHERE: return "another machine is forced: end that first";
    case RM_REFUSAL_NOT_CONNECTED: return "it is not connected";
    case RM_REFUSAL_MAINTENANCE: return "it is in maintenance: end that first";
    case RM_REFUSAL_UNOBSERVABLE: return "it can't be observed from here";
    case RM_REFUSAL_NOT_ANSWERING: return "it does not answer pings";
    case RM_REFUSAL_SILENT: return "its callbacks do not come";
    case RM_REFUSAL_NOT_RUNNING: return "its server is not in the state RUNNING";
    case RM_REFUSAL_VERDICT: return "its monitor test is in error";
    case RM_REFUSAL_NOT_READY: return "it does not have enough of the client's items yet";
    case RM_REFUSAL_STATUS: return "its server answers the status call with an error";
    case RM_REFUSAL_REMOVED: return "it is in the list of machines no more";
    case RM_REFUSAL_COUNT: break;
    }
    assert(!"no refusal");
    return "unknown";
}
