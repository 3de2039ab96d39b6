#include <rm/field.h>

#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

void rm_field_put_bytes(struct rm_field_writer *writer, const void *bytes, size_t size)
{
    if (writer->bytes == NULL)
    {
        writer->size += size;
        return;
    }
    if (writer->has_failed || size > writer->room - writer->size)
    {
        writer->has_failed = true;
        return;
    }
    if (size > 0)
    {
        memcpy(writer->bytes + writer->size, bytes, size);
    }
    writer->size += size;
}

static void put_number(struct rm_field_writer *writer, uint64_t number, size_t size)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < size; i++)
    {
        bytes[i] = (uint8_t)(number >> (8 * i));
    }
    rm_field_put_bytes(writer, bytes, size);
}

void rm_field_put_u8(struct rm_field_writer *writer, uint8_t number)
{
    put_number(writer, number, 1);
}

void rm_field_put_u16(struct rm_field_writer *writer, uint16_t number)
{
    put_number(writer, number, 2);
}

void rm_field_put_u32(struct rm_field_writer *writer, uint32_t number)
{
    put_number(writer, number, 4);
}

void rm_field_put_u64(struct rm_field_writer *writer, uint64_t number)
{
    put_number(writer, number, 8);
}

void rm_field_put_block(struct rm_field_writer *writer, const void *bytes, size_t size)
{
    if (size > UINT32_MAX)
    {
        writer->has_failed = true;
        return;
    }
    rm_field_put_u32(writer, (uint32_t)size);
    rm_field_put_bytes(writer, bytes, size);
}

void rm_field_put_text(struct rm_field_writer *writer, const char *text)
{
    rm_field_put_block(writer, text, strlen(text));
}

const uint8_t *rm_field_get_bytes(struct rm_field_reader *reader, size_t size)
{
    const uint8_t *bytes = reader->bytes + reader->at;

    if (reader->has_failed || size > reader->size - reader->at)
    {
        reader->has_failed = true;
        return NULL;
    }
    reader->at += size;
    return bytes;
}

static uint64_t get_number(struct rm_field_reader *reader, size_t size)
{
    const uint8_t *bytes = rm_field_get_bytes(reader, size);
    uint64_t number = 0;

    for (size_t i = 0; bytes != NULL && i < size; i++)
    {
        number |= (uint64_t)bytes[i] << (8 * i);
    }
    return number;
}

uint8_t rm_field_get_u8(struct rm_field_reader *reader)
{
    return (uint8_t)get_number(reader, 1);
}

uint16_t rm_field_get_u16(struct rm_field_reader *reader)
{
    return (uint16_t)get_number(reader, 2);
}

uint32_t rm_field_get_u32(struct rm_field_reader *reader)
{
    return (uint32_t)get_number(reader, 4);
}

uint64_t rm_field_get_u64(struct rm_field_reader *reader)
{
    return get_number(reader, 8);
}

const uint8_t *rm_field_get_block(struct rm_field_reader *reader, size_t *size)
{
    const uint8_t *bytes;

    *size = rm_field_get_u32(reader);
    bytes = rm_field_get_bytes(reader, *size);
    if (bytes == NULL)
    {
        *size = 0;
    }
    return bytes;
}

/* NULL: a failure. */
static const char *get_text(struct rm_field_reader *reader, size_t *size)
{
    const char *text = (const char *)rm_field_get_block(reader, size);

    if (text != NULL && !rm_text_is_utf8(text, *size))
    {
        reader->has_failed = true;
        text = NULL;
    }
    return text;
}

void rm_field_get_text(struct rm_field_reader *reader, char *text, size_t room)
{
    size_t size;
    const char *source = get_text(reader, &size);

    if (source != NULL && size >= room)
    {
        reader->has_failed = true;
        source = NULL;
    }
    if (source == NULL)
    {
        size = 0;
    }
    else
    {
        memcpy(text, source, size);
    }
    text[size] = '\0';
}

char *rm_field_copy_text(struct rm_field_reader *reader, bool *has_memory)
{
    size_t size;
    const char *source = get_text(reader, &size);
    char *copy;

    if (source == NULL)
    {
        return NULL;
    }
    copy = malloc(size + 1);
    if (copy == NULL)
    {
        *has_memory = false;
        reader->has_failed = true;
        return NULL;
    }
    memcpy(copy, source, size);
    copy[size] = '\0';
    return copy;
}

uint32_t rm_field_sum(const uint8_t *bytes, size_t size)
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
