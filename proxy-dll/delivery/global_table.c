#include "delivery/global_table.h"

#include <objbase.h>

IGlobalInterfaceTable *rm_global_table(void)
{
    IGlobalInterfaceTable *table;

    if (FAILED(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                &IID_IGlobalInterfaceTable, (void **)&table)))
        return NULL;
    return table;
}
