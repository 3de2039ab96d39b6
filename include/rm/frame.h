/* rm/frame.h: frames of the pipe between the service and those who talk to it.
 *
 * A frame is a header of RM_FRAME_HEADER_SIZE bytes and a body, which is a sequence of fields
 * (rm/field.h). The header has the magic "RMP1" and, each little endian: version (2 bytes), the
 * protocol's that the sender speaks; type (2), of the message; size (4) of the body, at most
 * RM_FRAME_BODY_MAX; sequence (4), a request's own number, which its answer bears, too.
 *
 * Units: bytes.
 * Ownership: a reader owns its buffer until rm_frame_reader_clear; a frame borrows it until the
 *   next call for that reader.
 * Threads: none of its own.
 * Errors: RM_E_NOT_FOUND no whole frame yet; RM_E_INVALID not a frame of ours; RM_E_TOO_LARGE its
 *   body would be; RM_E_NO_MEMORY. After any but the first the peer is to be cut off.
 * Source: design.md 5 (Pipe).
 */
#ifndef RM_FRAME_H
#define RM_FRAME_H

#include <rm/field.h>
#include <rm/status.h>

#define RM_FRAME_HEADER_SIZE 16u
#define RM_FRAME_BODY_MAX    (1024u * 1024u)

struct rm_frame
{
    uint16_t version, type;
    uint32_t sequence;
    const uint8_t *body; /* array of size; not NULL */
    uint32_t size;       /* at most RM_FRAME_BODY_MAX */
};

void rm_frame_header(const struct rm_frame *frame, uint8_t header[RM_FRAME_HEADER_SIZE]);

/* Puts frames together again from what a pipe brings, piece by piece. All zero is an empty one. */
struct rm_frame_reader
{
    uint8_t *bytes;
    size_t size, room; /* what is there, what fits */
    size_t taken;      /* of what is there: given out as frames */
};

enum rm_status rm_frame_feed(struct rm_frame_reader *reader, const uint8_t *bytes, size_t size);
enum rm_status rm_frame_next(struct rm_frame_reader *reader, struct rm_frame *frame);
void rm_frame_reader_clear(struct rm_frame_reader *reader);

struct rm_field_reader rm_frame_fields(const struct rm_frame *frame);

#endif
