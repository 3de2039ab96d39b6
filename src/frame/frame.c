#include <rm/frame.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* No peer has more waiting here than one whole frame and what came with its end. */
#define WAITING_MAX (2 * (size_t)(RM_FRAME_HEADER_SIZE + RM_FRAME_BODY_MAX))
#define ROOM_FIRST  1024u

static const uint8_t magic[4] = {'R', 'M', 'P', '1'};

void rm_frame_header(const struct rm_frame *frame, uint8_t header[RM_FRAME_HEADER_SIZE])
{
    struct rm_field_writer writer = {.bytes = header, .room = RM_FRAME_HEADER_SIZE};

    assert(frame->size <= RM_FRAME_BODY_MAX);
    rm_field_put_bytes(&writer, magic, sizeof magic);
    rm_field_put_u16(&writer, frame->version);
    rm_field_put_u16(&writer, frame->type);
    rm_field_put_u32(&writer, frame->size);
    rm_field_put_u32(&writer, frame->sequence);
    assert(!writer.has_failed && writer.size == RM_FRAME_HEADER_SIZE);
}

static void drop_taken(struct rm_frame_reader *reader)
{
    if (reader->taken > 0)
    {
        reader->size -= reader->taken;
        memmove(reader->bytes, reader->bytes + reader->taken, reader->size);
        reader->taken = 0;
    }
}

static enum rm_status make_room(struct rm_frame_reader *reader, size_t size)
{
    size_t room = reader->room > 0 ? reader->room : ROOM_FIRST;
    uint8_t *grown;

    if (size <= reader->room - reader->size)
    {
        return RM_OK;
    }
    if (size > WAITING_MAX - reader->size)
    {
        return RM_E_TOO_LARGE;
    }
    while (room < reader->size + size)
    {
        room *= 2;
    }
    grown = realloc(reader->bytes, room);
    if (grown == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    reader->bytes = grown;
    reader->room = room;
    return RM_OK;
}

enum rm_status rm_frame_feed(struct rm_frame_reader *reader, const uint8_t *bytes, size_t size)
{
    enum rm_status status;

    drop_taken(reader);
    status = make_room(reader, size);
    if (status == RM_OK && size > 0)
    {
        memcpy(reader->bytes + reader->size, bytes, size);
        reader->size += size;
    }
    return status;
}

/* Of as much of the magic as there is: rubbish is known by its first byte. */
static bool is_ours(const uint8_t *bytes, size_t size)
{
    return memcmp(bytes, magic, size < sizeof magic ? size : sizeof magic) == 0;
}

enum rm_status rm_frame_next(struct rm_frame_reader *reader, struct rm_frame *frame)
{
    size_t left = reader->size - reader->taken;
    struct rm_field_reader header;

    memset(frame, 0, sizeof *frame);
    if (left == 0)
    {
        return RM_E_NOT_FOUND;
    }
    header = (struct rm_field_reader){.bytes = reader->bytes + reader->taken, .size = left};
    if (!is_ours(header.bytes, left))
    {
        return RM_E_INVALID;
    }
    rm_field_get_bytes(&header, sizeof magic);
    frame->version = rm_field_get_u16(&header);
    frame->type = rm_field_get_u16(&header);
    frame->size = rm_field_get_u32(&header);
    frame->sequence = rm_field_get_u32(&header);
    if (!header.has_failed && frame->size > RM_FRAME_BODY_MAX)
    {
        return RM_E_TOO_LARGE;
    }
    frame->body = rm_field_get_bytes(&header, frame->size);
    if (header.has_failed)
    {
        return RM_E_NOT_FOUND;
    }
    reader->taken += header.at;
    return RM_OK;
}

void rm_frame_reader_clear(struct rm_frame_reader *reader)
{
    free(reader->bytes);
    memset(reader, 0, sizeof *reader);
}

struct rm_field_reader rm_frame_fields(const struct rm_frame *frame)
{
    return (struct rm_field_reader){.bytes = frame->body, .size = frame->size};
}
