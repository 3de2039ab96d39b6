#include "methods.h"

#include <objidl.h>
#include <ocidl.h>
#include <opc/opccomn.h>
#include <opc/opcda.h>
#include <opc/opcsec.h>
#include <string.h>

#define ROW(name)                                                                                  \
    {                                                                                              \
#name, &IID_I##name                                                                        \
    }

/* Nobody has it. */
static const IID odd_iid = {
    0x12345678, 0x9ABC, 0x4DEF, {0x81, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF}
};

static const struct
{
    const char *name;
    const IID *iid;
} rows[] = {
    ROW(Unknown),
    ROW(Dispatch),
    ROW(OPCServer),
    ROW(OPCServerPublicGroups),
    ROW(OPCBrowseServerAddressSpace),
    ROW(OPCItemProperties),
    ROW(OPCBrowse),
    ROW(OPCItemIO),
    ROW(OPCCommon),
    ROW(OPCShutdown),
    ROW(OPCSecurityNT),
    ROW(OPCSecurityPrivate),
    ROW(PersistFile),
    ROW(OPCGroupStateMgt),
    ROW(OPCGroupStateMgt2),
    ROW(OPCPublicGroupStateMgt),
    ROW(OPCItemMgt),
    ROW(OPCSyncIO),
    ROW(OPCSyncIO2),
    ROW(OPCAsyncIO),
    ROW(OPCAsyncIO2),
    ROW(OPCAsyncIO3),
    ROW(OPCItemDeadbandMgt),
    ROW(OPCItemSamplingMgt),
    ROW(OPCDataCallback),
    ROW(DataObject),
    ROW(AdviseSink),
    ROW(EnumOPCItemAttributes),
    ROW(EnumString),
    ROW(EnumUnknown),
    ROW(ConnectionPointContainer),
    ROW(ConnectionPoint),
    ROW(EnumConnectionPoints),
    ROW(EnumConnections),
    {"odd",  &odd_iid  },
    {"zero", &GUID_NULL},
};

const IID *methods_iid(const char *name)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        if (strcmp(rows[i].name, name) == 0)
        {
            return rows[i].iid;
        }
    }
    return NULL;
}
