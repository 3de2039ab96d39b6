#include "journal.h"
#include "clock.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static HANDLE journal_file = INVALID_HANDLE_VALUE;

/* Protects all below: the record under construction, and the order of records in the file. */
static CRITICAL_SECTION lock;
static unsigned char *record;
static size_t record_size;
static size_t record_capacity;
static bool is_out_of_memory;
static uint32_t next_sequence;

static void put(const void *bytes, size_t size)
{
    if (record_size + size > record_capacity)
    {
        size_t capacity = (record_size + size) * 2;
        unsigned char *grown = realloc(record, capacity);
        if (grown == NULL)
        {
            is_out_of_memory = true;
            return;
        }
        record = grown;
        record_capacity = capacity;
    }
    memcpy(record + record_size, bytes, size);
    record_size += size;
}

static void put_u8(uint8_t value)
{
    put(&value, sizeof(value));
}

static void put_u16(uint16_t value)
{
    put(&value, sizeof(value));
}

static void put_u32(uint32_t value)
{
    put(&value, sizeof(value));
}

static void put_i64(int64_t value)
{
    put(&value, sizeof(value));
}

static void put_varint(uint32_t value)
{
    while (value >= 0x80)
    {
        put_u8((uint8_t)(value | 0x80));
        value >>= 7;
    }
    put_u8((uint8_t)value);
}

static void put_text(const char *text)
{
    size_t size = strlen(text);
    put_varint((uint32_t)size);
    put(text, size);
}

static void put_wide(const wchar_t *text)
{
    char buffer[1024];
    put_text(sim_text_utf8(text, buffer, sizeof(buffer)));
}

static bool begin(enum sim_record kind)
{
    if (journal_file == INVALID_HANDLE_VALUE)
    {
        return false;
    }
    EnterCriticalSection(&lock);
    record_size = 0;
    is_out_of_memory = false;
    put_u32(0);
    put_u8((uint8_t)kind);
    put_i64(sim_clock_now());
    return true;
}

static void end(void)
{
    uint32_t size = (uint32_t)(record_size - sizeof(size));
    DWORD written = 0;
    if (!is_out_of_memory)
    {
        memcpy(record, &size, sizeof(size));
        WriteFile(journal_file, record, (DWORD)record_size, &written, NULL);
    }
    LeaveCriticalSection(&lock);
}

static void journal_path(const struct sim_options *options, wchar_t *path, size_t count)
{
    DWORD attributes = GetFileAttributesW(options->journal);
    bool is_folder =
        attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    if (is_folder)
    {
        _snwprintf(path, count, L"%ls\\%hs-%lu.journal", options->journal, options->name,
                   GetCurrentProcessId());
    }
    else
    {
        _snwprintf(path, count, L"%ls.%lu", options->journal, GetCurrentProcessId());
    }
}

bool sim_journal_open(const struct sim_options *options)
{
    if (options->journal[0] == L'\0')
    {
        return true;
    }
    wchar_t path[MAX_PATH + 60];
    journal_path(options, path, MAX_PATH + 60);
    InitializeCriticalSection(&lock);
    journal_file =
        CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (journal_file == INVALID_HANDLE_VALUE)
    {
        return false;
    }
    /* A process id that was used before continues the old file. */
    LARGE_INTEGER zero = {.QuadPart = 0};
    SetFilePointerEx(journal_file, zero, NULL, FILE_END);
    if (begin(SIM_RECORD_START))
    {
        put_u32(GetCurrentProcessId());
        put_i64(options->period_ms);
        put_i64(options->phase_ms);
        put_i64(options->skew_ms);
        put_text(options->name);
        end();
    }
    return true;
}

void sim_journal_item(DWORD group, DWORD server_handle, DWORD client_handle, const wchar_t *item)
{
    if (begin(SIM_RECORD_ITEM))
    {
        put_u32(group);
        put_u32(server_handle);
        put_u32(client_handle);
        put_wide(item);
        end();
    }
}

static bool is_small(VARTYPE type)
{
    return (type & VT_ARRAY) == 0 && type != VT_BSTR;
}

static void put_value(const VARIANT *value)
{
    put_u16(V_VT(value));
    if (is_small(V_VT(value)))
    {
        put_i64(V_VT(value) == VT_EMPTY ? 0 : V_I8(value));
        return;
    }
    char text[4096];
    put_text(sim_value_text(value, text, sizeof(text)));
}

/* Items of one callback mostly have the same quality and stamp, counters the same value. */
static void put_item(const struct sim_journal_items *items, DWORD i)
{
    DWORD before = i > 0 ? items->server_handles[i - 1] : 0;
    int32_t step = (int32_t)(items->server_handles[i] - before);
    put_varint(((uint32_t)step << 1) ^ (step < 0 ? UINT32_MAX : 0));
    uint8_t same = items->errors[i] == S_OK ? SIM_NO_ERROR : 0;
    if (items->values == NULL || (i > 0 && is_small(V_VT(&items->values[i])) &&
                                  sim_value_is_equal(&items->values[i], &items->values[i - 1])))
    {
        same |= SIM_SAME_VALUE;
    }
    if (items->values == NULL || (i > 0 && items->qualities[i] == items->qualities[i - 1]))
    {
        same |= SIM_SAME_QUALITY;
    }
    if (items->values == NULL ||
        (i > 0 && memcmp(&items->stamps[i], &items->stamps[i - 1], sizeof(FILETIME)) == 0))
    {
        same |= SIM_SAME_STAMP;
    }
    put_u8(same);
    if ((same & SIM_SAME_VALUE) == 0)
    {
        put_value(&items->values[i]);
    }
    if ((same & SIM_SAME_QUALITY) == 0)
    {
        put_u16(items->qualities[i]);
    }
    if ((same & SIM_SAME_STAMP) == 0)
    {
        put_u32(items->stamps[i].dwLowDateTime);
        put_u32(items->stamps[i].dwHighDateTime);
    }
    if ((same & SIM_NO_ERROR) == 0)
    {
        put_u32((uint32_t)items->errors[i]);
    }
}

uint32_t sim_journal_delivery(enum sim_callback callback, DWORD group, DWORD client_group,
                              DWORD transaction, const struct sim_journal_items *items)
{
    if (!begin(SIM_RECORD_DELIVERY))
    {
        return 0;
    }
    uint32_t sequence = ++next_sequence;
    put_u32(sequence);
    put_u8((uint8_t)callback);
    put_u32(group);
    put_u32(client_group);
    put_u32(transaction);
    put_varint(items->count);
    for (DWORD i = 0; i < items->count; i++)
    {
        put_item(items, i);
    }
    end();
    return sequence;
}

void sim_journal_result(uint32_t sequence, HRESULT result)
{
    if (begin(SIM_RECORD_RESULT))
    {
        put_u32(sequence);
        put_u32((uint32_t)result);
        end();
    }
}

void sim_journal_write(DWORD group, DWORD transaction, HRESULT result, const wchar_t *item,
                       const VARIANT *value)
{
    if (begin(SIM_RECORD_WRITE))
    {
        char text[4096];
        put_u32(group);
        put_u32(transaction);
        put_u32((uint32_t)result);
        put_wide(item);
        put_text(sim_value_text(value, text, sizeof(text)));
        end();
    }
}

void sim_journal_note(const char *text)
{
    if (begin(SIM_RECORD_NOTE))
    {
        put_text(text);
        end();
    }
}
