/* rm/field.h: numbers and texts as a sequence of bytes, for what is stored or sent.
 *
 * Numbers have 1, 2, 4 or 8 bytes, the lowest first. A block is its length (4 bytes) and that many
 * bytes; a text is a block of UTF-8 without a zero.
 *
 * Nothing that is read is trusted. Who reads more than there is, or a text that is none, gets zeros
 * and "" from then on, and asks at the end whether all was well.
 *
 * Units: bytes.
 * Ownership: the caller's buffers; blocks that are read borrow the reader's bytes.
 * Threads: none of its own.
 * Errors: has_failed of writer and reader: the first failure stays.
 * Source: design.md 5 (Pipe: fixed-width little-endian fields).
 */
#ifndef RM_FIELD_H
#define RM_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* bytes NULL: nothing is written, but counted in size. */
struct rm_field_writer
{
    uint8_t *bytes;
    size_t size, room; /* what doesn't fit into room is not written, and a failure */
    bool has_failed;
};

void rm_field_put_u8(struct rm_field_writer *writer, uint8_t number);
void rm_field_put_u16(struct rm_field_writer *writer, uint16_t number);
void rm_field_put_u32(struct rm_field_writer *writer, uint32_t number);
void rm_field_put_u64(struct rm_field_writer *writer, uint64_t number);
void rm_field_put_bytes(struct rm_field_writer *writer, const void *bytes, size_t size);
void rm_field_put_block(struct rm_field_writer *writer, const void *bytes, size_t size);
void rm_field_put_text(struct rm_field_writer *writer, const char *text);

struct rm_field_reader
{
    const uint8_t *bytes;
    size_t size, at;
    bool has_failed;
};

uint8_t rm_field_get_u8(struct rm_field_reader *reader);
uint16_t rm_field_get_u16(struct rm_field_reader *reader);
uint32_t rm_field_get_u32(struct rm_field_reader *reader);
uint64_t rm_field_get_u64(struct rm_field_reader *reader);

/* NULL: that many are not there. */
const uint8_t *rm_field_get_bytes(struct rm_field_reader *reader, size_t size);
const uint8_t *rm_field_get_block(struct rm_field_reader *reader, size_t *size);

/* Into the caller's room, with a zero behind it; a text that doesn't fit is a failure. */
void rm_field_get_text(struct rm_field_reader *reader, char *text, size_t room);

/* One that is the caller's to free; NULL after a failure. *has_memory: whether it wasn't memory. */
char *rm_field_copy_text(struct rm_field_reader *reader, bool *has_memory);

/* The sum that is put behind what is stored (CRC-32 of ISO 3309). */
uint32_t rm_field_sum(const uint8_t *bytes, size_t size);

#endif
