/* sampling.h: items with a sampling rate of their own: samples between two updates of the group.
 *
 * The group's updater takes the samples when they are due, and those it was too late for
 * afterwards, each as of its own time. What the client must be told of them waits for the group's
 * next update: a buffered item's changes all, in order, the others' latest one. A full buffer loses
 * the oldest, and the first sample behind the gap says so with OPC_S_DATAQUEUEOVERFLOW.
 *
 * Units: milliseconds of clock.h.
 * Ownership: the sampling belongs to its item, and owns the values that wait.
 * Threads: the group's lock is held.
 * Errors: none; without memory a change isn't sent.
 * Source: OPC DA 3.0, IOPCItemSamplingMgt.
 */
#ifndef SIM_SAMPLING_H
#define SIM_SAMPLING_H

#include "delivery.h"

#define SIM_SAMPLES_MAX 50

struct sim_sample
{
    struct sim_vqt vqt;
    HRESULT error;
};

struct sim_sampling
{
    DWORD rate_ms;
    int64_t next_ms;
    int64_t fault_serial; /* that the newest sample was taken at: itemfault.h */
    bool is_overflown;
    DWORD first;
    DWORD count;
    struct sim_sample samples[SIM_SAMPLES_MAX]; /* a ring */
};

/* NULL: no memory. */
struct sim_sampling *sim_sampling_create(void);
void sim_sampling_free(struct sim_sampling *sampling);

/* Forgets what waits. */
void sim_sampling_clear(struct sim_sampling *sampling);

/* The first sample is due at the next point of that rate's grid. */
void sim_sampling_set_rate(struct sim_sampling *sampling, DWORD rate_ms, int64_t now_ms);

/* Takes all that is due in the group; without `is_sending` nothing is sampled. Returns when the
 * next one is due, INT64_MAX: never. */
int64_t sim_sampling_take(struct sim_group *group, bool is_sending, int64_t now_ms);

/* Adds what waits; the current value if the item is pending and nothing does. */
void sim_sampling_send(const struct sim_group *group, struct sim_group_item *item,
                       struct sim_delivery *delivery, int64_t now_ms);

#endif
