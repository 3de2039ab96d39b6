#include "record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "text.h"
#include "value.h"

/* 2026-01-01 as milliseconds since 1601-01-01, the origin of FILETIME. */
#define EPOCH_MS      UINT64_C(13411699200000)
#define CHUNK_ENTRIES 4096

struct entry
{
    uint64_t time_ms;
    const char *item_id;
    VARIANT value;
    uint64_t stamp;
    HRESULT error;
    WORD quality;
    BYTE kind;
};

struct chunk
{
    struct chunk *next;
    size_t count;
    struct entry entries[CHUNK_ENTRIES];
};

struct rm_record
{
    FILE *file; /* the writer's */
    HANDLE wake;
    HANDLE writer;

    CRITICAL_SECTION lock; /* protects all that follows */
    struct chunk *first;   /* the oldest that is not written; only the last one is filled */
    struct chunk *last;
    enum rm_record_kind kind; /* of the callback that is being recorded */
    uint64_t time_ms;
    uint64_t stopped_ms;
    bool is_stopped;
    bool is_closed;
    bool is_incomplete;
};

static uint64_t number_from(FILETIME time)
{
    return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static uint64_t now_ms(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return number_from(now) / 10000 - EPOCH_MS;
}

static void write_entry(FILE *file, struct entry *entry)
{
    static const char *const kinds[] = {"change", "refresh", "read"};
    char text[RM_VALUE_TEXT_BYTES];

    fprintf(file, "%" PRIu64 "\t%s\t%s\t%s\t0x%04x\t%" PRIu64 "\t0x%08lx\n", entry->time_ms,
            kinds[entry->kind], entry->item_id, rm_value_print(&entry->value, text), entry->quality,
            entry->stamp, (unsigned long)entry->error);
    VariantClear(&entry->value);
}

/* The oldest chunk that nobody adds to any more; NULL: there is none yet. */
static struct chunk *take_chunk(struct rm_record *record, bool *is_over)
{
    EnterCriticalSection(&record->lock);
    struct chunk *chunk = record->first;
    if (chunk && (chunk->next || record->is_closed))
    {
        record->first = chunk->next;
        if (!record->first)
            record->last = NULL;
    }
    else
        chunk = NULL;
    *is_over = record->is_closed && !chunk;
    LeaveCriticalSection(&record->lock);
    return chunk;
}

static DWORD WINAPI writer_thread(void *parameter)
{
    struct rm_record *record = parameter;
    bool is_over = false;

    while (!is_over)
    {
        struct chunk *chunk = take_chunk(record, &is_over);
        for (size_t i = 0; chunk && i < chunk->count; i++)
            write_entry(record->file, &chunk->entries[i]);
        if (!chunk && !is_over)
            WaitForSingleObject(record->wake, INFINITE);
        free(chunk);
    }
    return 0;
}

static FILE *open_file(const char *path)
{
    WCHAR *wide = rm_text_to_wide(path);
    FILE *file = wide ? _wfopen(wide, L"wb") : NULL;

    free(wide);
    return file;
}

struct rm_record *rm_record_open(const char *path)
{
    struct rm_record *record = calloc(1, sizeof(*record));

    if (record)
    {
        InitializeCriticalSection(&record->lock);
        record->file = open_file(path);
        record->wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    }
    if (record && record->file && record->wake)
    {
        fprintf(record->file, "%" PRIu64 "\tbegin\n", now_ms());
        record->writer = CreateThread(NULL, 0, writer_thread, record, 0, NULL);
        if (record->writer)
            return record;
    }
    fprintf(stderr, "rmprobe: can't write %s\n", path);
    if (record && record->file)
        fclose(record->file);
    free(record);
    return NULL;
}

void rm_record_begin(struct rm_record *record, enum rm_record_kind kind)
{
    if (!record)
        return;
    EnterCriticalSection(&record->lock);
    record->kind = kind;
    record->time_ms = now_ms();
}

/* Under the lock: where the next value goes; NULL without memory. */
static struct entry *new_entry(struct rm_record *record)
{
    if (!record->last || record->last->count == CHUNK_ENTRIES)
    {
        struct chunk *chunk = malloc(sizeof(*chunk));
        if (!chunk)
            return NULL;
        chunk->next = NULL;
        chunk->count = 0;
        if (record->last)
            record->last->next = chunk;
        else
            record->first = chunk;
        record->last = chunk;
        SetEvent(record->wake);
    }
    return &record->last->entries[record->last->count];
}

void rm_record_add(struct rm_record *record, const struct rm_record_value *value)
{
    if (!record || record->is_stopped)
        return;
    struct entry *entry = new_entry(record);
    VARIANT source = *value->value; /* VariantCopy wants a writable one, but only reads */
    if (entry)
        VariantInit(&entry->value);
    if (!entry || FAILED(VariantCopy(&entry->value, &source)))
    {
        record->is_incomplete = true;
        return;
    }
    entry->time_ms = record->time_ms;
    entry->item_id = value->item_id;
    entry->stamp = number_from(value->stamp);
    entry->error = value->error;
    entry->quality = value->quality;
    entry->kind = (BYTE)record->kind;
    record->last->count++;
}

void rm_record_end(struct rm_record *record)
{
    if (record)
        LeaveCriticalSection(&record->lock);
}

void rm_record_stop(struct rm_record *record)
{
    if (!record)
        return;
    EnterCriticalSection(&record->lock);
    if (!record->is_stopped)
        record->stopped_ms = now_ms();
    record->is_stopped = true;
    LeaveCriticalSection(&record->lock);
}

void rm_record_close(struct rm_record *record)
{
    if (!record)
        return;
    rm_record_stop(record);
    EnterCriticalSection(&record->lock);
    record->is_closed = true;
    LeaveCriticalSection(&record->lock);
    SetEvent(record->wake);
    WaitForSingleObject(record->writer, INFINITE);
    CloseHandle(record->writer);
    if (!record->is_incomplete)
        fprintf(record->file, "%" PRIu64 "\tend\n", record->stopped_ms);
    fclose(record->file);
}
