/* Each allocation of ours fails once: nothing leaks, nothing is half done. Linked with the wrapping
 * of malloc, calloc and realloc; libxml2's own allocations are not wrapped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rm/config_xml.h>
#include <rm/snapshot.h>

#include "failing_memory.h"

static const char document[] =
    "<!-- front --><redundancymaster version='1' xmlns='urn:redundancymaster:configuration' a='b'>"
    "<!-- c --><server progid='A' clsid='{01234567-89AB-CDEF-0123-456789ABCDEF}' d='e'><f/>"
    "<mode g='h'>hot<!-- i --></mode><machines j='k'><l/><machine host='a' progid='B' m='n'><o/>"
    "</machine><machine host='b' service='V'/><p/></machines>"
    "<monitorItems t='u'><v/><monitorItem itemId='W' w='x'><y/></monitorItem><z/></monitorItems>"
    "<q/></server><r/></redundancymaster><!-- s -->";

/* Begins try number `attempt`, in which that allocation fails. */
static void begin_attempt(unsigned attempt)
{
    memory_remaining = attempt;
    memory_has_failed = false;
}

/* true: this was the attempt in which no allocation failed any more. */
static bool end_attempt(enum rm_status status)
{
    memory_remaining = 0;
    assert_int_equal(status, memory_has_failed ? RM_E_NO_MEMORY : RM_OK);
    return !memory_has_failed;
}

static void parsing(void **state)
{
    (void)state;
    bool is_last = false;
    for (unsigned attempt = 1; !is_last; attempt++)
    {
        struct rm_config config;
        struct rm_config_error fault;
        memset(&config, 0xa5, sizeof config);
        begin_attempt(attempt);
        enum rm_status status = rm_config_parse(&config, document, sizeof document - 1, &fault);
        is_last = end_attempt(status);
        if (!is_last)
        {
            assert_int_equal(fault.status, RM_E_NO_MEMORY);
            assert_non_null(strstr(fault.message, "Not enough memory"));
            assert_null(config.servers);
            assert_int_equal(config.server_count, 0);
        }
        rm_config_clear(&config);
    }
}

static void using_it(void **state)
{
    (void)state;
    struct rm_config config;
    bool is_last = false;
    assert_int_equal(rm_config_parse(&config, document, sizeof document - 1, NULL), RM_OK);
    for (unsigned attempt = 1; !is_last; attempt++)
    {
        char *text = NULL;
        size_t size = 0;
        begin_attempt(attempt);
        is_last = end_attempt(rm_config_format(&config, &text, &size, NULL));
        free(text);
    }
    is_last = false;
    for (unsigned attempt = 1; !is_last; attempt++)
    {
        begin_attempt(attempt);
        struct rm_server_config *copy = rm_server_config_copy(config.servers[0]);
        is_last = end_attempt(copy != NULL ? RM_OK : RM_E_NO_MEMORY);
        rm_server_config_free(copy);
    }
    is_last = false;
    for (unsigned attempt = 1; !is_last; attempt++)
    {
        struct rm_server_config *added = NULL;
        begin_attempt(attempt);
        is_last = end_attempt(rm_config_add(&config, "New", &added, NULL));
        assert_int_equal(config.server_count, is_last ? 2 : 1);
    }
    rm_config_clear(&config);
}

static void snapshots(void **state)
{
    (void)state;
    struct rm_config config;
    uint8_t *bytes = NULL;
    size_t size = 0;
    assert_int_equal(rm_config_parse(&config, document, sizeof document - 1, NULL), RM_OK);
    begin_attempt(1);
    assert_int_equal(rm_snapshot_encode(config.servers[0], &bytes, &size), RM_E_NO_MEMORY);
    assert_null(bytes);
    begin_attempt(0);
    assert_int_equal(rm_snapshot_encode(config.servers[0], &bytes, &size), RM_OK);
    bool is_last = false;
    for (unsigned attempt = 1; !is_last; attempt++)
    {
        struct rm_server_config *server = NULL;
        begin_attempt(attempt);
        is_last = end_attempt(rm_snapshot_decode(bytes, size, &server));
        assert_true(is_last == (server != NULL));
        rm_server_config_free(server);
    }
    free(bytes);
    rm_config_clear(&config);
}

static void files(void **state)
{
    (void)state;
    static const char path[] = "test_config_memory.xml";
    struct rm_config config;
    bool is_last = false;
    assert_int_equal(rm_config_parse(&config, document, sizeof document - 1, NULL), RM_OK);
    for (unsigned attempt = 1; !is_last; attempt++)
    {
        begin_attempt(attempt);
        is_last = end_attempt(rm_config_save(&config, path, NULL));
    }
    is_last = false;
    for (unsigned attempt = 1; !is_last; attempt++)
    {
        struct rm_config loaded;
        begin_attempt(attempt);
        is_last = end_attempt(rm_config_load(&loaded, path, NULL));
        rm_config_clear(&loaded);
    }
    rm_config_clear(&config);
    remove(path);
    remove("test_config_memory.xml.bak");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parsing),
        cmocka_unit_test(using_it),
        cmocka_unit_test(snapshots),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
