/* calls.h: how long the client's calls took and how they ended.
 *
 * Every call of a COM method is begun and ended here under the method's name. A call that is still
 * out counts too: with the time it has been out so far it can be the slowest one, so a call that
 * never comes back is not overlooked.
 *
 * Units: microseconds of one monotonic clock.
 * Ownership: method names are kept by pointer: string literals.
 * Threads: none of its own; one thread at a time per object.
 * Errors: with all RM_CALLS_OUT places taken a call is counted when it ends, but not seen while it
 * is out; methods and codes beyond the tables' size go into their last line.
 */
#ifndef PROBE_CALLS_H
#define PROBE_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RM_CALLS_METHODS 40
#define RM_CALLS_CODES   32
#define RM_CALLS_OUT     64

struct rm_calls_method
{
    const char *name;
    uint64_t count;
    uint64_t failed;
    uint64_t total_us;
    uint64_t slowest_us;
};

/* Failed calls by code. */
struct rm_calls_code
{
    uint32_t code; /* HRESULT, bit by bit */
    uint64_t count;
    const char *first_method;
};

struct rm_call
{
    const char *method; /* NULL: place is free */
    uint64_t begin_us;
};

struct rm_calls
{
    struct rm_calls_method methods[RM_CALLS_METHODS];
    size_t method_count;
    struct rm_calls_code codes[RM_CALLS_CODES];
    size_t code_count;
    uint64_t count;
    uint64_t failed;
    const char *slowest_method; /* of those that have ended; NULL before the first */
    uint64_t slowest_us;
    struct rm_call out[RM_CALLS_OUT];
};

/* Returns a copy which goes back to rm_calls_end. */
struct rm_call rm_calls_begin(struct rm_calls *calls, const char *method, uint64_t now_us);

/* code < 0 (bit 31) is a failure. Returns the time that the call took. */
uint64_t rm_calls_end(struct rm_calls *calls, struct rm_call call, uint32_t code, uint64_t now_us);

/* The oldest call that is out; method NULL if none is. */
struct rm_call rm_calls_oldest_out(const struct rm_calls *calls);

/* The slowest call, ended or out: its method (NULL before the first) and time. */
const char *rm_calls_slowest(const struct rm_calls *calls, uint64_t now_us, uint64_t *slowest_us);

#endif
