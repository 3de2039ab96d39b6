/* options.h: how one simulated machine behaves; parsed from the command line and, where COM has
 * started it, from what /regserver has stored.
 *
 * Units: in the names.
 * Ownership: plain data.  Threads: written once at start, read by all afterwards.
 * Errors: sim_options_parse says on standard error what is wrong and returns false.
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <windows.h>
#include <stdbool.h>
#include <stdint.h>

#define SIM_NAME_MAX    30 /* "RMSim.<NAME>.1" is a ProgID: 39 characters at most */
#define SIM_PATTERN_MAX 199

enum sim_stamp
{
    SIM_STAMP_TICK,  /* the time at which the value was due */
    SIM_STAMP_SEND,  /* the time at which it was sampled */
    SIM_STAMP_DEVICE /* the time at which it was due, in whole seconds */
};

enum sim_da
{
    SIM_DA_2,     /* 2.05a */
    SIM_DA_3,     /* 3.0 as well */
    SIM_DA_3_ONLY /* without what 3.0 has replaced */
};

struct sim_options
{
    char name[SIM_NAME_MAX + 1];
    char plant[SIM_NAME_MAX + 1]; /* whose memory it shows; empty: its process's own */
    bool is_single;               /* each activation gets a process of its own */
    bool is_embedded;             /* started by COM */
    bool is_eager;                /* sends tick after tick, not by the clock */
    int64_t counters;             /* how many counters of each type */
    int64_t period_ms;            /* of the counters */
    int64_t phase_ms;             /* of the counters */
    int64_t skew_ms;              /* how much this machine's clock is ahead */
    int64_t seed;                 /* of the random walks */
    int64_t async_delay_ms;       /* how long an asynchronous transaction takes */
    enum sim_stamp stamp;
    enum sim_da da;
    bool has_required_only; /* no interface that the specification calls optional */
    bool has_enum_connections;
    bool has_public_groups;
    bool has_persist;
    bool has_security;
    wchar_t journal[MAX_PATH];
    wchar_t log[MAX_PATH];

    /* Of a difficult server: difficulty.h. */
    bool is_sta; /* all objects live in a single-threaded apartment */
    bool has_odd_rates;
    bool is_early; /* callbacks of transactions come before the call returns */
    bool has_vendor_codes;
    bool has_objects;
    bool has_unicode;
    bool has_high_handles;
    bool is_forgetful;     /* items are gone once their group is activated */
    bool has_no_inactive;  /* groups are active, or refused */
    bool is_other_dialect; /* answers otherwise where the specifications disagree */
    int64_t max_groups;    /* of a client; 0: any number */
    int64_t max_clients;   /* of the machine; 0: any number */
    int64_t max_add;       /* items of one AddItems; 0: any number */
    int64_t slow_add_ms;   /* for each item of AddItems */
    int64_t batch;         /* items per OnDataChange of a subscription; 0: all */
    int64_t not_ready_s;   /* seconds from the start of the process */
    wchar_t refused_items[SIM_PATTERN_MAX + 1]; /* empty: none */
    wchar_t taken_names[SIM_PATTERN_MAX + 1];   /* of groups; empty: none */
    wchar_t left_out[SIM_PATTERN_MAX + 1];      /* plantchange.h; likewise */
    wchar_t retyped[SIM_PATTERN_MAX + 1];
    wchar_t read_only[SIM_PATTERN_MAX + 1];
};

bool sim_options_is_name(const wchar_t *name);

/* `arguments` are options only; the program's name and a command were taken off. */
bool sim_options_parse(int count, wchar_t *const *arguments, struct sim_options *options);

/* The lines about options in the help text. */
void sim_options_print_help(void);

#endif
