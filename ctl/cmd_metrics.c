/* rmctl metrics */
#include <stdlib.h>
#include <string.h>

#include <rm/status_section_map.h>
#include <rm/metrics.h>
#include <rm/metrics_file.h>
#include <rm/service_pipe.h>

#include "output.h"
#include "service.h"
#include "service_call.h"
#include "status_source.h"

#define OPEN_MS 1000u

static const struct ctl_option metrics_options[] = {
    {"--output",      "FILE", "into this file, which is replaced in one step"    },
    {"--openmetrics", NULL,   "as OpenMetrics; without it as Prometheus reads it"},
    SERVICE_CALL_OPTION,
};

static void take_row(void *context, const struct rm_wire_message *answer)
{
    if (answer->type == RM_WIRE_TEXT_ROW)
    {
        rm_json_buffer_put(context, answer->body.text_row.text);
    }
}

/* The service has counted for longer than any session. */
static enum ctl_exit ask_service(struct ctl *ctl, struct rm_service_pipe *pipe,
                                 enum rm_metrics_format format, struct rm_json_buffer *buffer)
{
    struct rm_wire_message request = {.type = RM_WIRE_METRICS};
    request.body.metrics.format = format;
    return service_call_ask(ctl, pipe, &request, take_row, buffer);
}

static enum ctl_exit look_ourselves(struct ctl *ctl, const wchar_t *instance,
                                    enum rm_metrics_format format, struct rm_json_buffer *buffer)
{
    struct status_source source = {.instance = instance};
    struct status_list list = {0, NULL};
    struct rm_metrics_facts facts = {.version = RM_VERSION, .now = rm_status_now()};
    struct rm_metrics *metrics = rm_metrics_new(0);
    status_source_open(&source);
    bool has_memory = metrics != NULL && status_list_read(&source, &list);
    status_source_close(&source);
    if (has_memory)
    {
        rm_metrics_begin(metrics);
        for (size_t i = 0; i < list.count && has_memory; i++)
        {
            has_memory = rm_metrics_take(metrics, &list.slots[i], true);
        }
        rm_metrics_end(metrics);
        rm_metrics_write(metrics, &facts, format, rm_json_buffer_put, buffer);
    }
    status_list_free(&list);
    rm_metrics_free(metrics);
    return has_memory ? CTL_FINE : ctl_fail(ctl, "Out of memory.");
}

static enum ctl_exit collect(struct ctl *ctl, enum rm_metrics_format format,
                             struct rm_json_buffer *buffer)
{
    wchar_t instance[RM_INSTANCE_SIZE];
    struct rm_service_pipe *pipe;
    struct rm_wire_welcome welcome;
    enum ctl_exit status = service_take_instance(ctl, instance);
    if (status != CTL_FINE)
    {
        return status;
    }
    status = rm_service_pipe_open(instance, RM_VERSION, OPEN_MS, &pipe, &welcome) == RM_OK
                 ? ask_service(ctl, pipe, format, buffer)
                 : look_ourselves(ctl, instance, format, buffer);
    rm_service_pipe_close(pipe);
    return status == CTL_FINE && buffer->is_short_of_memory ? ctl_fail(ctl, "Out of memory.")
                                                            : status;
}

static enum ctl_exit deliver(struct ctl *ctl, const struct rm_json_buffer *buffer)
{
    const char *path = ctl_value(ctl, "--output");
    char reason[RM_METRICS_REASON_SIZE];
    if (path == NULL)
    {
        for (const char *line = buffer->bytes; line != NULL && *line != '\0';)
        {
            int length = (int)strcspn(line, "\n") + 1;
            output_print("%.*s", length, line);
            line += length;
        }
        return CTL_FINE;
    }
    return rm_metrics_file_put(path, buffer->bytes, buffer->size, reason) == RM_OK
               ? CTL_FINE
               : ctl_fail(ctl,
                          "'%s' can't be written (%s). Check that the folder is there and that you"
                          " have the right to write to it.",
                          path, reason);
}

static enum ctl_exit run_metrics(struct ctl *ctl)
{
    struct rm_json_buffer buffer = {.bytes = NULL};
    enum ctl_exit status =
        collect(ctl, ctl_has(ctl, "--openmetrics") ? RM_METRICS_OPENMETRICS : RM_METRICS_PROMETHEUS,
                &buffer);
    if (status == CTL_FINE)
    {
        status = deliver(ctl, &buffer);
    }
    free(buffer.bytes);
    return status;
}

const struct ctl_command ctl_command_metrics = {
    .name = "metrics",
    .arguments = "[--output FILE] [--openmetrics]",
    .summary = "figures for a monitoring system",
    .details =
        "From the service, which counts while sessions come and go; without it, of the sessions\n"
        "that are open. The service writes the same to metrics.prom in its folder of data every\n"
        "15 s, for node exporter's or windows_exporter's textfile collector.",
    .options = metrics_options,
    .option_count = sizeof metrics_options / sizeof *metrics_options,
    .prints_json = true,
    .run = run_metrics,
};
