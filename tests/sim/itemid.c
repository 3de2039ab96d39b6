#include "itemid.h"
#include "itemfault.h"

#include <opc/opcerror.h>

bool sim_item_id_is_valid(const wchar_t *id)
{
    size_t length = id != NULL ? wcslen(id) : 0;
    return length > 0 && id[0] != L'.' && id[length - 1] != L'.' && wcsstr(id, L"..") == NULL;
}

HRESULT sim_item_id_find(const wchar_t *id, const struct sim_item **item)
{
    *item = NULL;
    if (!sim_item_id_is_valid(id))
    {
        return OPC_E_INVALIDITEMID;
    }
    const struct sim_node *node = sim_device_find(id);
    if (node == NULL || node->item == NULL || sim_item_faults_is_refused(node->id))
    {
        return OPC_E_UNKNOWNITEMID;
    }
    *item = node->item;
    return S_OK;
}
