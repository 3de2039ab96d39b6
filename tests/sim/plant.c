#include "clock.h"
#include "device.h"
#include "text.h"

#include <opc/opcconst.h>

#include <stdio.h>
#include <string.h>

#define READ_WRITE  (OPC_READABLE | OPC_WRITEABLE)
#define VENDOR_BITS 0x1200

/* A readable item of good quality; the callers fill in the rest. */
static struct sim_item make_item(enum sim_item_kind kind, VARTYPE type, const wchar_t *description)
{
    return (struct sim_item){.kind = kind,
                             .type = type,
                             .quality = OPC_QUALITY_GOOD,
                             .rights = OPC_READABLE,
                             .units = L"",
                             .description = description,
                             .written_ms = sim_clock_now()};
}

static struct sim_item make_steps(struct sim_item item, int64_t step_ms, int64_t length)
{
    item.step_ms = step_ms;
    item.length = length;
    return item;
}

static bool add_counters(const struct sim_options *options)
{
    bool is_added = true;
    for (int64_t i = 1; i <= options->counters && is_added; i++)
    {
        wchar_t id[40];
        struct sim_item item = make_item(SIM_ITEM_COUNTER, VT_I4, L"Counts the ticks of the clock");
        item.step_ms = options->period_ms;
        item.phase_ms = options->phase_ms;
        _snwprintf(id, 40, L"Counters.C%04d", (int)i);
        is_added = sim_device_add_item(id, item) != NULL;
        item.type = VT_R8;
        _snwprintf(id, 40, L"CountersR8.C%04d", (int)i);
        is_added = is_added && sim_device_add_item(id, item) != NULL;
    }
    return is_added;
}

struct memory_type
{
    const wchar_t *name;
    VARTYPE type;
};

static const struct memory_type memory_types[] = {
    {L"I1",       VT_I1  },
    {L"I2",       VT_I2  },
    {L"I4",       VT_I4  },
    {L"I8",       VT_I8  },
    {L"UI1",      VT_UI1 },
    {L"UI2",      VT_UI2 },
    {L"UI4",      VT_UI4 },
    {L"UI8",      VT_UI8 },
    {L"R4",       VT_R4  },
    {L"R8",       VT_R8  },
    {L"Bool",     VT_BOOL},
    {L"String",   VT_BSTR},
    {L"Date",     VT_DATE},
    {L"Currency", VT_CY  },
};

static VARIANT make_zero(VARTYPE type)
{
    VARIANT zero;
    VariantInit(&zero);
    if ((type & VT_ARRAY) != 0)
    {
        V_ARRAY(&zero) = SafeArrayCreateVector(type & VT_TYPEMASK, 0, 4);
    }
    else if (type == VT_BSTR)
    {
        V_BSTR(&zero) = SysAllocString(L"0");
    }
    else
    {
        V_I8(&zero) = 0;
    }
    V_VT(&zero) = type;
    return zero;
}

static bool add_memory_item(const wchar_t *id, VARTYPE type)
{
    struct sim_item item = make_item(SIM_ITEM_MEMORY, type, L"Keeps what is written");
    item.rights = READ_WRITE;
    item.takes_quality = true;
    item.value = make_zero(type);
    return sim_device_add_item(id, item) != NULL;
}

static bool add_memory(void)
{
    bool is_added = true;
    for (size_t i = 0; i < sizeof(memory_types) / sizeof(memory_types[0]) && is_added; i++)
    {
        wchar_t id[60];
        _snwprintf(id, 60, L"Memory.%ls", memory_types[i].name);
        is_added = add_memory_item(id, memory_types[i].type);
        _snwprintf(id, 60, L"Memory.Array.%ls", memory_types[i].name);
        is_added = is_added && add_memory_item(id, memory_types[i].type | VT_ARRAY);
    }
    for (int i = 1; i <= 100 && is_added; i++)
    {
        wchar_t id[60];
        _snwprintf(id, 60, L"Memory.Bulk.M%03d", i);
        is_added = add_memory_item(id, VT_I4);
    }
    return is_added;
}

static bool add_waves(const struct sim_options *options)
{
    bool is_added = true;
    for (int i = 1; i <= 10 && is_added; i++)
    {
        wchar_t id[40];
        struct sim_item sine = make_steps(make_item(SIM_ITEM_SINE, VT_R8, L"A sine"), 100, 100 * i);
        sine.low = -100;
        sine.high = 100;
        _snwprintf(id, 40, L"Wave.Sine%d", i);
        is_added = sim_device_add_item(id, sine) != NULL;

        struct sim_item square =
            make_steps(make_item(SIM_ITEM_SQUARE, VT_BOOL, L"On and off"), 500, 2 * i);
        square.high = 1;
        _snwprintf(id, 40, L"Wave.Square%d", i);
        is_added = is_added && sim_device_add_item(id, square) != NULL;

        struct sim_item walk =
            make_steps(make_item(SIM_ITEM_WALK, VT_R8, L"A seeded random walk"), 100, 0);
        walk.high = 100;
        walk.seed = (uint32_t)options->seed * 1000u + (uint32_t)i;
        _snwprintf(id, 40, L"Random.Walk%d", i);
        is_added = is_added && sim_device_add_item(id, walk) != NULL;
    }
    return is_added;
}

/* Five kinds in turn; each changes once a second. */
static struct sim_item make_generated(int number)
{
    static const struct
    {
        enum sim_item_kind kind;
        VARTYPE type;
        int64_t length;
        double high;
        const wchar_t *description;
    } kinds[] = {
        {SIM_ITEM_SINE,   VT_R8,   60,    100,   L"Generated level"  },
        {SIM_ITEM_WALK,   VT_R4,   0,     500,   L"Generated flow"   },
        {SIM_ITEM_SQUARE, VT_BOOL, 30,    1,     L"Generated contact"},
        {SIM_ITEM_STATES, VT_I2,   100,   99,    L"Generated step"   },
        {SIM_ITEM_STATES, VT_I4,   86400, 86399, L"Generated total"  },
    };
    int kind = number % 5;
    struct sim_item item =
        make_steps(make_item(kinds[kind].kind, kinds[kind].type, kinds[kind].description), 1000,
                   kinds[kind].length);
    item.high = kinds[kind].high;
    item.seed = (uint32_t)number;
    item.phase_ms = number % 10 * 100; /* not all at once */
    return item;
}

static bool add_generated(void)
{
    bool is_added = true;
    for (int i = 0; i < 10000 && is_added; i++)
    {
        wchar_t id[60];
        _snwprintf(id, 60, L"Generated.Area%02d.Unit%02d.Tag%04d", i / 1000 + 1, i / 100 % 10 + 1,
                   i % 100 + 1);
        is_added = sim_device_add_item(id, make_generated(i)) != NULL;
    }
    return is_added;
}

static bool add_qualities(void)
{
    static const struct
    {
        const wchar_t *id;
        WORD quality;
    } items[] = {
        {L"Quality.Bad",           OPC_QUALITY_BAD                   },
        {L"Quality.ConfigError",   OPC_QUALITY_CONFIG_ERROR          },
        {L"Quality.NotConnected",  OPC_QUALITY_NOT_CONNECTED         },
        {L"Quality.DeviceFailure", OPC_QUALITY_DEVICE_FAILURE        },
        {L"Quality.SensorFailure", OPC_QUALITY_SENSOR_FAILURE        },
        {L"Quality.LastKnown",     OPC_QUALITY_LAST_KNOWN            },
        {L"Quality.CommFailure",   OPC_QUALITY_COMM_FAILURE          },
        {L"Quality.OutOfService",  OPC_QUALITY_OUT_OF_SERVICE        },
        {L"Quality.Uncertain",     OPC_QUALITY_UNCERTAIN             },
        {L"Quality.LastUsable",    OPC_QUALITY_LAST_USABLE           },
        {L"Quality.SensorCal",     OPC_QUALITY_SENSOR_CAL            },
        {L"Quality.EguExceeded",   OPC_QUALITY_EGU_EXCEEDED          },
        {L"Quality.SubNormal",     OPC_QUALITY_SUB_NORMAL            },
        {L"Quality.Good",          OPC_QUALITY_GOOD                  },
        {L"Quality.LocalOverride", OPC_QUALITY_LOCAL_OVERRIDE        },
        {L"Quality.GoodLow",       OPC_QUALITY_GOOD | OPC_LIMIT_LOW  },
        {L"Quality.GoodHigh",      OPC_QUALITY_GOOD | OPC_LIMIT_HIGH },
        {L"Quality.GoodConst",     OPC_QUALITY_GOOD | OPC_LIMIT_CONST},
        {L"Quality.VendorBits",    OPC_QUALITY_GOOD | VENDOR_BITS    },
    };
    bool is_added = true;
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]) && is_added; i++)
    {
        struct sim_item item = make_item(SIM_ITEM_CONSTANT, VT_I4, L"Always of the same quality");
        item.quality = items[i].quality;
        item.value = make_zero(VT_I4);
        V_I4(&item.value) = items[i].quality;
        is_added = sim_device_add_item(items[i].id, item) != NULL;
    }
    struct sim_item toggle =
        make_steps(make_item(SIM_ITEM_TOGGLING, VT_I4, L"Good and bad in turn"), 1000, 2);
    return is_added && sim_device_add_item(L"Quality.Toggle", toggle) != NULL;
}

static bool add_rights(void)
{
    struct sim_item item = make_item(SIM_ITEM_MEMORY, VT_I4, L"Can't be written");
    item.value = make_zero(VT_I4);
    bool is_added = sim_device_add_item(L"Rights.ReadOnly", item) != NULL;
    item.rights = OPC_WRITEABLE;
    item.description = L"Can't be read";
    is_added = is_added && sim_device_add_item(L"Rights.WriteOnly", item) != NULL;
    item.rights = READ_WRITE;
    item.description = L"Can be read and written";
    return is_added && sim_device_add_item(L"Rights.ReadWrite", item) != NULL;
}

/* The limits of a range are items of their own, below the item that has the range. */
static bool add_analog(const wchar_t *id, struct sim_item item, double low, double high)
{
    item.eu = SIM_EU_ANALOG;
    item.low = low;
    item.high = high;
    bool is_added = sim_device_add_item(id, item) != NULL;
    for (int i = 0; i < 2 && is_added; i++)
    {
        wchar_t limit_id[60];
        struct sim_item limit = make_item(SIM_ITEM_CONSTANT, VT_R8, L"Limit of the range");
        limit.value = make_zero(VT_R8);
        V_R8(&limit.value) = i == 0 ? low : high;
        limit.units = item.units;
        _snwprintf(limit_id, 60, L"%ls.%ls", id, i == 0 ? L"LowEU" : L"HighEU");
        is_added = sim_device_add_item(limit_id, limit) != NULL;
    }
    return is_added;
}

static bool add_analogs(void)
{
    struct sim_item wave =
        make_steps(make_item(SIM_ITEM_SINE, VT_R8, L"Level of tank 1"), 100, 600);
    wave.units = L"%";
    bool is_added = add_analog(L"Analog.Level", wave, 0, 100);
    wave.description = L"Temperature of tank 1";
    wave.units = L"degC";
    wave.length = 3000;
    is_added = is_added && add_analog(L"Analog.Temperature", wave, -20, 120);

    struct sim_item setpoint = make_item(SIM_ITEM_MEMORY, VT_R8, L"Refuses what is out of range");
    setpoint.rights = READ_WRITE;
    setpoint.units = L"%";
    setpoint.value = make_zero(VT_R8);
    is_added = is_added && add_analog(L"Analog.Setpoint", setpoint, 0, 100);
    setpoint.description = L"Clamps what is out of range";
    setpoint.is_clamped = true;
    return is_added && add_analog(L"Analog.Clamped", setpoint, 0, 100);
}

static const wchar_t *const state_names[] = {L"Stopped", L"Starting", L"Running", L"Stopping"};
#define STATE_COUNT 4

static bool add_enumerated(void)
{
    struct sim_item state =
        make_steps(make_item(SIM_ITEM_STATES, VT_I4, L"State of pump 1"), 2000, STATE_COUNT);
    state.eu = SIM_EU_ENUMERATED;
    state.high = STATE_COUNT - 1;
    struct sim_item mode = make_item(SIM_ITEM_MEMORY, VT_I4, L"Mode of pump 1");
    mode.eu = SIM_EU_ENUMERATED;
    mode.high = STATE_COUNT - 1;
    mode.rights = READ_WRITE;
    mode.value = make_zero(VT_I4);
    return sim_device_add_item(L"Enumerated.State", state) != NULL &&
           sim_device_add_item(L"Enumerated.Mode", mode) != NULL;
}

bool sim_plant_build(const struct sim_options *options)
{
    return add_counters(options) && add_memory() && add_waves(options) && add_generated() &&
           add_qualities() && add_rights() && add_analogs() && add_enumerated();
}

void sim_device_eu_info(const struct sim_item *item, VARIANT *info)
{
    VariantInit(info);
    if (item->eu == SIM_EU_ANALOG)
    {
        SAFEARRAY *range = SafeArrayCreateVector(VT_R8, 0, 2);
        if (range != NULL)
        {
            ((double *)range->pvData)[0] = item->low;
            ((double *)range->pvData)[1] = item->high;
            V_VT(info) = VT_ARRAY | VT_R8;
            V_ARRAY(info) = range;
        }
    }
    else if (item->eu == SIM_EU_ENUMERATED)
    {
        SAFEARRAY *names = SafeArrayCreateVector(VT_BSTR, 0, STATE_COUNT);
        for (int i = 0; names != NULL && i < STATE_COUNT; i++)
        {
            ((BSTR *)names->pvData)[i] = SysAllocString(state_names[i]);
        }
        if (names != NULL)
        {
            V_VT(info) = VT_ARRAY | VT_BSTR;
            V_ARRAY(info) = names;
        }
    }
}
