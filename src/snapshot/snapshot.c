#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <rm/snapshot.h>

#define VERSION 2u

/* Version 1 had no count: it had the first ones of rm_setting_table. */
#define SETTINGS_OF_VERSION_1 11u

/* Magic, version, total size; the sum at the end. */
#define HEADER_SIZE 12u
#define SUM_SIZE    4u

static const uint8_t magic[4] = {'R', 'M', 'S', '1'};

struct encoder
{
    uint8_t *bytes; /* NULL while the size is being found out */
    size_t size;
};

struct decoder
{
    const uint8_t *bytes;
    size_t size;
    size_t at;
    enum rm_status status; /* the first failure; what is read after it is 0 or "" */
};

static uint32_t crc32(const uint8_t *bytes, size_t size)
{
    uint32_t sum = 0xffffffffu;
    for (size_t i = 0; i < size; i++)
    {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
        {
            sum = (sum >> 1) ^ (0xedb88320u & (0u - (sum & 1u)));
        }
    }
    return ~sum;
}

static void put_bytes(struct encoder *encoder, const void *bytes, size_t size)
{
    if (encoder->bytes != NULL)
    {
        memcpy(encoder->bytes + encoder->size, bytes, size);
    }
    encoder->size += size;
}

static void put_u32(struct encoder *encoder, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                              (uint8_t)(value >> 24)};
    put_bytes(encoder, bytes, sizeof bytes);
}

static void put_text(struct encoder *encoder, const char *text)
{
    size_t length = strlen(text);
    put_u32(encoder, (uint32_t)length);
    put_bytes(encoder, text, length);
}

static uint32_t get_u32_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static uint32_t get_u32(struct decoder *decoder)
{
    if (decoder->status != RM_OK || decoder->size - decoder->at < 4)
    {
        decoder->status = decoder->status != RM_OK ? decoder->status : RM_E_INVALID;
        return 0;
    }
    uint32_t value = get_u32_at(decoder->bytes + decoder->at);
    decoder->at += 4;
    return value;
}

/* The text is the caller's to free; NULL after a failure. */
static char *get_text(struct decoder *decoder)
{
    uint32_t length = get_u32(decoder);
    if (decoder->status != RM_OK)
    {
        return NULL;
    }
    const uint8_t *bytes = decoder->bytes + decoder->at;
    if (length > decoder->size - decoder->at || memchr(bytes, 0, length) != NULL)
    {
        decoder->status = RM_E_INVALID;
        return NULL;
    }
    char *text = malloc((size_t)length + 1);
    if (text == NULL)
    {
        decoder->status = RM_E_NO_MEMORY;
        return NULL;
    }
    memcpy(text, bytes, length);
    text[length] = '\0';
    decoder->at += length;
    return text;
}

/* All between the header and the sum, in the order of the layout. */
static void put_fields(struct encoder *encoder, const struct rm_server_config *server)
{
    put_text(encoder, server->progid);
    put_text(encoder, server->clsid);
    put_u32(encoder, RM_SETTINGS);
    for (size_t i = 0; i < RM_SETTINGS; i++)
    {
        uint32_t value;
        memcpy(&value, (const char *)server + rm_setting_table[i].offset, sizeof value);
        put_u32(encoder, value);
    }
    put_u32(encoder, (uint32_t)server->machine_count);
    for (size_t i = 0; i < server->machine_count; i++)
    {
        put_text(encoder, server->machines[i].host);
        put_text(encoder, server->machines[i].progid);
        put_text(encoder, server->machines[i].clsid);
    }
}

static void get_machines(struct decoder *decoder, struct rm_server_config *server)
{
    uint32_t count = get_u32(decoder);
    if (count > RM_MACHINES_MAX)
    {
        decoder->status = RM_E_INVALID;
    }
    for (uint32_t i = 0; decoder->status == RM_OK && i < count; i++)
    {
        char *host = get_text(decoder);
        char *progid = get_text(decoder);
        char *clsid = get_text(decoder);
        if (decoder->status == RM_OK)
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
    uint32_t count = version == 1 ? SETTINGS_OF_VERSION_1 : get_u32(decoder);
    if (decoder->status == RM_OK && count > RM_SETTINGS)
    {
        decoder->status = RM_E_VERSION;
    }
    for (uint32_t i = 0; decoder->status == RM_OK && i < RM_SETTINGS; i++)
    {
        uint32_t value = i < count ? get_u32(decoder) : rm_setting_table[i].preset;
        memcpy((char *)server + rm_setting_table[i].offset, &value, sizeof value);
    }
}

static void get_fields(struct decoder *decoder, struct rm_server_config *server, uint32_t version)
{
    free(server->clsid);
    server->clsid = get_text(decoder);
    get_settings(decoder, server, version);
    get_machines(decoder, server);
    if (decoder->status == RM_OK && decoder->at != decoder->size)
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
    struct encoder encoder = {NULL, 0};
    put_fields(&encoder, server);
    size_t total = HEADER_SIZE + encoder.size + SUM_SIZE;
    if (total > RM_SNAPSHOT_SIZE_MAX)
    {
        return RM_E_TOO_LARGE;
    }
    encoder.bytes = malloc(total);
    if (encoder.bytes == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    encoder.size = 0;
    put_bytes(&encoder, magic, sizeof magic);
    put_u32(&encoder, VERSION);
    put_u32(&encoder, (uint32_t)total);
    put_fields(&encoder, server);
    put_u32(&encoder, crc32(encoder.bytes, encoder.size));
    assert(encoder.size == total);
    *bytes_out = encoder.bytes;
    *size_out = total;
    return RM_OK;
}

static enum rm_status check_block(const uint8_t *bytes, size_t size)
{
    if (size < HEADER_SIZE + SUM_SIZE || size > RM_SNAPSHOT_SIZE_MAX ||
        memcmp(bytes, magic, sizeof magic) != 0)
    {
        return RM_E_INVALID;
    }
    uint32_t version = get_u32_at(bytes + 4);
    if (version == 0 || version > VERSION)
    {
        return version > VERSION ? RM_E_VERSION : RM_E_INVALID;
    }
    if (get_u32_at(bytes + 8) != size ||
        get_u32_at(bytes + size - SUM_SIZE) != crc32(bytes, size - SUM_SIZE))
    {
        return RM_E_INVALID;
    }
    return RM_OK;
}

enum rm_status rm_snapshot_decode(const uint8_t *bytes, size_t size,
                                  struct rm_server_config **server_out)
{
    *server_out = NULL;
    enum rm_status status = check_block(bytes, size);
    if (status != RM_OK)
    {
        return status;
    }
    struct decoder decoder = {bytes, size - SUM_SIZE, HEADER_SIZE, RM_OK};
    struct rm_server_config *server = calloc(1, sizeof *server);
    if (server == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    server->progid = get_text(&decoder);
    get_fields(&decoder, server, get_u32_at(bytes + 4));
    status = decoder.status;
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
