/* test_model.c: explores the state machine: all modes, policies, 2 and 3 machines, fall 1 and 2.
 *
 * RM_MODEL_STATES in the environment says how many states each of the models may have (default in
 * CMakeLists.txt, chosen for about 20 s).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "explore.h"

#define STATES_DEFAULT 50000

static size_t states_max(void)
{
    const char *text = getenv("RM_MODEL_STATES");
    unsigned long count = text ? strtoul(text, NULL, 10) : 0;

    return count ? count : STATES_DEFAULT;
}

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static const char *policy_name(enum rm_return_policy policy)
{
    switch (policy)
    {
    case RM_RETURN_PRIMARY: return "primary";
    case RM_RETURN_STAY: return "stay";
    case RM_RETURN_BEST: return "best";
    case RM_RETURN_COMMAND: return "command";
    case RM_RETURN_COUNT: break;
    }
    return "?";
}

static void explore(const struct rm_failover_settings *settings, const char *mode)
{
    double begun = seconds();
    struct exploration result = model_explore(settings, states_max());

    printf("%s, %u machines, return %-7s, fall %u: %7zu states, %8zu steps, depth %2u%s, %.1f s\n",
           mode, settings->machine_count, policy_name(settings->return_policy), settings->fall,
           result.states, result.steps, result.depth, result.is_complete ? " (all there are)" : "",
           seconds() - begun);
    fflush(stdout);
    assert_null(result.fault);
}

/* Small times with no common measure, so that every order of deadlines comes about. */
static void explore_mode(enum rm_mode mode, const char *name)
{
    struct rm_failover_settings settings = {.mode = mode,
                                            .ping_interval_ms = 5,
                                            .ping_timeout_ms = 3,
                                            .rise = 2,
                                            .return_delay_ms = 4,
                                            .busy_grace_ms = 7,
                                            .connect_timeout_ms = 6,
                                            .reconnect_interval_ms = 8};

    for (settings.machine_count = 2; settings.machine_count <= 3; settings.machine_count++)
    {
        for (int policy = 0; policy < RM_RETURN_COUNT; policy++)
        {
            settings.return_policy = (enum rm_return_policy)policy;
            for (settings.fall = 1; settings.fall <= 2; settings.fall++)
            {
                explore(&settings, name);
            }
        }
    }
}

static void cold(void **state)
{
    (void)state;
    explore_mode(RM_MODE_COLD, "cold");
}

static void warm(void **state)
{
    (void)state;
    explore_mode(RM_MODE_WARM, "warm");
}

static void hot(void **state)
{
    (void)state;
    explore_mode(RM_MODE_HOT, "hot ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cold),
        cmocka_unit_test(warm),
        cmocka_unit_test(hot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
