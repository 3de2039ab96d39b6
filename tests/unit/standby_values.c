/* standby_values.c: values that are counted. */
#include "standby_values.h"

#include <stdlib.h>

static bool copy_value(void *to, const void *from)
{
    struct test_value *copy = to;

    if (test_values.refuse)
    {
        test_values.refuse--;
        return false;
    }
    *copy = *(const struct test_value *)from;
    copy->copied = malloc(sizeof(*copy->copied));
    if (!copy->copied)
        return false;
    *copy->copied = copy->number;
    test_values.copies++;
    return true;
}

static void clear_value(void *value)
{
    struct test_value *copy = value;

    test_values.copies--;
    free(copy->copied);
    *copy = (struct test_value){.number = -1};
}

static bool is_equal_value(const void *one, const void *other)
{
    test_values.equal_asked++;
    return ((const struct test_value *)one)->number == ((const struct test_value *)other)->number;
}

static size_t number_of_value(const void *value)
{
    return (size_t)((const struct test_value *)value)->number;
}

struct test_values test_values;

void test_values_reset(void)
{
    test_values = (struct test_values){
        .kind = {.size = sizeof(struct test_value),
                 .copy = copy_value,
                 .clear = clear_value,
                 .is_equal = is_equal_value}
    };
    test_values.beyond = test_values.kind;
    test_values.beyond.bytes_beyond = number_of_value;
}
