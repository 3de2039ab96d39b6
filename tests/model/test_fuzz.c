/* test_fuzz.c: random lives from seeds, or files of bytes named on the command line.
 *
 * RM_FUZZ_LIVES in the environment says how many; a life that fails is named by its seed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fuzz.h"

#define LIVES_DEFAULT 4000
#define EVENTS        400
#define LIFE_SIZE     (MODEL_FUZZ_HEAD_SIZE + EVENTS * MODEL_FUZZ_EVENT_SIZE)

/* xorshift64: the same lives on every machine. */
static uint8_t next_byte(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint8_t)(*seed >> 32);
}

static void random_lives(void **state)
{
    const char *text = getenv("RM_FUZZ_LIVES");
    unsigned long lives = text ? strtoul(text, NULL, 10) : LIVES_DEFAULT;
    uint8_t bytes[LIFE_SIZE];

    (void)state;
    for (unsigned long life = 1; life <= lives; life++)
    {
        uint64_t seed = life * 0x9E3779B97F4A7C15u;
        const char *fault;

        for (size_t i = 0; i < sizeof bytes; i++)
        {
            bytes[i] = next_byte(&seed);
        }
        fault = model_fuzz(bytes, sizeof bytes);
        if (fault)
        {
            fail_msg("life %lu: %s", life, fault);
        }
    }
    printf("%lu lives of %d events\n", lives, EVENTS);
}

static int play_file(const char *path)
{
    uint8_t bytes[LIFE_SIZE];
    FILE *file = fopen(path, "rb");
    const char *fault;
    size_t size;

    if (!file)
    {
        perror(path);
        return 2;
    }
    size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    fault = model_fuzz(bytes, size);
    printf("%s: %s\n", path, fault ? fault : "fine");
    return fault ? 1 : 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_lives)};
    int worst = 0;

    for (int i = 1; i < argc; i++)
    {
        int result = play_file(argv[i]);

        worst = result > worst ? result : worst;
    }
    return argc > 1 ? worst : cmocka_run_group_tests(tests, NULL, NULL);
}
