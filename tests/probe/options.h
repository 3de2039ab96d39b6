/* options.h: the command line of rmprobe.
 *
 * Units: strings are UTF-8; times in the unit of their name.
 * Ownership: strings point into argv; item_ids is one block, rm_options_free returns it.
 * Threads: any, one at a time per object.
 * Errors: RM_OPTIONS_WRONG after one line on `errors` which says what is wrong.
 */
#ifndef PROBE_OPTIONS_H
#define PROBE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RM_OPTIONS_ANY UINT64_MAX

enum rm_options_result
{
    RM_OPTIONS_RUN,
    RM_OPTIONS_HELP,
    RM_OPTIONS_WRONG
};

enum rm_apartment
{
    RM_APARTMENT_MTA,
    RM_APARTMENT_STA
};

enum rm_clsctx
{
    RM_CLSCTX_ALL,
    RM_CLSCTX_INPROC,
    RM_CLSCTX_LOCAL,
    RM_CLSCTX_SERVER
};

/* What the verdict allows; RM_OPTIONS_ANY is no limit. */
struct rm_limits
{
    uint64_t max_lost;
    uint64_t max_again;
    uint64_t max_bad;
    uint64_t max_failed;
    uint64_t max_gap_ms;
    uint64_t max_item_gap_ms;
    uint64_t max_call_ms;
};

struct rm_options
{
    const char *prog_id;
    int apartment; /* enum rm_apartment */
    int clsctx;    /* enum rm_clsctx */

    bool list;
    bool browse_only;
    bool browse;
    const char *filter;
    const char *pattern;
    const char **item_ids; /* named one by one */
    size_t item_id_count;
    uint64_t items; /* RM_OPTIONS_ANY: all, when browsing only */
    uint64_t groups;
    uint64_t rate_ms;
    uint64_t period_ms; /* 0: the items are no counters */

    uint64_t seconds; /* 0: until told to stop */
    uint64_t grace_ms;
    const char *stop_file;

    uint64_t read_loop_ms; /* 0: none; so the other loops */
    uint64_t write_loop_ms;
    uint64_t status_loop_ms;
    uint64_t add_loop_ms;
    uint64_t browse_loop_ms;
    uint64_t tour_loop_ms;
    const char *write_item;
    bool async;
    bool callbacks_in_callback;

    bool live;
    bool events;
    const char *json_path;
    const char *record_path;
    struct rm_limits limits;
};

enum rm_options_result rm_options_parse(struct rm_options *options, int argc, char **argv,
                                        FILE *errors);

void rm_options_print_help(FILE *out);

void rm_options_free(struct rm_options *options);

#endif
