/* device.h: the simulated plant: the address space, and the value of each item at each time.
 *
 * The address space is a tree of branches and items that is built once at start:
 *
 *   Counters.C0001 ..      VT_I4, counts the ticks of --period; CountersR8.C0001 .. the same as R8
 *   Memory.I4 ..           writable, one of each type; Memory.Array.I4 .. and arrays of them
 *   Wave.Sine1 ..          Wave.Square1 ..
 *   Random.Walk1 ..        seeded by --seed
 *   Generated.Area01.Unit01.Tag0001 ..   10,000 items
 *   Quality.Bad ..         one of each quality, limit bits, vendor bits
 *   Rights.ReadOnly, .WriteOnly
 *   Analog.Level ..        with a range (deadband); Analog.Setpoint and .Clamped are writable
 *   Enumerated.State, .Mode
 *
 * Every item that is not memory is a pure function of the clock, so two machines of equal options
 * show the same. Its *version* is the number of the step it is in; a new version is a possible
 * change. The version of a memory item counts its writes.
 * Memory belongs to the process: two sessions with a process each (--single) have each their own,
 * unless --plant names a plant whose memory all its machines show (plantmemory.h).
 *
 * Units: milliseconds of clock.h.
 * Ownership: nodes and items live as long as the process.
 * Threads: any, after sim_device_build; one lock of its own around the memory items.
 * Errors: HRESULTs of OPC.
 */
#ifndef SIM_DEVICE_H
#define SIM_DEVICE_H

#include "options.h"
#include "value.h"

#include <opc/opcda.h>

enum sim_item_kind
{
    SIM_ITEM_CONSTANT, /* `value` for ever */
    SIM_ITEM_MEMORY,
    SIM_ITEM_COUNTER,
    SIM_ITEM_SINE,
    SIM_ITEM_SQUARE,
    SIM_ITEM_WALK,
    SIM_ITEM_STATES,  /* goes through `limit` states */
    SIM_ITEM_TOGGLING /* changes its quality, not its value */
};

enum sim_eu
{
    SIM_EU_NONE,
    SIM_EU_ANALOG,
    SIM_EU_ENUMERATED
};

struct sim_node;
struct sim_plant_slot;

#define SIM_QUALITY_OWN (-1L)
#define SIM_NOT_FROZEN  INT64_MAX

struct sim_item
{
    const struct sim_node *node;
    enum sim_item_kind kind;
    VARTYPE type;
    WORD quality;
    DWORD rights;
    enum sim_eu eu;
    double low; /* of the range; the wave goes through all of it */
    double high;
    bool is_clamped;    /* a written value beyond the range is clamped, not refused */
    bool takes_quality; /* quality and time stamp can be written, too */
    int64_t step_ms;    /* 0: no steps */
    int64_t phase_ms;   /* of the steps */
    int64_t length;     /* steps per wave, states */
    uint32_t seed;
    const wchar_t *units;
    const wchar_t *description;

    /* Memory items; protected by the device's lock. */
    VARIANT value;
    int64_t writes;
    int64_t written_ms;
    bool has_stamp; /* a client has written one; also the quality may be a client's then */
    FILETIME stamp;
    struct sim_plant_slot *slot; /* of a plant's memory, `writes` is its serial; NULL: our own */

    /* Faults, by sim_device_set_faults; protected by the device's lock. */
    LONG forced_quality;  /* SIM_QUALITY_OWN: none */
    int64_t frozen_ms;    /* shows what it showed then */
    VARIANT frozen_value; /* of a memory item */
    int64_t frozen_writes;
    int64_t frozen_written_ms;

    /* The vendor's codes, 0: none. */
    HRESULT add_code;
    HRESULT read_code;
    HRESULT write_code;
};

struct sim_node
{
    wchar_t *id;         /* fully qualified; empty at the root */
    const wchar_t *name; /* the last part of `id` */
    struct sim_node *parent;
    struct sim_node *first_child;
    struct sim_node *last_child;
    struct sim_node *next;
    struct sim_node *next_of_hash;
    struct sim_item *item; /* NULL: a branch only */
};

bool sim_device_build(const struct sim_options *options);

const struct sim_node *sim_device_root(void);

/* NULL if there is none; upper and lower case are different. */
const struct sim_node *sim_device_find(const wchar_t *id);
const struct sim_node *sim_device_find_child(const struct sim_node *parent, const wchar_t *name);

/* Two ways lead to every item; which one is taken makes no difference. NULL ends the list. */
extern const wchar_t *const sim_device_access_paths[];
bool sim_device_is_access_path(const wchar_t *path);

int64_t sim_device_version(const struct sim_item *item, int64_t now_ms);

/* What the item shows in that version. */
void sim_device_sample(const struct sim_item *item, int64_t version, int64_t now_ms,
                       struct sim_vqt *vqt);

/* The same for a client: S_OK, the vendor's code of the item, or why there is no value; that is
 * bad, empty and of now then. */
HRESULT sim_device_read(const struct sim_item *item, int64_t version, int64_t now_ms,
                        struct sim_vqt *vqt);

/* S_OK, OPC_S_CLAMP, or why nothing was written. */
HRESULT sim_device_write(const struct sim_item *item, const VARIANT *value, LCID locale);

/* The same for all that `vqt` says is to be written, or nothing of it; OPC_E_NOTSUPPORTED if the
 * item takes no quality or time stamp. */
HRESULT sim_device_write_vqt(const struct sim_item *item, const OPCITEMVQT *vqt, LCID locale);

/* SIM_QUALITY_OWN and SIM_NOT_FROZEN: no faults. */
void sim_device_set_faults(struct sim_item *item, LONG quality, int64_t frozen_ms);

bool sim_device_is_frozen(const struct sim_item *item, int64_t now_ms);

/* The item's vEUInfo; the caller clears it. */
void sim_device_eu_info(const struct sim_item *item, VARIANT *info);

/* ---- for the files that build the plant ---- */

/* Finds or adds the node of that id and all branches above it; NULL: no memory. */
struct sim_node *sim_device_add(const wchar_t *id);

/* Adds an item; the pattern's node is set. NULL: no memory. */
struct sim_item *sim_device_add_item(const wchar_t *id, struct sim_item pattern);

/* All items of the list above. */
bool sim_plant_build(const struct sim_options *options);

/* Those of --unicode and --vendor-codes. */
bool sim_plant_build_difficult(const struct sim_options *options);

/* Those of --objects, which answer GetTypeInfoCount with that number. */
#define SIM_OBJECT_ANSWER 4711
bool sim_plant_build_objects(void);

#endif
