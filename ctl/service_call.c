/* The service, as rmctl asks it. */
#include <stdio.h>
#include <string.h>

#include "service.h"
#include "service_call.h"

#define OPEN_MS   3000u
#define ANSWER_MS 10000u

static enum ctl_exit tell_failure(struct ctl *ctl, const wchar_t *instance, enum rm_status status)
{
    char name[64];
    snprintf(name, sizeof name, "RedundancyMaster%s%ls", *instance != L'\0' ? "." : "", instance);
    switch (status)
    {
    case RM_E_NOT_FOUND:
        return ctl_fail(ctl,
                        "The service '%s' does not run on this computer. Start it with 'rmctl "
                        "service start', or on a terminal with 'rmservice --console'.",
                        name);
    case RM_E_VERSION:
        return ctl_fail(ctl,
                        "The service '%s' is of another version than this rmctl. Install the same "
                        "version of all parts.",
                        name);
    case RM_E_INVALID:
        return ctl_fail(ctl,
                        "The pipe of the service '%s' belongs neither to SYSTEM nor to "
                        "administrators nor to you: nothing was said to it. Find out which program "
                        "has made it.",
                        name);
    default:
        return ctl_fail(ctl,
                        "The service '%s' does not answer (%s). See whether it hangs: 'rmctl "
                        "service status'.",
                        name, rm_status_text(status));
    }
}

enum ctl_exit service_call_open(struct ctl *ctl, struct rm_service_pipe **pipe)
{
    wchar_t instance[RM_INSTANCE_SIZE];
    struct rm_wire_welcome welcome;
    enum ctl_exit status = service_take_instance(ctl, instance);
    if (status != CTL_FINE)
    {
        return status;
    }
    enum rm_status opened = rm_service_pipe_open(instance, RM_VERSION, OPEN_MS, pipe, &welcome);
    return opened == RM_OK ? CTL_FINE : tell_failure(ctl, instance, opened);
}

enum ctl_exit service_call_ask(struct ctl *ctl, struct rm_service_pipe *pipe,
                               struct rm_wire_message *request,
                               void (*row)(void *context, const struct rm_wire_message *answer),
                               void *context)
{
    struct rm_wire_error error;
    enum rm_status status = rm_service_pipe_ask(pipe, request, ANSWER_MS, row, context, &error);
    if (status == RM_OK)
    {
        return CTL_FINE;
    }
    if (error.text[0] != '\0')
    {
        return ctl_fail(ctl, "%s", error.text);
    }
    return ctl_fail(ctl, "The service has stopped answering (%s).", rm_status_text(status));
}
