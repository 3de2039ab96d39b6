/* test_run.h: the tests of test_run.c, for filter_test.c.
 *
 * Units: none.  Ownership: none.  Threads: one.  Errors: none.
 */
#ifndef TEST_RUN_H
#define TEST_RUN_H

extern const struct CMUnitTest run_tests[];
extern const size_t run_test_count;

#endif
