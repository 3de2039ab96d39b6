/* names.c: what events are called where they are stored. A name is never changed or used again. */
#include <rm/event.h>

#include <assert.h>
#include <string.h>

static const char *const names[RM_EVENT_COUNT] = {
    [RM_EVENT_CONNECTED] = "connected",
    [RM_EVENT_DISCONNECTED] = "disconnected",
    [RM_EVENT_CONNECT_FAILED] = "connectFailed",
    [RM_EVENT_PROMOTED] = "promoted",
    [RM_EVENT_SHUTDOWN_RECEIVED] = "shutdownReceived",
    [RM_EVENT_STATUS_LOST] = "statusLost",
    [RM_EVENT_ALL_LOST] = "allLost",
    [RM_EVENT_NO_BETTER_MACHINE] = "noBetterMachine",
    [RM_EVENT_ITEM_REFUSED] = "itemRefused",
    [RM_EVENT_WRITE_UNKNOWN] = "writeUnknown",
    [RM_EVENT_INTEGRITY_REFUSED] = "integrityRefused",
    [RM_EVENT_INTERFACE_UNKNOWN] = "interfaceUnknown",
    [RM_EVENT_INTERFACE_MISSING] = "interfaceMissing",
    [RM_EVENT_GROUP_REFUSED] = "groupRefused",
    [RM_EVENT_WORKERS_ABANDONED] = "workersAbandoned",
    [RM_EVENT_STANDBY_REFUSED] = "standbyRefused",
    [RM_EVENT_LOGON_REFUSED] = "logonRefused",
    [RM_EVENT_NETWORK_LOST] = "networkLost",
    [RM_EVENT_CALLBACKS_SILENT] = "callbacksSilent",
    [RM_EVENT_NOT_RUNNING] = "notRunning",
    [RM_EVENT_FLAPPING] = "flapping",
    [RM_EVENT_MAINTENANCE_BEGUN] = "maintenanceBegun",
    [RM_EVENT_MAINTENANCE_ENDED] = "maintenanceEnded",
    [RM_EVENT_SWITCH_REFUSED] = "switchRefused",
    [RM_EVENT_LINK_SPLIT] = "linkSplit",
    [RM_EVENT_ACKNOWLEDGE_DUE] = "acknowledgeDue",
    [RM_EVENT_ACKNOWLEDGED] = "acknowledged",
    [RM_EVENT_STARVED] = "starved",
    [RM_EVENT_NO_SWITCH] = "noSwitch",
    [RM_EVENT_COMMANDED] = "commanded",
    [RM_EVENT_BLACKBOX_FAILED] = "blackboxFailed",
    [RM_EVENT_BUFFER_OVERFLOW] = "bufferOverflow",
    [RM_EVENT_ITEM_DIFFERS] = "itemDiffers",
    [RM_EVENT_ITEM_BAD] = "itemBad",
    [RM_EVENT_MORE_DIFFERENCES] = "moreDifferences",
    [RM_EVENT_ITEMS_FORGOTTEN] = "itemsForgotten",
    [RM_EVENT_STAYS_ACTIVE] = "staysActive",
    [RM_EVENT_STATUS_REFUSED] = "statusRefused",
    [RM_EVENT_EVENTS_LOST] = "eventsLost",
    [RM_EVENT_SETTINGS_CHANGED] = "settingsChanged",
    [RM_EVENT_SETTINGS_UNUSABLE] = "settingsUnusable",
    [RM_EVENT_MACHINES_CHANGED] = "machinesChanged",
    [RM_EVENT_MONITOR_ERROR] = "monitorError",
    [RM_EVENT_MONITOR_PASSED] = "monitorPassed",
    [RM_EVENT_MONITOR_ITEM_REFUSED] = "monitorItemRefused",
    [RM_EVENT_MONITOR_ITEM_ARRAY] = "monitorItemArray",
    [RM_EVENT_MONITOR_BLIND] = "monitorBlind",
    [RM_EVENT_AGREED] = "agreed",
    [RM_EVENT_REMOVED_SERVES] = "removedServes",
    [RM_EVENT_SETTINGS_BROKEN] = "settingsBroken",
    [RM_EVENT_SETTINGS_MENDED] = "settingsMended",
    [RM_EVENT_SERVICE_LEFT] = "serviceLeft",
    [RM_EVENT_WINDOWS_SERVICE_STARTED] = "winServiceStarted",
    [RM_EVENT_WINDOWS_SERVICE_FAILED] = "winServiceFailed",
};

const char *rm_event_name(enum rm_event_id id)
{
    assert((unsigned)id < RM_EVENT_COUNT);
    return names[id];
}

enum rm_event_id rm_event_find(const char *name)
{
    int id = 0;

    while (id < RM_EVENT_COUNT && strcmp(names[id], name) != 0)
    {
        id++;
    }
    return (enum rm_event_id)id;
}
