#include "journal.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A record being read; what lies behind its end reads as zeros. */
struct reader
{
    const unsigned char *at;
    const unsigned char *end;
};

/* What ITEM records said. */
struct known_item
{
    uint32_t group;
    uint32_t server_handle;
    uint32_t client_handle;
    char name[128];
};

/* What a delivery's item shares with the one before. */
struct carried
{
    uint32_t server_handle;
    char value[4096];
    uint16_t quality;
    uint64_t stamp;
};

static struct known_item *known;
static size_t known_count;
static size_t known_capacity;

static void get(struct reader *reader, void *target, size_t size)
{
    size_t left = (size_t)(reader->end - reader->at);
    size_t taken = size < left ? size : left;
    memset(target, 0, size);
    memcpy(target, reader->at, taken);
    reader->at += taken;
}

static uint8_t get_u8(struct reader *reader)
{
    uint8_t value;
    get(reader, &value, sizeof(value));
    return value;
}

static uint16_t get_u16(struct reader *reader)
{
    uint16_t value;
    get(reader, &value, sizeof(value));
    return value;
}

static uint32_t get_u32(struct reader *reader)
{
    uint32_t value;
    get(reader, &value, sizeof(value));
    return value;
}

static int64_t get_i64(struct reader *reader)
{
    int64_t value;
    get(reader, &value, sizeof(value));
    return value;
}

static uint32_t get_varint(struct reader *reader)
{
    uint32_t value = 0;
    for (int shift = 0; shift < 35; shift += 7)
    {
        uint8_t byte = get_u8(reader);
        value |= (uint32_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0)
        {
            break;
        }
    }
    return value;
}

static const char *get_text(struct reader *reader, char *buffer, size_t size)
{
    size_t length = get_varint(reader);
    size_t left = (size_t)(reader->end - reader->at);
    length = length < left ? length : left;
    size_t kept = length < size - 1 ? length : size - 1;
    memcpy(buffer, reader->at, kept);
    buffer[kept] = '\0';
    reader->at += length;
    return buffer;
}

static void get_value(struct reader *reader, char *buffer, size_t size)
{
    VARIANT value;
    VariantInit(&value);
    VARTYPE type = get_u16(reader);
    if ((type & VT_ARRAY) != 0 || type == VT_BSTR)
    {
        get_text(reader, buffer, size);
        return;
    }
    V_VT(&value) = type;
    V_I8(&value) = get_i64(reader);
    sim_value_text(&value, buffer, size);
}

static struct known_item *find_known(uint32_t group, uint32_t server_handle)
{
    /* Items come mostly in the order in which they were added: the next one is likely. */
    static size_t last;
    for (size_t i = 0; i < known_count; i++)
    {
        struct known_item *item = &known[(last + i) % known_count];
        if (item->group == group && item->server_handle == server_handle)
        {
            last = (last + i + 1) % known_count;
            return item;
        }
    }
    return NULL;
}

static void print_item(struct reader *reader)
{
    uint32_t group = get_u32(reader);
    uint32_t server_handle = get_u32(reader);
    struct known_item *item = find_known(group, server_handle);
    if (item == NULL)
    {
        if (known_count == known_capacity)
        {
            known_capacity = known_capacity * 2 + 1024;
            struct known_item *grown = realloc(known, known_capacity * sizeof(*known));
            if (grown == NULL)
            {
                abort();
            }
            known = grown;
        }
        item = &known[known_count++];
    }
    item->group = group;
    item->server_handle = server_handle;
    item->client_handle = get_u32(reader);
    get_text(reader, item->name, sizeof(item->name));
    printf("\t%u\t%u\t%s", group, item->client_handle, item->name);
}

static void print_start(struct reader *reader)
{
    char text[200];
    uint32_t pid = get_u32(reader);
    int64_t period = get_i64(reader);
    int64_t phase = get_i64(reader);
    int64_t skew = get_i64(reader);
    printf("\t%s\t%u\t%" PRId64 "\t%" PRId64 "\t%" PRId64, get_text(reader, text, sizeof(text)),
           pid, period, phase, skew);
}

static void print_delivered_item(struct reader *reader, uint32_t group, struct carried *carried)
{
    uint32_t zigzag = get_varint(reader);
    uint8_t same = get_u8(reader);
    carried->server_handle += (zigzag >> 1) ^ (uint32_t) - (int32_t)(zigzag & 1);
    if ((same & SIM_SAME_VALUE) == 0)
    {
        get_value(reader, carried->value, sizeof(carried->value));
    }
    carried->quality = (same & SIM_SAME_QUALITY) == 0 ? get_u16(reader) : carried->quality;
    carried->stamp = (same & SIM_SAME_STAMP) == 0 ? (uint64_t)get_i64(reader) : carried->stamp;
    uint32_t error = (same & SIM_NO_ERROR) == 0 ? get_u32(reader) : 0;
    const struct known_item *item = find_known(group, carried->server_handle);
    printf("\t%s\t%u\t%s\t0x%04x\t%" PRIu64 "\t0x%08x", item != NULL ? item->name : "?",
           item != NULL ? item->client_handle : 0, carried->value, carried->quality, carried->stamp,
           error);
}

static const char *callback_name(uint8_t callback)
{
    static const char *const names[] = {"?",       "change",    "refresh", "read",
                                        "written", "cancelled", "alive"};
    return names[callback <= SIM_CALLBACK_KEEP_ALIVE ? callback : 0];
}

/* One line per item, each with the delivery's own columns in front. */
static void print_delivery(struct reader *reader, const char *time)
{
    static struct carried carried;
    memset(&carried, 0, sizeof(carried));
    uint32_t sequence = get_u32(reader);
    uint8_t callback = get_u8(reader);
    uint32_t group = get_u32(reader);
    uint32_t client_group = get_u32(reader);
    uint32_t transaction = get_u32(reader);
    uint32_t count = get_varint(reader);
    for (uint32_t i = 0; i < count || i == 0; i++)
    {
        printf("%s%s\tdelivery\t%u\t%s\t%u\t%u\t%u\t%u", i > 0 ? "\n" : "", time, sequence,
               callback_name(callback), group, client_group, transaction, count);
        if (count > 0)
        {
            print_delivered_item(reader, group, &carried);
        }
    }
}

static void print_write(struct reader *reader)
{
    char item[256];
    char value[4096];
    uint32_t group = get_u32(reader);
    uint32_t transaction = get_u32(reader);
    uint32_t result = get_u32(reader);
    get_text(reader, item, sizeof(item));
    get_text(reader, value, sizeof(value));
    printf("\t%u\t%u\t0x%08x\t%s\t%s", group, transaction, result, item, value);
}

static void print_record(struct reader reader)
{
    char time[32];
    char text[1024];
    uint8_t kind = get_u8(&reader);
    snprintf(time, sizeof(time), "%" PRId64, get_i64(&reader));
    if (kind == SIM_RECORD_DELIVERY)
    {
        print_delivery(&reader, time);
        printf("\n");
        return;
    }
    printf("%s", time);
    switch (kind)
    {
    case SIM_RECORD_START:
        printf("\tstart");
        print_start(&reader);
        break;
    case SIM_RECORD_ITEM:
        printf("\titem");
        print_item(&reader);
        break;
    case SIM_RECORD_RESULT:
    {
        uint32_t sequence = get_u32(&reader);
        printf("\tresult\t%u\t0x%08x", sequence, get_u32(&reader));
        break;
    }
    case SIM_RECORD_WRITE:
        printf("\twrite");
        print_write(&reader);
        break;
    case SIM_RECORD_NOTE: printf("\tnote\t%s", get_text(&reader, text, sizeof(text))); break;
    default: printf("\tunknown\t%u", kind); break;
    }
    printf("\n");
}

static unsigned char *read_file(const wchar_t *path, size_t *size)
{
    FILE *file = _wfopen(path, L"rb");
    unsigned char *content = NULL;
    *size = 0;
    if (file == NULL)
    {
        return NULL;
    }
    _fseeki64(file, 0, SEEK_END);
    int64_t length = _ftelli64(file);
    _fseeki64(file, 0, SEEK_SET);
    content = malloc((size_t)length + 1);
    if (content != NULL)
    {
        *size = fread(content, 1, (size_t)length, file);
    }
    fclose(file);
    return content;
}

int sim_journal_print(const wchar_t *path)
{
    size_t size;
    unsigned char *content = read_file(path, &size);
    if (content == NULL)
    {
        sim_text_error("%ls can't be read", path);
        return 1;
    }
    const unsigned char *at = content;
    const unsigned char *end = content + size;
    bool is_whole = true;
    while (at < end && is_whole)
    {
        uint32_t length = 0;
        size_t left = (size_t)(end - at);
        memcpy(&length, at, left < sizeof(length) ? left : sizeof(length));
        is_whole = left >= sizeof(length) && length <= left - sizeof(length);
        if (is_whole)
        {
            print_record((struct reader){at + sizeof(length), at + sizeof(length) + length});
            at += sizeof(length) + length;
        }
    }
    if (!is_whole)
    {
        sim_text_error("the last record is incomplete");
    }
    free(content);
    return 0;
}
