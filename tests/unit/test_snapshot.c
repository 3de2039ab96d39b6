#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rm/snapshot.h>

static struct rm_config config;
static struct rm_server_config *server;
static uint8_t *block;
static size_t block_size;

static int set_up(void **state)
{
    (void)state;
    rm_config_init(&config);
    rm_config_add(&config, "Vendor.Server", &server, NULL);
    rm_server_add_machine(server, "localhost", "", "", NULL);
    rm_server_add_machine(server, "b", "Own.1", "{01234567-89AB-CDEF-0123-456789ABCDEF}", NULL);
    assert_int_equal(rm_snapshot_encode(server, &block, &block_size), RM_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(block);
    rm_config_clear(&config);
    return 0;
}

static void refused(const uint8_t *bytes, size_t size, enum rm_status wanted)
{
    struct rm_server_config *result = server;
    assert_int_equal(rm_snapshot_decode(bytes, size, &result), wanted);
    assert_null(result);
}

/* Sums up the block anew, so that what is behind the sum's check is reached. */
static void sum_up(uint8_t *bytes, size_t size)
{
    uint32_t sum = 0xffffffffu;
    for (size_t i = 0; i < size - 4; i++)
    {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
        {
            sum = sum & 1 ? sum >> 1 ^ 0xedb88320u : sum >> 1;
        }
    }
    for (size_t i = 0; i < 4; i++)
    {
        bytes[size - 4 + i] = (uint8_t)(~sum >> 8 * i);
    }
}

static void what_is_encoded_comes_back(void **state)
{
    (void)state;
    free(block);
    memcpy(server->clsid = realloc(server->clsid, RM_CLSID_TEXT_SIZE),
           "{00000000-0000-0000-0000-0000000000ff}", RM_CLSID_TEXT_SIZE);
    static const char *const values[] = {"cold", "best",   "repeat", "100",    "50",      "10",
                                         "9",    "0",      "600000", "600000", "3600000", "first",
                                         "2",    "100",    "10",     "1000",   "both",    "255",
                                         "500",  "active", "1000"};
    _Static_assert(sizeof values / sizeof *values == RM_SETTINGS, "one for each setting");
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        assert_int_equal(rm_setting_parse(&rm_setting_table[i], server, values[i], NULL), RM_OK);
    }
    assert_int_equal(rm_snapshot_encode(server, &block, &block_size), RM_OK);
    struct rm_server_config *result = NULL;
    assert_int_equal(rm_snapshot_decode(block, block_size, &result), RM_OK);
    assert_string_equal(result->progid, server->progid);
    assert_string_equal(result->clsid, server->clsid);
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        char text[32];
        rm_setting_format(&rm_setting_table[i], result, text, sizeof text);
        assert_string_equal(text, values[i]);
    }
    assert_int_equal(result->machine_count, 2);
    for (size_t i = 0; i < 2; i++)
    {
        assert_string_equal(result->machines[i].host, server->machines[i].host);
        assert_string_equal(result->machines[i].progid, server->machines[i].progid);
        assert_string_equal(result->machines[i].clsid, server->machines[i].clsid);
    }
    rm_server_config_free(result);
}

/* The DLL of one version reads what the rmctl of another has written: the layout may not move. */
static void the_layout_is_this(void **state)
{
    (void)state;
    static const uint8_t front[] = {'R', 'M', 'S', '1', 2, 0, 0, 0, 206, 0, 0, 0, 13, 0, 0, 0, 'V'};
    assert_int_equal(block_size, 206);
    assert_memory_equal(block, front, sizeof front);
    assert_memory_equal(block + block_size - 4 - 38, "{01234567", 9);
}

static void the_largest_server_fits(void **state)
{
    (void)state;
    struct rm_server_config *large = NULL;
    char progid[RM_PROGID_MAX * 4 + 1] = "";
    for (size_t i = 0; i < RM_PROGID_MAX; i++)
    {
        memcpy(progid + 4 * i, "\xf0\x9f\x98\x80", 5);
    }
    assert_int_equal(rm_config_add(&config, progid, &large, NULL), RM_OK);
    for (char number = 0; number < RM_MACHINES_MAX; number++)
    {
        char host[sizeof progid];
        memcpy(host, progid, sizeof host);
        snprintf(host + sizeof host - 5, 5, "%c", 'a' + number);
        assert_int_equal(rm_server_add_machine(large, host, progid,
                                               "{01234567-89AB-CDEF-0123-456789ABCDEF}", NULL),
                         RM_OK);
    }
    free(block);
    assert_int_equal(rm_snapshot_encode(large, &block, &block_size), RM_OK);
    assert_true(block_size <= RM_SNAPSHOT_SIZE_MAX);
    struct rm_server_config *result = NULL;
    assert_int_equal(rm_snapshot_decode(block, block_size, &result), RM_OK);
    assert_int_equal(result->machine_count, RM_MACHINES_MAX);
    rm_server_config_free(result);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < block_size; size++)
    {
        uint8_t *cut = malloc(size > 0 ? size : 1); /* exact, so that the sanitizer sees the end */
        memcpy(cut, block, size);
        refused(cut, size, RM_E_INVALID);
        if (size >= 16)
        {
            cut[8] = (uint8_t)size;
            cut[9] = (uint8_t)(size >> 8);
            sum_up(cut, size);
            refused(cut, size, RM_E_INVALID);
        }
        free(cut);
    }
}

static void every_wrong_byte_is_refused(void **state)
{
    (void)state;
    for (size_t at = 0; at < block_size; at++)
    {
        uint8_t right = block[at];
        for (unsigned change = 1; change < 256; change++)
        {
            struct rm_server_config *result = server;
            block[at] = (uint8_t)(right ^ change);
            enum rm_status status = rm_snapshot_decode(block, block_size, &result);
            assert_true(status == RM_E_INVALID || (status == RM_E_VERSION && at >= 4 && at < 8));
            assert_null(result);
        }
        block[at] = right;
    }
}

/* With a right sum a wrong byte may give another valid server, but never harm. */
static void wrong_bytes_with_a_right_sum_do_no_harm(void **state)
{
    (void)state;
    for (size_t at = 12; at < block_size - 4; at++)
    {
        uint8_t right = block[at];
        for (unsigned change = 1; change < 256; change++)
        {
            struct rm_server_config *result = NULL;
            block[at] = (uint8_t)(right ^ change);
            sum_up(block, block_size);
            enum rm_status status = rm_snapshot_decode(block, block_size, &result);
            bool is_refused = status == RM_E_INVALID || status == RM_E_VERSION;
            assert_true(status == RM_OK ? rm_server_check(result, NULL) == RM_OK
                                        : is_refused && result == NULL);
            rm_server_config_free(result);
        }
        block[at] = right;
    }
}

static void a_longer_block_is_refused(void **state)
{
    (void)state;
    uint8_t *longer = calloc(1, block_size + 4);
    memcpy(longer, block, block_size);
    longer[8] = (uint8_t)(block_size + 4);
    sum_up(longer, block_size + 4);
    refused(longer, block_size + 4, RM_E_INVALID);
    refused(longer, RM_SNAPSHOT_SIZE_MAX + 1u, RM_E_INVALID);
    free(longer);
}

static void a_newer_version_is_told(void **state)
{
    (void)state;
    block[4] = 3;
    refused(block, block_size, RM_E_VERSION);
    block[4] = 0;
    refused(block, block_size, RM_E_INVALID);
}

/* A block that version 1 wrote: 11 settings, and no number of them in front. */
static void an_older_version_is_read_with_defaults(void **state)
{
    (void)state;
    struct rm_server_config *result = NULL;
    size_t settings_at = 12 + 4 + strlen("Vendor.Server") + 4;
    size_t tail_at = settings_at + 4 + RM_SETTINGS * 4;
    server->fall = 7;
    server->flap_limit = 3;
    free(block);
    assert_int_equal(rm_snapshot_encode(server, &block, &block_size), RM_OK);
    memmove(block + settings_at, block + settings_at + 4, 11 * 4);
    memmove(block + settings_at + 11 * 4, block + tail_at, block_size - tail_at);
    block_size -= tail_at - (settings_at + 11 * 4);
    block[4] = 1;
    block[8] = (uint8_t)block_size;
    sum_up(block, block_size);
    assert_int_equal(rm_snapshot_decode(block, block_size, &result), RM_OK);
    assert_int_equal(result->fall, 7);
    assert_int_equal(result->flap_limit, 0);
    assert_int_equal(result->flap_window_ms, 600000);
    assert_int_equal(result->callback_check_ms, 10000);
    assert_string_equal(result->machines[1].progid, "Own.1");
    rm_server_config_free(result);
}

static void an_invalid_server_is_not_encoded(void **state)
{
    (void)state;
    uint8_t *bytes = block;
    size_t size = 1;
    server->fall = 0;
    assert_int_equal(rm_snapshot_encode(server, &bytes, &size), RM_E_INVALID);
    assert_null(bytes);
    assert_int_equal(size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_encoded_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_layout_is_this, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_largest_server_fits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_wrong_byte_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_bytes_with_a_right_sum_do_no_harm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_longer_block_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_newer_version_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_older_version_is_read_with_defaults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_invalid_server_is_not_encoded, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
