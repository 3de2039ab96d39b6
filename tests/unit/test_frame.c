/* test_frame.c: frames out of a stream of bytes, in any pieces, and what isn't one (rm/frame.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rm/frame.h>

#define STREAM_MAX 65536
#define ROUNDS     2000

static uint32_t random_state = 1;

/* Park and Miller's minimal standard: the same each time. */
static uint32_t random_below(uint32_t limit)
{
    random_state = (uint32_t)((uint64_t)random_state * 16807 % 2147483647);
    return random_state % limit;
}

static size_t append(uint8_t *stream, size_t at, uint16_t type, const void *body, uint32_t size)
{
    struct rm_frame frame = {
        .version = 1, .type = type, .sequence = type + 1000u, .body = body, .size = size};

    rm_frame_header(&frame, stream + at);
    memcpy(stream + at + RM_FRAME_HEADER_SIZE, body, size);
    return at + RM_FRAME_HEADER_SIZE + size;
}

static void test_header(void **state)
{
    static const uint8_t wanted[RM_FRAME_HEADER_SIZE] = {
        'R', 'M', 'P', '1', 0x02, 0x01, 0x04, 0x03, 0x08, 0x07, 0, 0, 0x0C, 0x0B, 0x0A, 0x09};
    const struct rm_frame frame = {
        .version = 0x0102, .type = 0x0304, .size = 0x0708, .sequence = 0x090A0B0C};
    uint8_t header[RM_FRAME_HEADER_SIZE];

    (void)state;
    rm_frame_header(&frame, header);
    assert_memory_equal(header, wanted, sizeof wanted);
}

/* Frames of all sizes arrive whole and in their order, however the stream is cut. */
static void test_any_pieces(void **state)
{
    static uint8_t stream[STREAM_MAX], body[300];

    (void)state;
    for (size_t i = 0; i < sizeof body; i++)
        body[i] = (uint8_t)i;
    for (unsigned round = 0; round < ROUNDS; round++)
    {
        struct rm_frame_reader reader = {.bytes = NULL};
        uint32_t sizes[16], count = 1 + random_below(16), seen = 0;
        size_t size = 0, at = 0;

        for (uint32_t i = 0; i < count; i++)
        {
            sizes[i] = random_below(3) ? random_below(sizeof body) : 0;
            size = append(stream, size, (uint16_t)i, body, sizes[i]);
        }
        while (at < size)
        {
            uint32_t piece = 1 + random_below((uint32_t)(size - at));
            struct rm_frame frame;
            enum rm_status status;

            assert_int_equal(rm_frame_feed(&reader, stream + at, piece), RM_OK);
            at += piece;
            while ((status = rm_frame_next(&reader, &frame)) == RM_OK)
            {
                assert_true(seen < count);
                assert_int_equal(frame.type, seen);
                assert_int_equal(frame.sequence, seen + 1000);
                assert_int_equal(frame.size, sizes[seen]);
                assert_memory_equal(frame.body, body, frame.size);
                seen++;
            }
            assert_int_equal(status, RM_E_NOT_FOUND);
        }
        assert_int_equal(seen, count);
        rm_frame_reader_clear(&reader);
    }
}

static enum rm_status status_of(const uint8_t *bytes, size_t size)
{
    struct rm_frame_reader reader = {.bytes = NULL};
    struct rm_frame frame;
    enum rm_status status;

    assert_int_equal(rm_frame_feed(&reader, bytes, size), RM_OK);
    status = rm_frame_next(&reader, &frame);
    rm_frame_reader_clear(&reader);
    return status;
}

static void test_rubbish(void **state)
{
    uint8_t header[RM_FRAME_HEADER_SIZE];
    struct rm_frame frame = {.version = 1, .type = 1, .size = RM_FRAME_BODY_MAX};

    (void)state;
    assert_int_equal(status_of((const uint8_t *)"G", 1), RM_E_INVALID);
    assert_int_equal(status_of((const uint8_t *)"RMP2", 4), RM_E_INVALID);
    assert_int_equal(status_of((const uint8_t *)"RMP1", 4), RM_E_NOT_FOUND);
    rm_frame_header(&frame, header);
    assert_int_equal(status_of(header, sizeof header), RM_E_NOT_FOUND);
    header[8]++; /* one byte more than the largest */
    assert_int_equal(status_of(header, sizeof header), RM_E_TOO_LARGE);
    memset(header + 8, 0xFF, 4);
    assert_int_equal(status_of(header, sizeof header), RM_E_TOO_LARGE);
}

/* Who sends and sends while nothing is taken is stopped. */
static void test_flood(void **state)
{
    static uint8_t piece[STREAM_MAX];
    struct rm_frame_reader reader = {.bytes = NULL};
    enum rm_status status = RM_OK;
    size_t fed = 0;

    (void)state;
    while (status == RM_OK && fed < 16 * (size_t)RM_FRAME_BODY_MAX)
    {
        status = rm_frame_feed(&reader, piece, sizeof piece);
        fed += sizeof piece;
    }
    assert_int_equal(status, RM_E_TOO_LARGE);
    assert_true(fed < 3 * (size_t)RM_FRAME_BODY_MAX);
    rm_frame_reader_clear(&reader);
}

/* Bytes that are mostly frames, with some of them wrong: nothing is read beyond what there is (the
 * sanitizer tells), and each frame that comes is within its bounds. */
static void test_fuzz(void **state)
{
    static uint8_t stream[STREAM_MAX], body[200];

    (void)state;
    for (size_t i = 0; i + 7 <= sizeof body; i += 7)
        memcpy(body + i, "\3\0\0\0abc", 7);
    for (unsigned round = 0; round < ROUNDS; round++)
    {
        struct rm_frame_reader reader = {.bytes = NULL};
        size_t size = 0, at = 0;
        enum rm_status status = RM_OK;

        for (unsigned i = 0; i < 8; i++)
            size = append(stream, size, (uint16_t)i, body, random_below(sizeof body));
        for (uint32_t wrong = random_below(4); wrong > 0; wrong--)
            stream[random_below((uint32_t)size)] ^= (uint8_t)(1u << random_below(8));
        while (at < size && (status == RM_OK || status == RM_E_NOT_FOUND))
        {
            uint32_t piece = 1 + random_below((uint32_t)(size - at));
            struct rm_frame frame;

            assert_int_equal(rm_frame_feed(&reader, stream + at, piece), RM_OK);
            at += piece;
            while ((status = rm_frame_next(&reader, &frame)) == RM_OK)
            {
                struct rm_field_reader fields = rm_frame_fields(&frame);
                uint8_t text[256];

                assert_true(frame.size <= RM_FRAME_BODY_MAX);
                while (!fields.has_failed)
                    rm_field_get_text(&fields, (char *)text, sizeof text);
            }
        }
        rm_frame_reader_clear(&reader);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header),  cmocka_unit_test(test_any_pieces),
        cmocka_unit_test(test_rubbish), cmocka_unit_test(test_flood),
        cmocka_unit_test(test_fuzz),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
