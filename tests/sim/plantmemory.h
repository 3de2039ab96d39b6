/* plantmemory.h: memory items that several machines show, as the servers of one plant do (--plant).
 *
 * A section of shared memory, named after the plant, has a slot for each item: value, quality and
 * time stamp as they were last written, by whichever process of whichever machine. It lives as long
 * as one of them; who comes later finds what is there. A slot's *serial* counts its writes, so that
 * who has seen one of them sees by a single number whether there was another.
 *
 * Units: milliseconds of clock.h.
 * Ownership: the section and its slots live as long as the process.
 * Threads: any, after sim_plant_memory_open; a mutex between processes around each copy.
 * Errors: false or 0: too many items, or a value that is larger than a slot.
 */
#ifndef SIM_PLANTMEMORY_H
#define SIM_PLANTMEMORY_H

#include <windows.h>
#include <oaidl.h>
#include <stdbool.h>
#include <stdint.h>

struct sim_plant_slot;

/* What a slot keeps. */
struct sim_plant_value
{
    VARIANT value; /* the caller's */
    WORD quality;
    bool has_stamp; /* a client has written one */
    FILETIME stamp;
    int64_t written_ms;
};

/* Joins the plant of that name. */
bool sim_plant_memory_open(const char *name);

/* When the first process joined; 0 without a plant. */
int64_t sim_plant_memory_born_ms(void);

/* The item's slot, with `first` in it if the item is new. NULL without a plant, too. */
struct sim_plant_slot *sim_plant_memory_attach(const wchar_t *id, struct sim_plant_value *first);

/* The number of the last write. */
LONG sim_plant_memory_serial(const struct sim_plant_slot *slot);

/* The number of this write; 0: nothing was written. */
LONG sim_plant_memory_store(struct sim_plant_slot *slot, struct sim_plant_value *value);

/* The number of the write that `value` is of. */
LONG sim_plant_memory_load(struct sim_plant_slot *slot, struct sim_plant_value *value);

#endif
