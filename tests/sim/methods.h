/* methods.h: every call in or out of the simulated server that a fault can be put on, by name.
 *
 * The console names them INTERFACE.METHOD. Append only: the numbers are stored in the fault
 * section, which processes of another build may share.
 *
 * Ownership: none.  Threads: any.  Errors: none.
 */
#ifndef SIM_METHODS_H
#define SIM_METHODS_H

#define SIM_METHODS(X)                                                                             \
    X(IClassFactory, CreateInstance)                                                               \
    X(IUnknown, QueryInterface)                                                                    \
    X(IUnknown, Release)                                                                           \
    X(IOPCServer, AddGroup)                                                                        \
    X(IOPCServer, GetErrorString)                                                                  \
    X(IOPCServer, GetGroupByName)                                                                  \
    X(IOPCServer, GetStatus)                                                                       \
    X(IOPCServer, RemoveGroup)                                                                     \
    X(IOPCServer, CreateGroupEnumerator)                                                           \
    X(IOPCCommon, SetLocaleID)                                                                     \
    X(IOPCCommon, GetLocaleID)                                                                     \
    X(IOPCCommon, QueryAvailableLocaleIDs)                                                         \
    X(IOPCCommon, GetErrorString)                                                                  \
    X(IOPCCommon, SetClientName)                                                                   \
    X(IOPCBrowseServerAddressSpace, QueryOrganization)                                             \
    X(IOPCBrowseServerAddressSpace, ChangeBrowsePosition)                                          \
    X(IOPCBrowseServerAddressSpace, BrowseOPCItemIDs)                                              \
    X(IOPCBrowseServerAddressSpace, GetItemID)                                                     \
    X(IOPCBrowseServerAddressSpace, BrowseAccessPaths)                                             \
    X(IOPCItemProperties, QueryAvailableProperties)                                                \
    X(IOPCItemProperties, GetItemProperties)                                                       \
    X(IOPCItemProperties, LookupItemIDs)                                                           \
    X(IConnectionPointContainer, EnumConnectionPoints)                                             \
    X(IConnectionPointContainer, FindConnectionPoint)                                              \
    X(IConnectionPoint, GetConnectionInterface)                                                    \
    X(IConnectionPoint, GetConnectionPointContainer)                                               \
    X(IConnectionPoint, Advise)                                                                    \
    X(IConnectionPoint, Unadvise)                                                                  \
    X(IConnectionPoint, EnumConnections)                                                           \
    X(IOPCGroupStateMgt, GetState)                                                                 \
    X(IOPCGroupStateMgt, SetState)                                                                 \
    X(IOPCGroupStateMgt, SetName)                                                                  \
    X(IOPCGroupStateMgt, CloneGroup)                                                               \
    X(IOPCItemMgt, AddItems)                                                                       \
    X(IOPCItemMgt, ValidateItems)                                                                  \
    X(IOPCItemMgt, RemoveItems)                                                                    \
    X(IOPCItemMgt, SetActiveState)                                                                 \
    X(IOPCItemMgt, SetClientHandles)                                                               \
    X(IOPCItemMgt, SetDatatypes)                                                                   \
    X(IOPCItemMgt, CreateEnumerator)                                                               \
    X(IOPCSyncIO, Read)                                                                            \
    X(IOPCSyncIO, Write)                                                                           \
    X(IOPCAsyncIO2, Read)                                                                          \
    X(IOPCAsyncIO2, Write)                                                                         \
    X(IOPCAsyncIO2, Refresh2)                                                                      \
    X(IOPCAsyncIO2, Cancel2)                                                                       \
    X(IOPCAsyncIO2, SetEnable)                                                                     \
    X(IOPCAsyncIO2, GetEnable)                                                                     \
    X(IEnum, Next)                                                                                 \
    X(IEnum, Skip)                                                                                 \
    X(IEnum, Reset)                                                                                \
    X(IEnum, Clone)                                                                                \
    X(IOPCDataCallback, OnDataChange)                                                              \
    X(IOPCDataCallback, OnReadComplete)                                                            \
    X(IOPCDataCallback, OnWriteComplete)                                                           \
    X(IOPCDataCallback, OnCancelComplete)                                                          \
    X(IOPCShutdown, ShutdownRequest)                                                               \
    X(IOPCBrowse, GetProperties)                                                                   \
    X(IOPCBrowse, Browse)                                                                          \
    X(IOPCItemIO, Read)                                                                            \
    X(IOPCItemIO, WriteVQT)                                                                        \
    X(IOPCGroupStateMgt2, SetKeepAlive)                                                            \
    X(IOPCGroupStateMgt2, GetKeepAlive)                                                            \
    X(IOPCSyncIO2, ReadMaxAge)                                                                     \
    X(IOPCSyncIO2, WriteVQT)                                                                       \
    X(IOPCAsyncIO3, ReadMaxAge)                                                                    \
    X(IOPCAsyncIO3, WriteVQT)                                                                      \
    X(IOPCAsyncIO3, RefreshMaxAge)                                                                 \
    X(IOPCItemDeadbandMgt, SetItemDeadband)                                                        \
    X(IOPCItemDeadbandMgt, GetItemDeadband)                                                        \
    X(IOPCItemDeadbandMgt, ClearItemDeadband)                                                      \
    X(IOPCItemSamplingMgt, SetItemSamplingRate)                                                    \
    X(IOPCItemSamplingMgt, GetItemSamplingRate)                                                    \
    X(IOPCItemSamplingMgt, ClearItemSamplingRate)                                                  \
    X(IOPCItemSamplingMgt, SetItemBufferEnable)                                                    \
    X(IOPCItemSamplingMgt, GetItemBufferEnable)                                                    \
    X(IOPCServerPublicGroups, GetPublicGroupByName)                                                \
    X(IOPCServerPublicGroups, RemovePublicGroup)                                                   \
    X(IOPCPublicGroupStateMgt, GetState)                                                           \
    X(IOPCPublicGroupStateMgt, MoveToPublic)                                                       \
    X(IPersistFile, GetClassID)                                                                    \
    X(IPersistFile, IsDirty)                                                                       \
    X(IPersistFile, Load)                                                                          \
    X(IPersistFile, Save)                                                                          \
    X(IPersistFile, SaveCompleted)                                                                 \
    X(IPersistFile, GetCurFile)                                                                    \
    X(IOPCSecurityNT, IsAvailableNT)                                                               \
    X(IOPCSecurityNT, QueryMinImpersonationLevel)                                                  \
    X(IOPCSecurityNT, ChangeUser)                                                                  \
    X(IOPCSecurityPrivate, IsAvailablePriv)                                                        \
    X(IOPCSecurityPrivate, Logon)                                                                  \
    X(IOPCSecurityPrivate, Logoff)

#define SIM_METHOD_CONSTANT(interface_name, method) SIM_##interface_name##_##method,
enum sim_method
{
    SIM_METHODS(SIM_METHOD_CONSTANT) SIM_METHOD_COUNT
};
#undef SIM_METHOD_CONSTANT

/* "IOPCServer.AddGroup"; static storage. */
const char *sim_method_name(enum sim_method method);

/* SIM_METHOD_COUNT if there is none of that name (upper and lower case alike). */
enum sim_method sim_method_find(const char *name);

#endif
