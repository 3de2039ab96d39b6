/* delivery_test.c: deliveries to a client, without COM: each subject's tests. The exit status is
 * the number of failed tests. */
#include "stage.h"

int main(void)
{
    int failed = _cmocka_run_group_tests("order", order_tests, order_test_count, NULL, NULL);

    failed +=
        _cmocka_run_group_tests("take over", take_over_tests, take_over_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("match", match_tests, match_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("refresh", refresh_tests, refresh_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("refusal", refusal_tests, refusal_test_count, NULL, NULL);
    failed += _cmocka_run_group_tests("variant", variant_tests, variant_test_count, NULL, NULL);
    return failed;
}
