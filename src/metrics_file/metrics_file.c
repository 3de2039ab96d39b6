#include <stdio.h>

#include <rm/metrics_file.h>

#include "../port/port.h"

enum rm_status rm_metrics_file_put(const char *path, const char *text, size_t size,
                                   char reason[RM_METRICS_REASON_SIZE])
{
    struct rm_port_reason why = {""};
    enum rm_status status = rm_port_file_rewrite(path, text, size, &why);
    snprintf(reason, RM_METRICS_REASON_SIZE, "%s",
             why.text[0] != '\0' ? why.text : rm_status_text(status));
    return status;
}
