/* file.c: the file of an event log: reading it, adding to it, putting another in its place. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

/* No log of ours is larger. */
#define FILE_SIZE_MAX                                                                              \
    ((size_t)(RM_EVENT_LOG_LIMIT_MAX + RM_EVENT_LOG_LIMIT_MAX / 4 + 1) * RM_EVENT_LINE_SIZE)

static enum rm_status read_line(struct rm_event_log *log, const char *line, size_t size)
{
    struct rm_event_record record;
    enum rm_status status;

    if (size == 0)
    {
        return RM_OK;
    }
    log->file_lines++;
    if (!rm_event_record_decode(line, size, &record))
    {
        log->broken++;
        return RM_OK;
    }
    status = rm_event_log_keep(log, &record, line, size);
    /* Stored twice: a write that failed had written it after all. */
    return status == RM_E_EXISTS ? RM_OK : status;
}

enum rm_status rm_event_file_read(struct rm_event_log *log)
{
    char *bytes = NULL;
    size_t size = 0;
    enum rm_status status =
        rm_port_file_read(log->path, FILE_SIZE_MAX, &bytes, &size, &log->reason);

    if (status == RM_E_NOT_FOUND)
    {
        return RM_OK;
    }
    log->is_torn = status != RM_OK || (size > 0 && bytes[size - 1] != '\n');
    for (size_t at = 0; at < size && status == RM_OK;)
    {
        const char *end = memchr(bytes + at, '\n', size - at);
        size_t length = end != NULL ? (size_t)(end - bytes) - at : size - at;

        status = read_line(log, bytes + at, length);
        at += length + 1;
    }
    free(bytes);
    return status;
}

static void close_file(struct rm_event_log *log)
{
    rm_port_append_close(log->file);
    log->file = NULL;
}

static enum rm_status open_file(struct rm_event_log *log)
{
    uint64_t size = 0;
    enum rm_status status = rm_port_append_open(log->path, &log->file, &size, &log->reason);

    if (status == RM_OK && size == 0)
    {
        /* New, or someone deleted it. */
        log->pending = (uint32_t)(log->end - log->first);
        log->file_lines = 0;
        log->is_torn = false;
    }
    return status;
}

static enum rm_status write_line(struct rm_event_log *log, const char *line)
{
    char bytes[RM_EVENT_LINE_SIZE + 2];
    size_t length = strlen(line), size = 0;
    enum rm_status status;

    if (log->is_torn)
    {
        bytes[size++] = '\n';
    }
    memcpy(bytes + size, line, length);
    size += length;
    bytes[size++] = '\n';
    status = rm_port_append_write(log->file, bytes, size, &log->reason);
    log->is_torn = status != RM_OK;
    log->file_lines++; /* half a line is one, too */
    return status;
}

enum rm_status rm_event_file_write(struct rm_event_log *log)
{
    enum rm_status status = RM_OK;

    if (log->file != NULL && !rm_port_append_is_in_place(log->file))
    {
        close_file(log);
    }
    if (log->file == NULL)
    {
        status = open_file(log);
    }
    while (log->pending > 0 && status == RM_OK)
    {
        status = write_line(log, *rm_event_log_line(log, log->end - log->pending));
        if (status != RM_OK)
        {
            /* The handle of a drive that was taken away never works again. */
            close_file(log);
            return status;
        }
        log->pending--;
    }
    return status;
}

enum rm_status rm_event_file_rewrite(struct rm_event_log *log, uint64_t from)
{
    enum rm_status status;
    size_t size = 0, at = 0;
    char *bytes;

    for (uint64_t sequence = from; sequence < log->end; sequence++)
    {
        size += strlen(*rm_event_log_line(log, sequence)) + 1;
    }
    bytes = malloc(size + 1);
    if (bytes == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    for (uint64_t sequence = from; sequence < log->end; sequence++)
    {
        const char *line = *rm_event_log_line(log, sequence);
        size_t length = strlen(line);

        memcpy(bytes + at, line, length);
        bytes[at + length] = '\n';
        at += length + 1;
    }
    /* Windows doesn't replace a file that is open. */
    close_file(log);
    status = rm_port_file_rewrite(log->path, bytes, size, &log->reason);
    free(bytes);
    if (status == RM_OK)
    {
        log->file_lines = (uint32_t)(log->end - from);
        log->pending = 0;
        log->is_torn = false;
    }
    return status;
}
