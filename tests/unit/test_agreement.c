/* test_agreement.c: which machine the sessions of several processes agree on (rm/agreement.h). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include <rm/agreement.h>

#define SESSIONS_MAX 6

/* Sessions as words, separated by blanks: process, server, machine, and what else there is:
 * "Pa2!": a session of server a in process P, on machine 2, moved there. "+" its user may command,
 * "~" it only follows. Machine 0: none is active. */
static size_t read_sessions(const char *text, struct rm_agreement_session sessions[SESSIONS_MAX])
{
    size_t count = 0;

    while (*text != 0)
    {
        struct rm_agreement_session *session = &sessions[count++];

        assert_true(count <= SESSIONS_MAX);
        *session = (struct rm_agreement_session){.process = (uint32_t)text[0],
                                                 .server = (uint32_t)text[1],
                                                 .machine = (unsigned)(text[2] - '0')};
        for (text += 3; *text != 0 && *text != ' '; text++)
        {
            session->moved = *text == '!' ? session->machine : session->moved;
            session->is_trusted = session->is_trusted || *text == '+';
            session->is_following = session->is_following || *text == '~';
        }
        text += *text == ' ';
    }
    return count;
}

struct row
{
    const char *sessions;
    unsigned agreed;
    uint32_t lost;
    unsigned expected;
    const char *shows;
};

/* clang-format off */
static const struct row rows[] = {
    {"",                        0, 0, 0, "nobody is there"},
    {"",                        2, 0, 0, "the last one has gone"},
    {"Pa0",                     0, 0, 0, "a session that begins is nowhere yet"},
    {"Pa1",                     0, 0, 1, "the first session says where one is"},
    {"Pa2 Qa1 Ra1",             0, 0, 1, "the service comes later: where most are"},
    {"Pa2 Pa2 Pa2 Qa1 Ra1",     0, 0, 1, "most processes, not most sessions"},
    {"Pa2 Qa1",                 0, 0, 1, "as many: the lower number"},
    {"Pa2! Qa1",                1, 0, 1, "one process alone moves nobody"},
    {"Pa2! Pa2! Qa1",           1, 0, 1, "nor with two sessions"},
    {"Pa2! Qa2! Ra1",           1, 0, 2, "two processes do"},
    {"Pa2! Qa2 Ra1",            1, 0, 1, "one that has been there for long has not moved"},
    {"Pa2! Qa3! Ra1",           1, 0, 1, "two that part confirm nothing"},
    {"Pa2! Qa3! Ra3! Sa1",      1, 0, 3, "where two are of one mind"},
    {"Pa3! Qa3! Ra2! Sa2! Ta1", 1, 0, 2, "twice two: the lower number"},
    {"Pa3! Qa3! Ra2! Sa2! Ta3", 1, 0, 3, "more processes are there"},
    {"Pa2! Qa1",                1, 1, 2, "the service itself has lost machine 1"},
    {"Pa2! Qa1",                1, 2, 1, "that it has lost machine 2 confirms nothing"},
    {"Pa1 Qa1",                 1, 1, 1, "its word alone moves nobody"},
    {"Pa2!",                    1, 0, 2, "nobody is left on machine 1"},
    {"Pa2! Qa0",                1, 0, 2, "the other one is searching"},
    {"Pa2! Qa3!",               1, 0, 2, "all have left it"},
    {"Pa0 Qa0",                 1, 0, 1, "all machines are lost: where they were"},
    {"Pa2!+ Qa1",               1, 0, 1, "trusted, but its server's other session stays"},
    {"Pa2!+ Qb1",               1, 0, 2, "linked servers: one who may command"},
    {"Pa2! Qb1",                1, 0, 1, "linked servers: one who may not"},
    {"Pa2!+ Ra1 Qb1",           1, 0, 1, "linked servers: his server's other session stays"},
    {"Pa2! Qb2! Rb1",           1, 0, 2, "linked servers: two processes of any of them"},
    {"Pa1! Qa1! Ra2~",          2, 0, 1, "they return, and who followed returns with them"},
    {"Pa1 Qa1 Ra2!",            1, 0, 1, "the same again changes nothing"},
};
/* clang-format on */

static void each_row_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        struct rm_agreement_session sessions[SESSIONS_MAX];
        size_t count = read_sessions(rows[i].sessions, sessions);
        unsigned agreed = rm_agreement_decide(sessions, count, rows[i].agreed, rows[i].lost);

        if (agreed != rows[i].expected)
        {
            fail_msg("%s: %u instead of %u", rows[i].shows, agreed, rows[i].expected);
        }
    }
}

static void who_is_led(void **state)
{
    static const struct
    {
        const char *sessions;
        bool is_led;
        const char *shows;
    } cases[] = {
        {"Xa2~ Pa2! Qa2!", true,  "by two processes"                   },
        {"Xa2~ Pa2! Pa2!", false, "two sessions of one process are one"},
        {"Xa2~ Qa2~",      false, "by nobody"                          },
        {"Xa2~ Pa2 Qa0",   false, "one that searches leads nobody"     },
        {"Xa2~ Xb2!",      true,  "by one in its own process"          },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    {
        struct rm_agreement_session sessions[SESSIONS_MAX];
        size_t count = read_sessions(cases[i].sessions, sessions);

        if (rm_agreement_is_led(sessions, count, 'X') != cases[i].is_led)
        {
            fail_msg("%s", cases[i].shows);
        }
    }
}

/* Park and Miller's minimal standard: the same each time. */
static uint32_t random_below(uint32_t limit)
{
    static uint32_t state = 1;

    state = (uint32_t)((uint64_t)state * 16807 % 2147483647);
    return state % limit;
}

static size_t make_sessions(struct rm_agreement_session sessions[SESSIONS_MAX])
{
    size_t count = random_below(SESSIONS_MAX + 1);
    uint32_t process = 1;

    for (size_t i = 0; i < count; i++)
    {
        process += random_below(3) != 0;
        sessions[i] = (struct rm_agreement_session){.process = process,
                                                    .server = random_below(2),
                                                    .machine = random_below(4),
                                                    .is_following = random_below(2) != 0};
        sessions[i].moved = random_below(2) != 0 ? sessions[i].machine : 0;
    }
    return count;
}

static bool is_anybody_at(const struct rm_agreement_session *sessions, size_t count,
                          unsigned machine)
{
    size_t i = 0;

    while (i < count && sessions[i].machine != machine)
    {
        i++;
    }
    return i < count;
}

/* Processes that have moved somewhere else. */
static unsigned count_movers(const struct rm_agreement_session *sessions, size_t count,
                             unsigned agreed)
{
    unsigned movers = 0;
    uint32_t last = 0;

    for (size_t i = 0; i < count; i++)
    {
        bool has_moved = sessions[i].moved != 0 && sessions[i].moved != agreed;

        movers += has_moved && sessions[i].process != last;
        last = has_moved ? sessions[i].process : last;
    }
    return movers;
}

/* Whatever the sessions are about: one process alone moves nobody who could stay, the circle agrees
 * only on a place where somebody is, and once it has agreed it stays so until somebody moves. */
static void whatever_comes(void **state)
{
    unsigned changes = 0;

    (void)state;
    for (unsigned round = 0; round < 200000; round++)
    {
        struct rm_agreement_session sessions[SESSIONS_MAX];
        size_t count = make_sessions(sessions);
        unsigned before = random_below(4);
        unsigned after = rm_agreement_decide(sessions, count, before, 0);

        if (before != 0 && is_anybody_at(sessions, count, before) &&
            count_movers(sessions, count, before) < 2)
        {
            assert_int_equal(after, before);
        }
        if (after != before && after != 0)
        {
            assert_true(is_anybody_at(sessions, count, after));
            changes++;
        }
        for (size_t i = 0; i < count; i++)
        {
            sessions[i].moved = 0;
        }
        assert_int_equal(rm_agreement_decide(sessions, count, after, 0), after);
    }
    assert_in_range(changes, 10000, 199999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_holds),
        cmocka_unit_test(who_is_led),
        cmocka_unit_test(whatever_comes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
