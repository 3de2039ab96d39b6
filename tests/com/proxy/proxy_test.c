/* proxy_test mta|sta [GROUP]: all tests of Data Access 2.05a in that apartment, or those of one
 * group; group da3: those of 3.0; gaps: of what only the shadow has; silence: of
 * callbacks that stop; million: what takes a minute.
 * The exit status is the number of failed tests. */
#include "stage3.h"

#include <stdio.h>
#include <string.h>

static int open_session(void **state)
{
    (void)state;
    stage_server = stage_connect();
    return 0;
}

/* The last Release of the session that all tests have used must be the last reference there is. */
static int close_session(void **state)
{
    IOPCServer *server = stage_server;

    (void)state;
    stage_server = NULL;
    return IOPCServer_Release(server) == 0 ? 0 : -1;
}

static const char *only; /* NULL: all groups */

static int run(const char *name, const struct CMUnitTest *tests, size_t count, bool has_session)
{
    if (only && strcmp(only, name) != 0)
        return 0;
    return _cmocka_run_group_tests(name, tests, count, has_session ? open_session : NULL,
                                   has_session ? close_session : NULL);
}

static int run_da3(void)
{
    int failed = 0;

    failed += run("da3 arguments", da3_argument_tests, da3_argument_test_count, false);
    failed += run("da3 same", da3_same_tests, da3_same_test_count, false);
    failed += run("da3 objects", object_tests, object_test_count, false);
    failed += run("da3 async", da3_async_tests, da3_async_test_count, false);
    return failed;
}

static int run_gaps(void)
{
    int failed = 0;

    failed += run("da3 switch", da3_switch_tests, da3_switch_test_count, false);
    failed += run("gaps", gap_tests, gap_test_count, false);
    return failed;
}

int main(int argc, char **argv)
{
    bool is_single = argc >= 2 && strcmp(argv[1], "sta") == 0;
    bool is_da3 = argc == 3 && strcmp(argv[2], "da3") == 0;
    bool is_gaps = argc == 3 && strcmp(argv[2], "gaps") == 0;
    int failed = 0;

    setvbuf(stdout, NULL, _IONBF, 0);
    only = argc == 3 && !is_da3 && !is_gaps ? argv[2] : NULL;
    if (argc < 2 || argc > 3 ||
        FAILED(CoInitializeEx(NULL, is_single ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED)))
        return 255;
    if (is_da3 || is_gaps)
    {
        failed = is_da3 ? run_da3() : run_gaps();
        CoUninitialize();
        return failed;
    }
    failed += run("arguments", argument_tests, argument_test_count, true);
    failed += run("values", value_tests, value_test_count, true);
    failed += run("handles", handle_tests, handle_test_count, true);
    failed += run("groups", group_tests, group_test_count, true);
    failed += run("items", item_tests, item_test_count, true);
    failed += run("browse", browse_tests, browse_test_count, true);
    failed += run("points", point_tests, point_test_count, true);
    failed += run("async", async_tests, async_test_count, true);
    failed += run("lost", lost_tests, lost_test_count, true);
    failed += run("setbacks", setback_tests, setback_test_count, false);
    failed += run("cancels", cancel_tests, cancel_test_count, false);
    failed += run("blankets", blanket_tests, blanket_test_count, false);
    if (only) /* by name alone: on machines of its own */
        failed += run("silence", silence_tests, silence_test_count, false);
    if (only) /* by name alone: it needs a lot of memory */
        failed += run("million", million_tests, million_test_count, false);
    failed += run("identity", identity_tests, identity_test_count, false);
    CoUninitialize();
    failed += run("unload", unload_tests, unload_test_count, false);
    failed += run("forgotten", forgotten_tests, forgotten_test_count, false);
    return failed;
}
