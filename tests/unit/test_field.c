/* test_field.c: numbers and texts as bytes, well formed and not (rm/field.h); UTF-8 (rm/text.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rm/field.h>
#include <rm/text.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static void put_all(struct rm_field_writer *writer)
{
    rm_field_put_u8(writer, 0x12);
    rm_field_put_u16(writer, 0x3456);
    rm_field_put_u32(writer, 0x789ABCDE);
    rm_field_put_u64(writer, 0x0123456789ABCDEF);
    rm_field_put_text(writer, "\xC3\xA4"
                              "b");
    rm_field_put_block(writer, "\0\xFF", 2);
}

static const uint8_t all[] = {0x12, 0x56, 0x34, 0xDE, 0xBC, 0x9A, 0x78, 0xEF, 0xCD, 0xAB,
                              0x89, 0x67, 0x45, 0x23, 0x01, 3,    0,    0,    0,    0xC3,
                              0xA4, 'b',  2,    0,    0,    0,    0,    0xFF};

/* The layout is what is stored and sent: it may not change. */
static void test_layout(void **state)
{
    uint8_t bytes[sizeof all + 1];
    struct rm_field_writer counter = {.bytes = NULL};
    struct rm_field_writer writer = {.bytes = bytes, .room = sizeof bytes};

    (void)state;
    put_all(&counter);
    assert_int_equal(counter.size, sizeof all);
    put_all(&writer);
    assert_false(writer.has_failed);
    assert_int_equal(writer.size, sizeof all);
    assert_memory_equal(bytes, all, sizeof all);
}

/* Wherever the bytes end: what is whole is there, the rest is nothing, and it is known. */
static void test_cut_anywhere(void **state)
{
    (void)state;
    for (size_t size = 0; size <= sizeof all; size++)
    {
        uint8_t *exact = malloc(size + 1); /* so that the sanitizer sees what is read beyond */
        struct rm_field_reader reader = {.bytes = exact + 1, .size = size};
        char text[8];
        size_t block_size;
        const uint8_t *block;

        assert_non_null(exact);
        memcpy(exact + 1, all, size);
        assert_int_equal(rm_field_get_u8(&reader), size >= 1 ? 0x12 : 0);
        assert_int_equal(rm_field_get_u16(&reader), size >= 3 ? 0x3456 : 0);
        assert_int_equal(rm_field_get_u32(&reader), size >= 7 ? 0x789ABCDE : 0);
        assert_true(rm_field_get_u64(&reader) == (size >= 15 ? 0x0123456789ABCDEF : 0));
        rm_field_get_text(&reader, text, sizeof text);
        assert_string_equal(text, size >= 22 ? "\xC3\xA4"
                                               "b"
                                             : "");
        block = rm_field_get_block(&reader, &block_size);
        assert_int_equal(block_size, size == sizeof all ? 2 : 0);
        assert_true((block != NULL) == (size == sizeof all));
        assert_true(reader.has_failed == (size < sizeof all));
        free(exact);
    }
}

static void test_no_room(void **state)
{
    (void)state;
    for (size_t room = 0; room < sizeof all; room++)
    {
        uint8_t *exact = malloc(room + 1);
        struct rm_field_writer writer = {.bytes = exact, .room = room};

        assert_non_null(exact);
        put_all(&writer);
        assert_true(writer.has_failed);
        assert_true(writer.size <= room);
        free(exact);
    }
}

/* After a failure nothing is read, not even what would be there. */
static void test_first_failure_stays(void **state)
{
    static const uint8_t bytes[] = {9, 0, 0, 0, 'a', 'b', 7};
    struct rm_field_reader reader = {.bytes = bytes, .size = sizeof bytes};
    char text[16] = "before";

    (void)state;
    rm_field_get_text(&reader, text, sizeof text);
    assert_string_equal(text, "");
    assert_true(reader.has_failed);
    assert_int_equal(rm_field_get_u8(&reader), 0);
    assert_null(rm_field_get_bytes(&reader, 0));
}

struct text_row
{
    const char *bytes;
    size_t size;
    bool is_text;
};

static const struct text_row text_rows[] = {
    {"",                 0, true },
    {"plain\n\t",        7, true },
    {"\xC2\x80",         2, true },
    {"\xEF\xBF\xBD",     3, true },
    {"\xF4\x8F\xBF\xBD", 4, true },
    {"a\0b",             3, false}, /* a zero */
    {"\x80",             1, false}, /* no beginning */
    {"\xC1\xBF",         2, false}, /* too long */
    {"\xE0\x9F\xBF",     3, false},
    {"\xF0\x8F\xBF\xBF", 4, false},
    {"\xED\xA0\x80",     3, false}, /* half of a pair */
    {"\xF4\x90\x80\x80", 4, false}, /* beyond the last */
    {"\xEF\xBF\xBF",     3, false}, /* no character */
    {"\xE2\x82",         2, false}, /* cut */
    {"\xE2\x82\xAC",     2, false},
    {"\xC3",             1, false},
    {"\xFF",             1, false},
};

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(text_rows); i++)
    {
        const struct text_row *row = &text_rows[i];
        uint8_t bytes[16];
        char text[16];
        struct rm_field_writer writer = {.bytes = bytes, .room = sizeof bytes};
        struct rm_field_reader reader = {.bytes = bytes, .size = 4 + row->size};

        assert_true(rm_text_is_utf8(row->bytes, row->size) == row->is_text);
        rm_field_put_block(&writer, row->bytes, row->size);
        rm_field_get_text(&reader, text, sizeof text);
        assert_true(reader.has_failed != row->is_text);
        assert_string_equal(text, row->is_text ? row->bytes : "");
    }
}

static void test_text_that_does_not_fit(void **state)
{
    static const uint8_t bytes[] = {3, 0, 0, 0, 'a', 'b', 'c'};
    struct rm_field_reader reader = {.bytes = bytes, .size = sizeof bytes}, again = reader,
                           copied = reader;
    char text[4];
    bool has_memory = true;
    char *copy;

    (void)state;
    rm_field_get_text(&reader, text, 4);
    assert_string_equal(text, "abc");
    rm_field_get_text(&again, text, 3);
    assert_string_equal(text, "");
    assert_true(again.has_failed);
    copy = rm_field_copy_text(&copied, &has_memory);
    assert_string_equal(copy, "abc");
    assert_true(has_memory);
    free(copy);
}

static void test_sum(void **state)
{
    (void)state;
    assert_int_equal(rm_field_sum((const uint8_t *)"123456789", 9), 0xCBF43926);
    assert_int_equal(rm_field_sum(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),  cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_no_room), cmocka_unit_test(test_first_failure_stays),
        cmocka_unit_test(test_texts),   cmocka_unit_test(test_text_that_does_not_fit),
        cmocka_unit_test(test_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
