#include "device.h"
#include "clock.h"
#include "itemfault.h"
#include "plantchange.h"
#include "plantmemory.h"
#include "text.h"

#include <opc/opcconst.h>
#include <opc/opcerror.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HASH_COUNT 16384
#define ID_MAX     1024
#define TURN       6.283185307179586

static struct sim_node root;
static struct sim_node *hash_table[HASH_COUNT];
static enum sim_stamp stamp_kind;
static const struct sim_options *built_with;

/* Protects the value, writes and written_ms of memory items. */
static SRWLOCK memory_lock = SRWLOCK_INIT;

static struct sim_node **hash_slot(const wchar_t *id)
{
    uint32_t hash = 2166136261u;
    for (; *id != L'\0'; id++)
    {
        hash = (hash ^ (uint32_t)*id) * 16777619u;
    }
    return &hash_table[hash % HASH_COUNT];
}

const struct sim_node *sim_device_root(void)
{
    return &root;
}

static struct sim_node *find_node(const wchar_t *id)
{
    struct sim_node *node = *hash_slot(id);
    while (node != NULL && wcscmp(node->id, id) != 0)
    {
        node = node->next_of_hash;
    }
    return node;
}

const struct sim_node *sim_device_find(const wchar_t *id)
{
    return find_node(id);
}

const struct sim_node *sim_device_find_child(const struct sim_node *parent, const wchar_t *name)
{
    const struct sim_node *child = parent->first_child;
    while (child != NULL && wcscmp(child->name, name) != 0)
    {
        child = child->next;
    }
    return child;
}

static struct sim_node *add_to_parent(struct sim_node *parent, const wchar_t *id)
{
    struct sim_node *node = calloc(1, sizeof(*node));
    wchar_t *copy = sim_text_copy(id);
    if (node == NULL || copy == NULL)
    {
        free(node);
        free(copy);
        return NULL;
    }
    const wchar_t *dot = wcsrchr(copy, L'.');
    struct sim_node **slot = hash_slot(id);
    node->id = copy;
    node->name = dot != NULL ? dot + 1 : copy;
    node->parent = parent;
    node->next_of_hash = *slot;
    *slot = node;
    *(parent->last_child != NULL ? &parent->last_child->next : &parent->first_child) = node;
    parent->last_child = node;
    return node;
}

struct sim_node *sim_device_add(const wchar_t *id)
{
    struct sim_node *node = find_node(id);
    if (node != NULL)
    {
        return node;
    }
    struct sim_node *parent = &root;
    const wchar_t *dot = wcsrchr(id, L'.');
    if (dot != NULL)
    {
        wchar_t branch[ID_MAX];
        size_t length = (size_t)(dot - id);
        if (length >= ID_MAX)
        {
            return NULL;
        }
        memcpy(branch, id, length * sizeof(*branch));
        branch[length] = L'\0';
        parent = sim_device_add(branch);
    }
    return parent != NULL ? add_to_parent(parent, id) : NULL;
}

/* What the item shows in the plant whose memory it is of. */
static void join_plant(struct sim_item *item)
{
    struct sim_plant_value first = {
        .value = item->value, .quality = item->quality, .written_ms = item->written_ms};
    int64_t born_ms = sim_plant_memory_born_ms();
    if (item->kind == SIM_ITEM_MEMORY)
    {
        item->slot = sim_plant_memory_attach(item->node->id, &first);
    }
    else if (item->kind == SIM_ITEM_CONSTANT && born_ms != 0)
    {
        item->written_ms = born_ms;
    }
}

struct sim_item *sim_device_add_item(const wchar_t *id, struct sim_item pattern)
{
    static struct sim_item left_out;
    if (!sim_plant_change(built_with, id, &pattern))
    {
        return &left_out;
    }
    struct sim_node *node = sim_device_add(id);
    struct sim_item *item = malloc(sizeof(*item));
    if (node == NULL || item == NULL)
    {
        free(item);
        return NULL;
    }
    *item = pattern;
    item->forced_quality = SIM_QUALITY_OWN;
    item->frozen_ms = SIM_NOT_FROZEN;
    item->node = node;
    node->item = item;
    join_plant(item);
    return item;
}

bool sim_device_build(const struct sim_options *options)
{
    static wchar_t no_name[] = L"";
    if (options->plant[0] != '\0' && !sim_plant_memory_open(options->plant))
    {
        return false;
    }
    built_with = options;
    stamp_kind = options->stamp;
    root.id = no_name;
    root.name = no_name;
    return sim_plant_build(options) && sim_plant_build_difficult(options) &&
           (!options->has_objects || sim_plant_build_objects());
}

const wchar_t *const sim_device_access_paths[] = {L"Direct", L"Gateway", NULL};

bool sim_device_is_access_path(const wchar_t *path)
{
    const wchar_t *const *known = sim_device_access_paths;
    while (*known != NULL && wcscmp(*known, path) != 0)
    {
        known++;
    }
    return *known != NULL;
}

void sim_device_set_faults(struct sim_item *item, LONG quality, int64_t frozen_ms)
{
    AcquireSRWLockExclusive(&memory_lock);
    item->forced_quality = quality;
    if (frozen_ms != item->frozen_ms)
    {
        VariantClear(&item->frozen_value);
        if (frozen_ms != SIM_NOT_FROZEN && item->kind == SIM_ITEM_MEMORY)
        {
            sim_value_copy(&item->frozen_value, &item->value);
            item->frozen_writes = item->writes;
            item->frozen_written_ms = item->written_ms;
        }
        item->frozen_ms = frozen_ms;
    }
    ReleaseSRWLockExclusive(&memory_lock);
}

static int64_t frozen_since(const struct sim_item *item)
{
    AcquireSRWLockShared(&memory_lock);
    int64_t frozen_ms = item->frozen_ms;
    ReleaseSRWLockShared(&memory_lock);
    return frozen_ms;
}

bool sim_device_is_frozen(const struct sim_item *item, int64_t now_ms)
{
    return now_ms >= frozen_since(item);
}

/* What others have written to the plant's memory. */
static void follow_plant(const struct sim_item *item)
{
    if (item->slot == NULL)
    {
        return;
    }
    struct sim_item *own = item->node->item;
    AcquireSRWLockExclusive(&memory_lock);
    if (sim_plant_memory_serial(own->slot) != own->writes)
    {
        struct sim_plant_value now;
        own->writes = sim_plant_memory_load(own->slot, &now);
        VariantClear(&own->value);
        own->value = now.value;
        own->quality = now.quality;
        own->has_stamp = now.has_stamp;
        own->stamp = now.stamp;
        own->written_ms = now.written_ms;
    }
    ReleaseSRWLockExclusive(&memory_lock);
}

int64_t sim_device_version(const struct sim_item *item, int64_t now_ms)
{
    if (item->kind == SIM_ITEM_MEMORY)
    {
        follow_plant(item);
        AcquireSRWLockShared(&memory_lock);
        bool is_frozen = item->frozen_ms != SIM_NOT_FROZEN;
        int64_t writes = is_frozen ? item->frozen_writes : item->writes;
        ReleaseSRWLockShared(&memory_lock);
        return writes;
    }
    int64_t frozen_ms = frozen_since(item);
    now_ms = now_ms < frozen_ms ? now_ms : frozen_ms;
    return item->step_ms > 0 ? sim_clock_step(now_ms, item->step_ms, item->phase_ms) : 0;
}

/* A well-mixed number for each step of each seed. */
static uint32_t noise(uint32_t seed, int64_t step)
{
    uint64_t x = (uint64_t)step * UINT64_C(0x9E3779B97F4A7C15) + seed;
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)(x >> 32);
}

/* A random walk that needs no history: each step adds a new random number to the sum and drops the
 * one of 64 steps ago, so the sum can be had for any step. */
static double walk(const struct sim_item *item, int64_t step)
{
    double sum = 0;
    for (int64_t i = 0; i < 64; i++)
    {
        sum += (double)noise(item->seed, step - i) / 4294967295.0;
    }
    return item->low + (item->high - item->low) * sum / 64;
}

static double number_at(const struct sim_item *item, int64_t step)
{
    int64_t position = item->length > 0 ? sim_clock_step(step, 1, 0) % item->length : 0;
    position += position < 0 ? item->length : 0;
    double middle = (item->low + item->high) / 2;
    switch (item->kind)
    {
    case SIM_ITEM_COUNTER: return (double)(step & INT32_MAX);
    case SIM_ITEM_SINE:
        return middle + (item->high - middle) * sin(TURN * (double)position / (double)item->length);
    case SIM_ITEM_SQUARE: return position < item->length / 2 ? item->low : item->high;
    case SIM_ITEM_WALK: return walk(item, step);
    case SIM_ITEM_STATES: return (double)position;
    case SIM_ITEM_CONSTANT:
    case SIM_ITEM_MEMORY:
    case SIM_ITEM_TOGGLING: break;
    }
    return 0;
}

/* True if the time stamp is one that was written. */
static bool sample_memory(const struct sim_item *item, struct sim_vqt *vqt, int64_t *due_ms)
{
    follow_plant(item);
    AcquireSRWLockShared(&memory_lock);
    bool is_frozen = item->kind == SIM_ITEM_MEMORY && item->frozen_ms != SIM_NOT_FROZEN;
    bool has_stamp = item->has_stamp && !is_frozen;
    vqt->quality = item->quality;
    vqt->stamp = item->stamp;
    if (FAILED(sim_value_copy(&vqt->value, is_frozen ? &item->frozen_value : &item->value)))
    {
        vqt->quality = OPC_QUALITY_BAD;
    }
    *due_ms = is_frozen ? item->frozen_written_ms : item->written_ms;
    ReleaseSRWLockShared(&memory_lock);
    return has_stamp;
}

static void sample_function(const struct sim_item *item, int64_t version, struct sim_vqt *vqt)
{
    VARIANT number;
    V_VT(&number) = VT_R8;
    V_R8(&number) = number_at(item, version);
    if (item->type == VT_I4) /* by far the most frequent: no detour */
    {
        V_VT(&vqt->value) = VT_I4;
        V_I4(&vqt->value) = (LONG)V_R8(&number);
    }
    else if (item->type == VT_BOOL)
    {
        V_VT(&vqt->value) = VT_BOOL;
        V_BOOL(&vqt->value) = V_R8(&number) > 0 ? VARIANT_TRUE : VARIANT_FALSE;
    }
    else if (FAILED(VariantChangeType(&vqt->value, &number, 0, item->type)))
    {
        vqt->quality = OPC_QUALITY_BAD;
    }
}

static FILETIME stamp_of(int64_t due_ms, int64_t now_ms)
{
    switch (stamp_kind)
    {
    case SIM_STAMP_TICK: break;
    case SIM_STAMP_SEND: return sim_clock_filetime(now_ms);
    case SIM_STAMP_DEVICE: return sim_clock_filetime(sim_clock_step(due_ms, 1000, 0) * 1000);
    }
    return sim_clock_filetime(due_ms);
}

static WORD shown_quality(const struct sim_item *item, WORD quality, int64_t now_ms)
{
    AcquireSRWLockShared(&memory_lock);
    LONG forced = item->forced_quality;
    ReleaseSRWLockShared(&memory_lock);
    if (!sim_item_faults_is_ready(now_ms))
    {
        return OPC_QUALITY_BAD;
    }
    return forced != SIM_QUALITY_OWN ? (WORD)forced : quality;
}

void sim_device_sample(const struct sim_item *item, int64_t version, int64_t now_ms,
                       struct sim_vqt *vqt)
{
    int64_t frozen_ms = frozen_since(item);
    int64_t shown_ms = now_ms < frozen_ms ? now_ms : frozen_ms;
    if (item->step_ms > 0 && shown_ms == frozen_ms)
    {
        int64_t last = sim_clock_step(frozen_ms, item->step_ms, item->phase_ms);
        version = version < last ? version : last;
    }
    int64_t due_ms = item->step_ms > 0 ? version * item->step_ms + item->phase_ms : shown_ms;
    bool has_stamp = false;
    VariantInit(&vqt->value);
    vqt->quality = item->quality;
    switch (item->kind)
    {
    case SIM_ITEM_MEMORY:
    case SIM_ITEM_CONSTANT: has_stamp = sample_memory(item, vqt, &due_ms); break;
    case SIM_ITEM_TOGGLING:
        V_VT(&vqt->value) = VT_I4;
        V_I4(&vqt->value) = 1;
        vqt->quality = version % 2 == 0 ? OPC_QUALITY_GOOD : OPC_QUALITY_COMM_FAILURE;
        break;
    case SIM_ITEM_COUNTER:
    case SIM_ITEM_SINE:
    case SIM_ITEM_SQUARE:
    case SIM_ITEM_WALK:
    case SIM_ITEM_STATES: sample_function(item, version, vqt); break;
    }
    if (!has_stamp)
    {
        vqt->stamp = stamp_of(due_ms, shown_ms);
    }
    vqt->quality = shown_quality(item, vqt->quality, now_ms);
}

HRESULT sim_device_read(const struct sim_item *item, int64_t version, int64_t now_ms,
                        struct sim_vqt *vqt)
{
    VariantInit(&vqt->value);
    vqt->quality = OPC_QUALITY_BAD;
    vqt->stamp = sim_clock_filetime(now_ms);
    if ((item->rights & OPC_READABLE) == 0)
    {
        return OPC_E_BADRIGHTS;
    }
    if (SUCCEEDED(item->read_code))
    {
        sim_device_sample(item, version, now_ms, vqt);
    }
    return item->read_code;
}

/* Keeps the range of an analog item, and the states of an enumerated one. */
static HRESULT check_range(const struct sim_item *item, VARIANT *value)
{
    double number;
    if (item->eu == SIM_EU_NONE || !sim_value_number(value, &number) ||
        (number >= item->low && number <= item->high))
    {
        return S_OK;
    }
    if (!item->is_clamped)
    {
        return OPC_E_RANGE;
    }
    VARIANT limit;
    V_VT(&limit) = VT_R8;
    V_R8(&limit) = number < item->low ? item->low : item->high;
    HRESULT result = VariantChangeType(value, &limit, 0, item->type);
    return SUCCEEDED(result) ? OPC_S_CLAMP : result;
}

HRESULT sim_device_write(const struct sim_item *item, const VARIANT *value, LCID locale)
{
    OPCITEMVQT vqt = {.vDataValue = *value};
    bool is_refused = (item->rights & OPC_WRITEABLE) != 0 && V_VT(value) == VT_EMPTY;
    return is_refused ? OPC_E_BADTYPE : sim_device_write_vqt(item, &vqt, locale);
}

static HRESULT convert(const struct sim_item *item, const VARIANT *value, LCID locale,
                       VARIANT *converted)
{
    VariantInit(converted);
    if (V_VT(value) == VT_NULL)
    {
        return OPC_E_BADTYPE;
    }
    HRESULT result = sim_value_convert(converted, value, item->type, locale);
    if (SUCCEEDED(result))
    {
        result = check_range(item, converted);
    }
    if (FAILED(result))
    {
        VariantClear(converted);
    }
    return result;
}

/* For all machines of the plant; false if it can't be kept there. */
static bool store_in_plant(struct sim_item *target)
{
    struct sim_plant_value now = {.value = target->value,
                                  .quality = target->quality,
                                  .has_stamp = target->has_stamp,
                                  .stamp = target->stamp,
                                  .written_ms = target->written_ms};
    LONG serial = sim_plant_memory_store(target->slot, &now);
    target->writes = serial != 0 ? serial : target->writes;
    return serial != 0;
}

/* A value without a quality is good again, and without a time stamp it is of now. */
static HRESULT store(struct sim_item *target, const OPCITEMVQT *vqt, VARIANT *converted)
{
    bool has_value = V_VT(&vqt->vDataValue) != VT_EMPTY;
    bool is_stored = true;
    follow_plant(target);
    AcquireSRWLockExclusive(&memory_lock);
    if (has_value)
    {
        VARIANT old = target->value;
        target->value = *converted;
        *converted = old;
    }
    if (vqt->bQualitySpecified || (has_value && target->takes_quality))
    {
        target->quality = vqt->bQualitySpecified ? vqt->wQuality : OPC_QUALITY_GOOD;
    }
    target->has_stamp = vqt->bTimeStampSpecified != FALSE;
    target->stamp = vqt->ftTimeStamp;
    target->written_ms = sim_clock_now();
    if (target->slot == NULL)
    {
        target->writes++;
    }
    else
    {
        is_stored = store_in_plant(target);
    }
    ReleaseSRWLockExclusive(&memory_lock);
    return is_stored ? S_OK : E_OUTOFMEMORY;
}

HRESULT sim_device_write_vqt(const struct sim_item *item, const OPCITEMVQT *vqt, LCID locale)
{
    bool has_more = vqt->bQualitySpecified || vqt->bTimeStampSpecified;
    bool has_value = V_VT(&vqt->vDataValue) != VT_EMPTY;
    if ((item->rights & OPC_WRITEABLE) == 0)
    {
        return OPC_E_BADRIGHTS;
    }
    if (has_more && !item->takes_quality)
    {
        return OPC_E_NOTSUPPORTED;
    }
    VARIANT converted;
    VariantInit(&converted);
    HRESULT result = has_value ? convert(item, &vqt->vDataValue, locale, &converted) : S_OK;
    if (SUCCEEDED(result) && item->write_code != 0)
    {
        result = item->write_code;
    }
    if (SUCCEEDED(result) && (has_value || has_more))
    {
        HRESULT stored = store(item->node->item, vqt, &converted);
        result = FAILED(stored) ? stored : result;
    }
    VariantClear(&converted);
    return result;
}
