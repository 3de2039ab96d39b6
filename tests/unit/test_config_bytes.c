/* Files that are encoded otherwise, too large, cut off or damaged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_xml_stage.h"

/* text in UTF-16, with or without mark; *size is set. */
static char *widen(const char *text, bool is_big, bool has_mark, size_t *size)
{
    size_t length = strlen(text);
    char *wide = calloc(length + 1, 2);
    size_t at = 0;
    if (has_mark)
    {
        wide[at++] = is_big ? '\xfe' : '\xff';
        wide[at++] = is_big ? '\xff' : '\xfe';
    }
    for (size_t i = 0; i < length; i++, at += 2)
    {
        wide[at + (is_big ? 1 : 0)] = text[i];
    }
    *size = at;
    return wide;
}

static void has_umlaut(void)
{
    assert_int_equal(stage_config.server_count, 1);
    assert_string_equal(stage_config.servers[0]->progid, "S\xc3\xbc"
                                                         "d");
    char *text = stage_format();
    assert_non_null(strstr(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
    assert_non_null(strstr(text, "S\xc3\xbc"
                                 "d"));
    assert_non_null(strstr(text, "<!-- \xc3\xbc -->"));
    free(text);
    rm_config_clear(&stage_config);
}

static void other_encodings_become_utf8(void **state)
{
    (void)state;
    static const char latin[] = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n" HEAD
                                "<!-- \xfc --><server progid=\"S\xfc"
                                "d\">" TWO "</server>" TAIL;
    static const char utf16[] =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n" HEAD "<!-- \xfc --><server progid=\"S\xfc"
        "d\">" TWO "</server>" TAIL;
    static const char marked[] = "\xef\xbb\xbf" HEAD "<!-- \xc3\xbc --><server progid=\"S\xc3\xbc"
                                 "d\">" TWO "</server>" TAIL;
    assert_int_equal(stage_parse(latin, sizeof latin - 1), RM_OK);
    has_umlaut();
    assert_int_equal(stage_parse(marked, sizeof marked - 1), RM_OK);
    has_umlaut();
    for (int variant = 0; variant < 2; variant++)
    {
        size_t size;
        char *wide = widen(utf16, variant == 1, true, &size);
        assert_int_equal(stage_parse(wide, size), RM_OK);
        has_umlaut();
        free(wide);
    }
}

static void errors_in_utf16_have_lines(void **state)
{
    (void)state;
    size_t size;
    char *wide = widen("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n" SERVER("<fall>x</fall>" TWO),
                       false, true, &size);
    assert_int_equal(stage_parse(wide, size), RM_E_INVALID);
    stage_refused(RM_E_INVALID, 4, "fall can't be 'x'");
    free(wide);
}

/* A text that grows. */
struct text
{
    char bytes[200000];
    size_t size;
};

static void append(struct text *text, const char *more)
{
    size_t length = strlen(more);
    assert_true(text->size + length < sizeof text->bytes);
    memcpy(text->bytes + text->size, more, length + 1);
    text->size += length;
}

static void append_times(struct text *text, unsigned count, const char *more)
{
    for (unsigned i = 0; i < count; i++)
    {
        append(text, more);
    }
}

static void sizes_and_depths_are_bounded(void **state)
{
    (void)state;
    static struct text deep;
    append(&deep, HEAD);
    append_times(&deep, 62, "<x>");
    append_times(&deep, 62, "</x>");
    append(&deep, TAIL);
    assert_int_equal(stage_parse(deep.bytes, deep.size), RM_OK);
    rm_config_clear(&stage_config);
    deep.size = 0;
    append(&deep, HEAD);
    append_times(&deep, 30000, "<x>");
    assert_int_equal(stage_parse(deep.bytes, deep.size), RM_E_TOO_LARGE);
    stage_refused(RM_E_TOO_LARGE, 2, "Elements are nested deeper than 64");
    assert_int_equal(stage_parse(deep.bytes, RM_CONFIG_FILE_SIZE_MAX + (size_t)1), RM_E_TOO_LARGE);
    stage_refused(RM_E_TOO_LARGE, 0, "The file is larger than 16 MB");
}

static void machines_and_servers_are_bounded(void **state)
{
    (void)state;
    static struct text text;
    char line[256];
    append(&text, HEAD "<server progid=\"A\"><machines>\n");
    for (unsigned i = 1; i <= 16; i++)
    {
        snprintf(line, sizeof line, "<machine host=\"m%u\"/>\n", i);
        append(&text, line);
    }
    append(&text, "</machines></server>" TAIL);
    assert_int_equal(stage_parse(text.bytes, text.size), RM_E_TOO_LARGE);
    stage_refused(RM_E_TOO_LARGE, 18, "has 15 machines already");
    text.size = 0;
    append(&text, HEAD);
    for (unsigned i = 1; i <= 257; i++)
    {
        snprintf(line, sizeof line, "<server progid=\"A%u\">" TWO "</server>\n", i);
        append(&text, line);
    }
    append(&text, TAIL);
    assert_int_equal(stage_parse(text.bytes, text.size), RM_E_TOO_LARGE);
    stage_refused(RM_E_TOO_LARGE, 258, "There are 256 redundant servers already");
}

/* Broken files are common: no cut and no wrong byte may do more than give an error. */
static void every_truncation_is_refused(void **state)
{
    (void)state;
    size_t complete = (size_t)(strstr(stage_document, TAIL) - stage_document) + strlen(TAIL) - 1;
    for (size_t size = 0; size < complete; size++)
    {
        char *cut = malloc(size > 0 ? size : 1);
        memcpy(cut, stage_document, size);
        assert_int_equal(stage_parse(cut, size), RM_E_INVALID);
        assert_null(stage_config.servers);
        free(cut);
    }
}

static void wrong_bytes_do_no_harm(void **state)
{
    (void)state;
    static const char wrong[] = {'\0', '<', '>', '&', '"', '\xff', ' ', 'x'};
    char *text = malloc(stage_size + 1);
    memcpy(text, stage_document, stage_size + 1);
    for (size_t at = 0; at < stage_size; at++)
    {
        for (size_t i = 0; i < sizeof wrong; i++)
        {
            text[at] = wrong[i];
            enum rm_status status = stage_parse(text, stage_size);
            assert_true(status == RM_OK
                            ? rm_config_check(&stage_config, NULL) == RM_OK
                            : stage_config.servers == NULL && stage_fault.message[0] != '\0');
            rm_config_clear(&stage_config);
        }
        text[at] = stage_document[at];
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_encodings_become_utf8),
        cmocka_unit_test(errors_in_utf16_have_lines),
        cmocka_unit_test(sizes_and_depths_are_bounded),
        cmocka_unit_test(machines_and_servers_are_bounded),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(wrong_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
