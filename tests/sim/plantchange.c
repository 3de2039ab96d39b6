#include "plantchange.h"
#include "like.h"

#include <opc/opcconst.h>

static bool is_meant(const wchar_t *pattern, const wchar_t *id)
{
    return pattern[0] != L'\0' && sim_like_matches(pattern, id);
}

bool sim_plant_change(const struct sim_options *options, const wchar_t *id, struct sim_item *item)
{
    if (is_meant(options->retyped, id) && item->kind != SIM_ITEM_MEMORY)
    {
        item->type = item->type == VT_I4 ? VT_R8 : VT_I4;
    }
    if (is_meant(options->read_only, id))
    {
        item->rights &= ~(DWORD)OPC_WRITEABLE;
    }
    return !is_meant(options->left_out, id);
}
