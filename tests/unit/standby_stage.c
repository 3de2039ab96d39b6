/* standby_stage.c: words to calls, and a ring to words. */
#include "standby_stage.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BAD     0
#define FAILURE (-5)

void stage_set(struct stage *stage, const struct stage_row *row)
{
    test_values_reset();
    *stage = (struct stage){
        .budget = {.bytes_max = 100000                       },
        .terms = {.kind = &test_values.kind,
                   .skew = {.is_known = !row->is_clock_unknown,
                           .offset_100ns = row->ahead_ms * STAGE_MS,
                           .error_100ns = row->error_ms * STAGE_MS},
                   .period_100ns = STAGE_PERIOD_MS * STAGE_MS,
                   .window_ms = 5000},
        .forwarded = {.skew = {.is_known = !row->is_clock_unknown}},
    };
    stage->terms.budget = &stage->budget;
    stage->ring.has_begun = !row->is_first;
}

static void play_word(struct stage *stage, const char *word)
{
    const char *at = strchr(word, '@'), *colon = strchr(word, ':');
    struct test_value value = {.number = word[1] == 'E' ? 0 : word[1] - '0'};
    struct rm_update update = {
        .value = &value,
        .time_100ns = at[1] == '-' ? 0 : (STAGE_EPOCH_MS + strtol(at + 1, NULL, 10)) * STAGE_MS,
        .arrived_ms = (uint32_t)strtol(colon + 1, NULL, 10),
        .error = word[1] == 'E' ? FAILURE : 0,
        .quality = word[2] == 'b' ? BAD : STAGE_GOOD,
    };

    if (word[0] == 'R' &&
        !rm_standby_is_news(&stage->ring, &stage->terms, &stage->forwarded, &update))
        return;
    if (word[0] != 'F')
    {
        rm_standby_sent(&stage->ring, &stage->terms, &stage->forwarded, &update);
        return;
    }
    stage->got = value;
    update.value = &stage->got;
    stage->forwarded.update = update;
    stage->forwarded.is_valid = true;
    rm_standby_forwarded(&stage->ring, &stage->terms, &stage->forwarded);
}

void stage_play(struct stage *stage, const char *words)
{
    char copy[400], *rest = copy, *word;

    assert_true(strlen(words) < sizeof(copy));
    strcpy(copy, words);
    while ((word = strtok(rest, " ")) != NULL)
    {
        rest = NULL;
        play_word(stage, word);
    }
}

/* Takes it all out. */
static void what_is_left(struct stage *stage, char *text, size_t size)
{
    struct rm_update update;
    size_t length = 0;

    text[0] = '\0';
    while (rm_standby_first(&stage->ring, &stage->terms, &update))
    {
        const struct test_value *value = update.value;
        char letter = update.error < 0 ? 'E' : (char)('0' + value->number);

        length += (size_t)snprintf(text + length, size - length, "%s%c%s@", length ? " " : "",
                                   letter, update.quality == STAGE_GOOD ? "" : "b");
        if (update.time_100ns > 0)
            length += (size_t)snprintf(text + length, size - length, "%ld",
                                       (long)(update.time_100ns / STAGE_MS - STAGE_EPOCH_MS));
        else
            length += (size_t)snprintf(text + length, size - length, "-");
        rm_standby_drop_first(&stage->ring, &stage->terms);
    }
}

void stage_assert_left(struct stage *stage, const char *left, const char *shows)
{
    char text[400];

    what_is_left(stage, text, sizeof(text));
    if (strcmp(text, left) != 0)
        fail_msg("%s: left is \"%s\", not \"%s\"", shows, text, left);
    assert_int_equal(stage->budget.bytes, 0);
    assert_int_equal(stage->budget.buffered, 0);
    assert_int_equal(test_values.copies, 0);
}
