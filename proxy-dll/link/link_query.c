#include "link/link.h"

#include <objbase.h>
#include <opc/opcda.h>

#include "call/hresult_class.h"

/* When a machine dies within that question, the answer (Wine 8.0) is that there is none: a group
 * that lacks what each group has must be well to be believed. */
HRESULT rm_link_query_group(struct rm_link *link, IUnknown *real,
                            IUnknown *interfaces[RM_GROUP_INTERFACE_COUNT])
{
    MULTI_QI queries[RM_GROUP_INTERFACE_COUNT];
    IMultiQI *multi;
    HRESULT hr;
    int i;

    for (i = 0; i < RM_GROUP_INTERFACE_COUNT; i++)
    {
        queries[i].pIID = rm_group_interface_iid(i);
        queries[i].pItf = NULL;
        queries[i].hr = E_NOINTERFACE;
    }
    if (SUCCEEDED(IUnknown_QueryInterface(real, &IID_IMultiQI, (void **)&multi)))
    {
        IMultiQI_QueryMultipleInterfaces(multi, RM_GROUP_INTERFACE_COUNT, queries);
        IMultiQI_Release(multi);
    }
    else
    {
        for (i = 0; i < RM_GROUP_INTERFACE_COUNT; i++)
            queries[i].hr =
                IUnknown_QueryInterface(real, rm_group_interface_iid(i), (void **)&queries[i].pItf);
    }
    for (i = 0; i < RM_GROUP_INTERFACE_COUNT; i++)
        interfaces[i] = SUCCEEDED(queries[i].hr) ? queries[i].pItf : NULL;
    if (interfaces[RM_GROUP_STATE_MGT] && interfaces[RM_GROUP_ITEM_MGT] &&
        interfaces[RM_GROUP_SYNC_IO])
        return S_OK;
    hr = rm_link_ask_status(link);
    return rm_hresult_classify(hr) == RM_HRESULT_ANSWER ? S_OK : hr;
}
