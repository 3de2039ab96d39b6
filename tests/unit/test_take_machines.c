/* test_take_machines.c: another list of machines, in settings that keep each machine's number. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include <rm/config.h>

static struct rm_config config; /* owns all texts */
static struct rm_config_error fault;

static int set_up(void **state)
{
    (void)state;
    rm_config_init(&config);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rm_config_clear(&config);
    return 0;
}

/* Of machine 1, 2 ..: their ranks, and which hosts they are. */
static void has_machines(const struct rm_server_config *server, const char *ranks,
                         const char *hosts)
{
    char is[RM_MACHINE_NUMBERS + 1] = "";
    char are[RM_MACHINE_NUMBERS + 1] = "";
    for (unsigned i = 0; i < server->machine_count; i++)
    {
        is[i] = (char)('0' + server->machines[i].rank);
        are[i] = server->machines[i].host[0];
    }
    assert_string_equal(is, ranks);
    assert_string_equal(are, hosts);
}

/* One with hosts of one letter each. */
static struct rm_server_config *add_list(const char *progid, const char *hosts)
{
    struct rm_server_config *server;
    assert_int_equal(rm_config_add(&config, progid, &server, &fault), RM_OK);
    for (size_t i = 0; hosts[i] != '\0'; i++)
    {
        const char host[] = {hosts[i], '\0'};
        assert_int_equal(rm_server_add_machine(server, host, "Server", "", &fault), RM_OK);
    }
    return server;
}

static void machines_are_taken_over(void **state)
{
    static const struct
    {
        const char *list, *ranks, *hosts, *changes;
    } rows[] = {
        {"AB",  "12",   "AB",   ""                                                             },
        {"ab",  "12",   "AB",   ""                                                             },
        {"ABC", "123",  "ABC",  "'C/Server' is added as machine 3"                             },
        {"CBA", "321",  "ABC",  "'A/Server' is machine 3 now, 'C/Server' is machine 1 now"     },
        {"CA",  "201",  "ABC",  "'A/Server' is machine 2 now, 'B/Server' is removed"           },
        {"CD",  "0012", "ABCD", "'A/Server' is removed, 'D/Server' is added as machine 2"      },
        {"DB",  "0201", "ABCD",
         "'B/Server' is added as machine 2, 'C/Server' is removed, 'D/Server' is machine 1 now"},
    };
    (void)state;
    char changes[200];
    struct rm_server_config running = *add_list("Vendor.Running", "AB");
    rm_server_rank_machines(&running);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        const char progid[] = {'L', (char)('0' + i), '\0'};
        const struct rm_server_config *list = add_list(progid, rows[i].list);
        assert_true(rm_server_take_machines(&running, list, 0, changes, sizeof changes) ==
                    (rows[i].changes[0] != '\0'));
        assert_string_equal(changes, rows[i].changes);
        has_machines(&running, rows[i].ranks, rows[i].hosts);
    }
    assert_int_equal(rm_server_listed(&running), 2);
    assert_int_equal(rm_server_machine_of_rank(&running, 1), 4);
    assert_int_equal(rm_server_machine_of_rank(&running, 2), 2);
    assert_int_equal(rm_server_machine_of_rank(&running, 3), 0);
    assert_int_equal(rm_server_machine_of_rank(&running, 0), 0);
}

/* All fifteen replaced, again and again: there is a number for each, and never the active one's. */
static void numbers_are_given_again(void **state)
{
    (void)state;
    char few[20];
    struct rm_server_config running = *add_list("Vendor.Running", "0123456789uvwxy");
    const struct rm_server_config *one = add_list("Vendor.One", "ABCDEFGHIJKLMNO");
    struct rm_server_config *other = add_list("Vendor.Other", "FGHIJKLMNOPQRST");
    const struct rm_server_config *lists[] = {one, other};
    rm_server_rank_machines(&running);
    other->machines[0].progid[0] = 'X'; /* F is another one on the same host */
    for (unsigned i = 0; i < 20; i++)
    {
        assert_true(rm_server_take_machines(&running, lists[i % 2], 3, few, sizeof few));
        assert_int_equal(strlen(few), sizeof few - 1);
        assert_true(running.machine_count <= RM_MACHINE_NUMBERS);
        assert_string_equal(running.machines[2].host, "2");
        assert_int_equal(running.machines[2].rank, 0);
        for (unsigned rank = 1; rank <= RM_MACHINES_MAX; rank++)
        {
            unsigned number = rm_server_machine_of_rank(&running, rank);
            assert_string_equal(running.machines[number - 1].host,
                                lists[i % 2]->machines[rank - 1].host);
        }
    }
}

/* The class id is a part of what a machine is, once it is known. */
static void class_ids_tell_machines_apart(void **state)
{
    static char none[] = "", one[] = "{6B29FC40-CA47-1067-B31D-00DD010662DA}",
                other[] = "{6B29FC40-CA47-1067-B31D-00DD010662DB}";
    char *const clsids[] = {none, one, other};
    (void)state;
    char changes[100];
    struct rm_server_config running = *add_list("Vendor.Running", "AB");
    struct rm_server_config list = *add_list("Vendor.List", "AB");
    rm_server_rank_machines(&running);
    for (unsigned i = 0; i < 3; i++)
    {
        running.machines[0].clsid = clsids[1];
        list.machines[0].clsid = clsids[i];
        assert_true(rm_server_take_machines(&running, &list, 0, changes, sizeof changes) ==
                    (i == 2));
    }
    assert_int_equal(running.machines[0].rank, 0);
    assert_int_equal(running.machine_count, 3);
}

static void ranks_of_another_list(void **state)
{
    (void)state;
    unsigned ranks[RM_MACHINES_MAX + 1];
    const struct rm_server_config *before = add_list("Vendor.Before", "ABC");
    const struct rm_server_config *after = add_list("Vendor.After", "CDA");
    memset(ranks, 0xCC, sizeof ranks);
    rm_server_new_ranks(before, after, ranks);
    assert_int_equal(ranks[0], 0);
    assert_int_equal(ranks[1], 3);
    assert_int_equal(ranks[2], 0);
    assert_int_equal(ranks[3], 1);
    for (unsigned rank = 4; rank <= RM_MACHINES_MAX; rank++)
    {
        assert_int_equal(ranks[rank], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(machines_are_taken_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_are_given_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(class_ids_tell_machines_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ranks_of_another_list, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
