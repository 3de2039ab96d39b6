#include "clock.h"
#include "device.h"
#include "difficulty.h"

#include <opc/opcconst.h>

#include <string.h>

#define LONG_NAME 200

static struct sim_item make_number(const wchar_t *description)
{
    struct sim_item item = {.kind = SIM_ITEM_MEMORY,
                            .type = VT_I4,
                            .quality = OPC_QUALITY_GOOD,
                            .rights = OPC_READABLE | OPC_WRITEABLE,
                            .units = L"",
                            .description = description,
                            .written_ms = sim_clock_now()};
    V_VT(&item.value) = VT_I4;
    V_I4(&item.value) = 0;
    return item;
}

/* German, Russian, Japanese, letters and a sign outside the basic plane, spaces, a long name. */
static bool add_unicode(void)
{
    static const wchar_t *const ids[] = {
        L"\u00DCberwachung.K\u00FChlgr\u00F6\u00DFe",
        L"\u041D\u0430\u0441\u043E\u0441.\u0414\u0430\u0432\u043B\u0435\u043D\u0438\u0435",
        L"\u6E29\u5EA6.\u5024",
        L"\U0001D518\U0001D52B\U0001D526.\U0001F321",
        L"With Space.Motor 1 \u2013 running",
    };
    bool is_added = true;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]) && is_added; i++)
    {
        is_added = sim_device_add_item(ids[i], make_number(L"Keeps what is written")) != NULL;
    }
    wchar_t long_id[2 * LONG_NAME + 8] = L"Long.";
    size_t start = wcslen(long_id);
    for (size_t i = 0; i < LONG_NAME; i++)
    {
        long_id[start + i] = (wchar_t)(L'a' + i % 26);
        long_id[start + LONG_NAME + 1 + i] = (wchar_t)(L'\u0430' + i % 26);
    }
    long_id[start + LONG_NAME] = L'.';
    long_id[start + 2 * LONG_NAME + 1] = L'\0';
    return is_added && sim_device_add_item(long_id, make_number(L"Of a long name")) != NULL;
}

static bool add_vendor(void)
{
    static const struct
    {
        const wchar_t *id;
        HRESULT add_code;
        HRESULT read_code;
        HRESULT write_code;
    } items[] = {
        {L"Vendor.AddNote",    SIM_VENDOR_S_ADD, 0,                 0                 },
        {L"Vendor.AddRefused", SIM_VENDOR_E_ADD, 0,                 0                 },
        {L"Vendor.ReadNote",   0,                SIM_VENDOR_S_READ, 0                 },
        {L"Vendor.ReadFails",  0,                SIM_VENDOR_E_READ, 0                 },
        {L"Vendor.WriteNote",  0,                0,                 SIM_VENDOR_S_WRITE},
        {L"Vendor.WriteFails", 0,                0,                 SIM_VENDOR_E_WRITE},
    };
    bool is_added = true;
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]) && is_added; i++)
    {
        struct sim_item item = make_number(L"Answers with the vendor's codes");
        item.add_code = items[i].add_code;
        item.read_code = items[i].read_code;
        item.write_code = items[i].write_code;
        is_added = sim_device_add_item(items[i].id, item) != NULL;
    }
    return is_added;
}

bool sim_plant_build_difficult(const struct sim_options *options)
{
    return (!options->has_unicode || add_unicode()) && (!options->has_vendor_codes || add_vendor());
}
