#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <rm/field.h>
#include <rm/snapshot.h>

#define VERSION 2u

/* Version 1 had no count: it had the first ones of rm_setting_table. */
#define SETTINGS_OF_VERSION_1 11u

/* Magic, version, total size; the sum at the end. */
#define HEADER_SIZE 12u
#define SUM_SIZE    4u

static const uint8_t magic[4] = {'R', 'M', 'S', '1'};

/* What is read, and the first failure that was not the reader's. */
struct decoder
{
    struct rm_field_reader fields;
    enum rm_status status;
};

static enum rm_status status_of(const struct decoder *decoder)
{
    return decoder->status == RM_OK && decoder->fields.has_failed ? RM_E_INVALID : decoder->status;
}

/* The text is the caller's to free; NULL after a failure. */
static char *get_text(struct decoder *decoder)
{
    bool has_memory = true;
    char *text = rm_field_copy_text(&decoder->fields, &has_memory);
    if (!has_memory && decoder->status == RM_OK)
    {
        decoder->status = RM_E_NO_MEMORY;
    }
    return text;
}

/* All between the header and the sum, in the order of the layout. */
static void put_fields(struct rm_field_writer *writer, const struct rm_server_config *server)
{
    rm_field_put_text(writer, server->progid);
    rm_field_put_text(writer, server->clsid);
    rm_field_put_u32(writer, RM_SETTINGS);
    for (size_t i = 0; i < RM_SETTINGS; i++)
    {
        uint32_t value;
        memcpy(&value, (const char *)server + rm_setting_table[i].offset, sizeof value);
        rm_field_put_u32(writer, value);
    }
    rm_field_put_u32(writer, (uint32_t)server->machine_count);
    for (size_t i = 0; i < server->machine_count; i++)
    {
        rm_field_put_text(writer, server->machines[i].host);
        rm_field_put_text(writer, server->machines[i].progid);
        rm_field_put_text(writer, server->machines[i].clsid);
    }
}

static void get_machines(struct decoder *decoder, struct rm_server_config *server)
{
    uint32_t count = rm_field_get_u32(&decoder->fields);
    if (count > RM_MACHINES_MAX)
    {
        decoder->status = RM_E_INVALID;
    }
    for (uint32_t i = 0; status_of(decoder) == RM_OK && i < count; i++)
    {
        char *host = get_text(decoder);
        char *progid = get_text(decoder);
        char *clsid = get_text(decoder);
        if (status_of(decoder) == RM_OK)
        {
            decoder->status = rm_server_add_machine(server, host, progid, clsid, NULL);
        }
        free(host);
        free(progid);
        free(clsid);
    }
}

/* The settings that an older writer didn't know have their defaults. */
static void get_settings(struct decoder *decoder, struct rm_server_config *server, uint32_t version)
{
    uint32_t count = version == 1 ? SETTINGS_OF_VERSION_1 : rm_field_get_u32(&decoder->fields);
    if (status_of(decoder) == RM_OK && count > RM_SETTINGS)
    {
        decoder->status = RM_E_VERSION;
    }
    for (uint32_t i = 0; status_of(decoder) == RM_OK && i < RM_SETTINGS; i++)
    {
        uint32_t value =
            i < count ? rm_field_get_u32(&decoder->fields) : rm_setting_table[i].preset;
        memcpy((char *)server + rm_setting_table[i].offset, &value, sizeof value);
    }
}

static void get_fields(struct decoder *decoder, struct rm_server_config *server, uint32_t version)
{
    free(server->clsid);
    server->clsid = get_text(decoder);
    get_settings(decoder, server, version);
    get_machines(decoder, server);
    if (status_of(decoder) == RM_OK && decoder->fields.at != decoder->fields.size)
    {
        decoder->status = RM_E_INVALID;
    }
}

enum rm_status rm_snapshot_encode(const struct rm_server_config *server, uint8_t **bytes_out,
                                  size_t *size_out)
{
    *bytes_out = NULL;
    *size_out = 0;
    enum rm_status status = rm_server_check(server, NULL);
    if (status != RM_OK)
    {
        return status;
    }
    struct rm_field_writer writer = {.bytes = NULL};
    put_fields(&writer, server);
    size_t total = HEADER_SIZE + writer.size + SUM_SIZE;
    if (total > RM_SNAPSHOT_SIZE_MAX)
    {
        return RM_E_TOO_LARGE;
    }
    writer = (struct rm_field_writer){.bytes = malloc(total), .room = total};
    if (writer.bytes == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    rm_field_put_bytes(&writer, magic, sizeof magic);
    rm_field_put_u32(&writer, VERSION);
    rm_field_put_u32(&writer, (uint32_t)total);
    put_fields(&writer, server);
    rm_field_put_u32(&writer, rm_field_sum(writer.bytes, writer.size));
    assert(!writer.has_failed && writer.size == total);
    *bytes_out = writer.bytes;
    *size_out = total;
    return RM_OK;
}

/* *fields is set to what lies between the header and the sum. */
static enum rm_status check_block(const uint8_t *bytes, size_t size, uint32_t *version,
                                  struct rm_field_reader *fields)
{
    if (size < HEADER_SIZE + SUM_SIZE || size > RM_SNAPSHOT_SIZE_MAX ||
        memcmp(bytes, magic, sizeof magic) != 0)
    {
        return RM_E_INVALID;
    }
    struct rm_field_reader sum = {.bytes = bytes + size - SUM_SIZE, .size = SUM_SIZE};
    *fields = (struct rm_field_reader){.bytes = bytes, .size = size - SUM_SIZE};
    rm_field_get_bytes(fields, sizeof magic);
    *version = rm_field_get_u32(fields);
    if (*version == 0 || *version > VERSION)
    {
        return *version > VERSION ? RM_E_VERSION : RM_E_INVALID;
    }
    if (rm_field_get_u32(fields) != size ||
        rm_field_get_u32(&sum) != rm_field_sum(bytes, size - SUM_SIZE))
    {
        return RM_E_INVALID;
    }
    return RM_OK;
}

enum rm_status rm_snapshot_decode(const uint8_t *bytes, size_t size,
                                  struct rm_server_config **server_out)
{
    *server_out = NULL;
    struct decoder decoder = {.status = RM_OK};
    uint32_t version;
    enum rm_status status = check_block(bytes, size, &version, &decoder.fields);
    if (status != RM_OK)
    {
        return status;
    }
    struct rm_server_config *server = calloc(1, sizeof *server);
    if (server == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    server->progid = get_text(&decoder);
    get_fields(&decoder, server, version);
    status = status_of(&decoder);
    if (status == RM_OK)
    {
        status = rm_server_check(server, NULL);
    }
    if (status != RM_OK)
    {
        rm_server_config_free(server);
        return status;
    }
    *server_out = server;
    return RM_OK;
}
