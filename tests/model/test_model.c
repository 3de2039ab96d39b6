/* test_model.c: explores the state machine: all modes, policies, 2 and 3 machines, fall 1 and 2;
 * all that happens to links, what monitors, operators and partners say, settings and lists of
 * machines that change.
 *
 * RM_MODEL_STATES in the environment says how many states each of the models may have (default in
 * CMakeLists.txt, chosen for about 30 s).
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

static void explore(const struct rm_failover_settings *settings, enum model_events events)
{
    static const char *const names[MODEL_EVENTS_COUNT] = {
        [MODEL_LINKS] = "links", [MODEL_EVIDENCE] = "evidence", [MODEL_COMMANDS] = "commands",
        [MODEL_WORDS] = "words", [MODEL_SETTINGS] = "settings", [MODEL_MACHINES] = "machines"};
    double begun = seconds();
    struct exploration result = model_explore(settings, events, states_max());

    printf("%s, %-8s, %u machines, return %-7s, fall %u: %7zu states, %8zu steps, depth %2u%s, "
           "%.1f s\n",
           rm_mode_name(settings->mode), names[events], settings->machine_count,
           policy_name(settings->return_policy), settings->fall, result.states, result.steps,
           result.depth, result.is_complete ? " (all there are)" : "", seconds() - begun);
    fflush(stdout);
    assert_null(result.fault);
}

/* Small times with no common measure, so that every order of deadlines comes about. */
static struct rm_failover_settings small_settings(enum rm_mode mode, unsigned machine_count)
{
    return (struct rm_failover_settings){.machine_count = machine_count,
                                         .mode = mode,
                                         .ping_interval_ms = 5,
                                         .ping_timeout_ms = 3,
                                         .rise = 2,
                                         .return_delay_ms = 4,
                                         .busy_grace_ms = 7,
                                         .connect_timeout_ms = 6,
                                         .reconnect_interval_ms = 8};
}

static void explore_links(enum rm_mode mode)
{
    for (unsigned machines = 2; machines <= 3; machines++)
    {
        struct rm_failover_settings settings = small_settings(mode, machines);

        for (int policy = 0; policy < RM_RETURN_COUNT; policy++)
        {
            settings.return_policy = (enum rm_return_policy)policy;
            for (settings.fall = 1; settings.fall <= 2; settings.fall++)
            {
                explore(&settings, MODEL_LINKS);
            }
        }
    }
}

/* Everything that can be set is set in one of the two. */
static void explore_words(enum rm_mode mode, enum model_events events)
{
    for (unsigned machines = 2; machines <= 3; machines++)
    {
        struct rm_failover_settings settings = small_settings(mode, machines);

        settings.fall = 1;
        settings.is_linked = true;
        settings.return_policy = RM_RETURN_PRIMARY;
        explore(&settings, events);
        settings.fall = 2;
        settings.return_policy = RM_RETURN_BEST;
        settings.start_policy = RM_START_FIRST;
        settings.preferred = 2;
        settings.ready_percent = 60;
        settings.flap_limit = 2;
        settings.flap_window_ms = 30;
        settings.acknowledge = RM_ACKNOWLEDGE_BOTH;
        settings.is_all_remote = true;
        explore(&settings, events);
    }
}

static void explore_settings(enum rm_mode mode)
{
    for (unsigned machines = 2; machines <= 3; machines++)
    {
        struct rm_failover_settings settings = small_settings(mode, machines);

        settings.fall = machines - 1;
        settings.flap_window_ms = 30;
        explore(&settings, MODEL_SETTINGS);
    }
}

static void explore_machines(enum rm_mode mode)
{
    for (unsigned machines = 2; machines <= 3; machines++)
    {
        struct rm_failover_settings settings = small_settings(mode, machines);

        settings.fall = machines - 1;
        settings.return_policy = machines == 2 ? RM_RETURN_PRIMARY : RM_RETURN_BEST;
        settings.is_all_remote = machines == 2;
        explore(&settings, MODEL_MACHINES);
    }
}

static void explore_all_words(enum rm_mode mode)
{
    explore_words(mode, MODEL_EVIDENCE);
    explore_words(mode, MODEL_COMMANDS);
    explore_words(mode, MODEL_WORDS);
}

static void cold(void **state)
{
    (void)state;
    explore_links(RM_MODE_COLD);
    explore_all_words(RM_MODE_COLD);
    explore_settings(RM_MODE_COLD);
    explore_machines(RM_MODE_COLD);
}

static void warm(void **state)
{
    (void)state;
    explore_links(RM_MODE_WARM);
    explore_all_words(RM_MODE_WARM);
    explore_settings(RM_MODE_WARM);
    explore_machines(RM_MODE_WARM);
}

static void hot(void **state)
{
    (void)state;
    explore_links(RM_MODE_HOT);
    explore_all_words(RM_MODE_HOT);
    explore_settings(RM_MODE_HOT);
    explore_machines(RM_MODE_HOT);
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
