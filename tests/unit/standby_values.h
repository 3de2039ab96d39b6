/* standby_values.h: values as the tests of the standby buffer keep them: as large as a VARIANT,
 * with memory of their own, counted.
 */
#ifndef STANDBY_VALUES_H
#define STANDBY_VALUES_H

#include <rm/standby_buffer.h>

struct test_value
{
    int64_t number;
    int64_t *copied; /* NULL in what is lent */
    int64_t spare;
};

struct test_values
{
    unsigned long copies;        /* that are there */
    unsigned long refuse;        /* so many more copies fail, for want of memory */
    unsigned long equal_asked;   /* comparisons so far */
    struct rm_value_kind kind;   /* without bytes_beyond */
    struct rm_value_kind beyond; /* with it: the number of bytes is the value's number */
};

/* There is one of it; reset before each test. */
extern struct test_values test_values;
void test_values_reset(void);

#endif
