#include <rm/service_pipe.h>

#include <string.h>

#include "service_pipe_internal.h"

enum rm_status rm_service_pipe_ask(struct rm_service_pipe *pipe, struct rm_wire_message *request,
                                   uint32_t timeout_ms,
                                   void (*row)(void *context, const struct rm_wire_message *answer),
                                   void *context, struct rm_wire_error *error)
{
    struct rm_wire_message answer;
    enum rm_status status;

    memset(error, 0, sizeof *error);
    request->sequence++;
    status = rm_service_pipe_send(pipe, request, timeout_ms);
    while (status == RM_OK)
    {
        status = rm_service_pipe_receive(pipe, &answer, timeout_ms, NULL);
        if (status != RM_OK)
        {
            return status == RM_E_NOT_FOUND ? RM_E_IO : status;
        }
        if (answer.sequence == 0)
        {
            rm_service_pipe_pass_on(pipe, &answer);
        }
        if (answer.sequence != request->sequence)
        {
            continue; /* or an answer to what was given up */
        }
        if (answer.type == RM_WIRE_DONE)
        {
            return RM_OK;
        }
        if (answer.type == RM_WIRE_ERROR)
        {
            *error = answer.body.error;
            return error->status > RM_OK && error->status < RM_STATUS_COUNT
                       ? (enum rm_status)error->status
                       : RM_E_INVALID;
        }
        if (row != NULL)
        {
            row(context, &answer);
        }
    }
    return status;
}
