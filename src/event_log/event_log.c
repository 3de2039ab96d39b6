#include <rm/event_log.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static uint32_t count_of(const struct rm_event_log *log)
{
    return (uint32_t)(log->end - log->first);
}

char **rm_event_log_line(const struct rm_event_log *log, uint64_t sequence)
{
    return &log->lines[sequence % log->limit];
}

static void discard_oldest(struct rm_event_log *log)
{
    free(*rm_event_log_line(log, log->first));
    *rm_event_log_line(log, log->first) = NULL;
    log->first++;
    log->pending = log->pending < count_of(log) ? log->pending : count_of(log);
}

/* A failure is waited with until the file has grown by another quarter. */
static void set_lines_max(struct rm_event_log *log)
{
    uint32_t lines = log->file_lines > log->limit ? log->file_lines : log->limit;

    log->lines_max = lines + log->limit / 4;
}

/* What came of an attempt to write: for our caller there is only one way to fail. */
static enum rm_status tell(struct rm_event_log *log, enum rm_status status)
{
    if (status == RM_E_NO_MEMORY)
    {
        snprintf(log->reason.text, sizeof log->reason.text, "%s", rm_status_text(status));
    }
    return status == RM_OK ? RM_OK : RM_E_IO;
}

static enum rm_status shorten(struct rm_event_log *log)
{
    enum rm_status status = RM_OK;

    if (log->file_lines > log->lines_max)
    {
        status = rm_event_file_rewrite(log, log->first);
        set_lines_max(log);
    }
    return tell(log, status);
}

enum rm_status rm_event_log_open(struct rm_event_log **log_out, const char *path, uint32_t limit)
{
    struct rm_event_log *log = calloc(1, sizeof *log);
    size_t size = strlen(path) + 1;
    enum rm_status status = RM_E_NO_MEMORY;

    assert(limit >= RM_EVENT_LOG_LIMIT_MIN && limit <= RM_EVENT_LOG_LIMIT_MAX);
    *log_out = NULL;
    if (log == NULL)
    {
        return status;
    }
    log->limit = limit;
    log->first = log->end = 1;
    log->lines = calloc(limit, sizeof *log->lines);
    log->path = malloc(size);
    if (log->lines != NULL && log->path != NULL)
    {
        memcpy(log->path, path, size);
        log->lines_max = limit + limit / 4;
        status = rm_event_file_read(log);
    }
    if (status == RM_E_NO_MEMORY)
    {
        rm_event_log_close(log);
        return status;
    }
    *log_out = log;
    return status;
}

void rm_event_log_close(struct rm_event_log *log)
{
    if (log == NULL)
    {
        return;
    }
    if (log->pending > 0)
    {
        rm_event_file_write(log);
    }
    while (count_of(log) > 0)
    {
        discard_oldest(log);
    }
    rm_port_append_close(log->file);
    free(log->sources.marks);
    free(log->lines);
    free(log->path);
    free(log);
}

enum rm_status rm_event_log_keep(struct rm_event_log *log, const struct rm_event_record *record,
                                 const char *line, size_t size)
{
    enum rm_status status;
    char *copy;

    if (record->number != 0 &&
        record->number <= rm_event_sources_highest(&log->sources, &record->source))
    {
        return RM_E_EXISTS;
    }
    status = rm_event_sources_prepare(&log->sources, log->first);
    copy = status == RM_OK ? malloc(size + 1) : NULL;
    if (copy == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    memcpy(copy, line, size);
    copy[size] = '\0';
    if (count_of(log) == log->limit)
    {
        discard_oldest(log);
    }
    *rm_event_log_line(log, log->end) = copy;
    if (record->number != 0)
    {
        rm_event_sources_note(&log->sources, &record->source, record->number, log->end);
    }
    log->end++;
    return RM_OK;
}

enum rm_status rm_event_log_append(struct rm_event_log *log, const struct rm_event_record *record)
{
    char line[RM_EVENT_LINE_SIZE];
    size_t size = rm_event_record_encode(record, line);
    enum rm_status kept = rm_event_log_keep(log, record, line, size);
    enum rm_status stored;

    if (kept == RM_E_NO_MEMORY)
    {
        return kept;
    }
    log->pending += kept == RM_OK;
    stored = rm_event_log_flush(log);
    return stored == RM_OK ? kept : stored;
}

enum rm_status rm_event_log_flush(struct rm_event_log *log)
{
    enum rm_status status = tell(log, rm_event_file_write(log));

    return status == RM_OK ? shorten(log) : status;
}

enum rm_status rm_event_log_set_limit(struct rm_event_log *log, uint32_t limit)
{
    char **old = log->lines, **lines = calloc(limit, sizeof *lines);
    uint32_t old_limit = log->limit;

    assert(limit >= RM_EVENT_LOG_LIMIT_MIN && limit <= RM_EVENT_LOG_LIMIT_MAX);
    if (lines == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    while (count_of(log) > limit)
    {
        discard_oldest(log);
    }
    log->lines = lines;
    log->limit = limit;
    for (uint64_t sequence = log->first; sequence < log->end; sequence++)
    {
        *rm_event_log_line(log, sequence) = old[sequence % old_limit];
    }
    free(old);
    log->lines_max = limit + limit / 4;
    return shorten(log);
}

enum rm_status rm_event_log_reset(struct rm_event_log *log)
{
    enum rm_status status = rm_event_file_rewrite(log, log->end);

    /* Where there is no folder there is no file either. */
    if (status != RM_OK && status != RM_E_NOT_FOUND)
    {
        return tell(log, status);
    }
    while (count_of(log) > 0)
    {
        discard_oldest(log);
    }
    log->broken = 0;
    set_lines_max(log);
    return RM_OK;
}

struct rm_event_log_facts rm_event_log_facts(const struct rm_event_log *log)
{
    return (struct rm_event_log_facts){.first = log->first,
                                       .end = log->end,
                                       .limit = log->limit,
                                       .pending = log->pending,
                                       .broken = log->broken};
}

bool rm_event_log_get(const struct rm_event_log *log, uint64_t sequence,
                      struct rm_event_record *record)
{
    const char *line;

    memset(record, 0, sizeof *record);
    if (sequence < log->first || sequence >= log->end)
    {
        return false;
    }
    line = *rm_event_log_line(log, sequence);
    return rm_event_record_decode(line, strlen(line), record);
}

uint32_t rm_event_log_highest(const struct rm_event_log *log, const struct rm_event_source *source)
{
    /* A source's numbers rise: the first that is pending bounds those that are stored. */
    for (uint64_t sequence = log->end - log->pending; sequence < log->end; sequence++)
    {
        struct rm_event_record record;

        if (rm_event_log_get(log, sequence, &record) && record.number != 0 &&
            rm_event_source_is(&record.source, source))
        {
            return record.number - 1;
        }
    }
    return rm_event_sources_highest(&log->sources, source);
}

const char *rm_event_log_reason(const struct rm_event_log *log)
{
    return log->reason.text;
}
