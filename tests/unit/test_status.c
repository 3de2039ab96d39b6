/* test_status.c: each outcome has words of its own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include <rm/status.h>

static void each_status_has_its_own_words(void **state)
{
    (void)state;
    for (int one = 0; one < RM_STATUS_COUNT; one++)
    {
        assert_true(strlen(rm_status_text((enum rm_status)one)) > 0);
        for (int other = 0; other < one; other++)
        {
            assert_string_not_equal(rm_status_text((enum rm_status)one),
                                    rm_status_text((enum rm_status)other));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_status_has_its_own_words)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
