/*
 * The constants of OPC Data Access that are no part of an interface definition.
 *
 * Quality words, property numbers, access rights, browse flags; and the streams in which Data
 * Access 1.0 delivers data through IDataObject and IAdviseSink.
 *
 * Source: OPC DA 1.0a, 2.05a, 3.00.
 */
#ifndef OPC_OPCCONST_H
#define OPC_OPCCONST_H

#include <windows.h>

/* ---- Quality: the low byte is QQSSSSLL, the high byte the vendor's ---- */

#define OPC_QUALITY_MASK 0xC0
#define OPC_STATUS_MASK  0xFC
#define OPC_LIMIT_MASK   0x03

#define OPC_QUALITY_BAD       0x00
#define OPC_QUALITY_UNCERTAIN 0x40
#define OPC_QUALITY_GOOD      0xC0

/* Bad, because ... */
#define OPC_QUALITY_CONFIG_ERROR             0x04
#define OPC_QUALITY_NOT_CONNECTED            0x08
#define OPC_QUALITY_DEVICE_FAILURE           0x0C
#define OPC_QUALITY_SENSOR_FAILURE           0x10
#define OPC_QUALITY_LAST_KNOWN               0x14
#define OPC_QUALITY_COMM_FAILURE             0x18
#define OPC_QUALITY_OUT_OF_SERVICE           0x1C
#define OPC_QUALITY_WAITING_FOR_INITIAL_DATA 0x20

/* Uncertain, because ... */
#define OPC_QUALITY_LAST_USABLE  0x44
#define OPC_QUALITY_SENSOR_CAL   0x50
#define OPC_QUALITY_EGU_EXCEEDED 0x54
#define OPC_QUALITY_SUB_NORMAL   0x58

/* Good, but ... */
#define OPC_QUALITY_LOCAL_OVERRIDE 0xD8

#define OPC_LIMIT_OK    0x00
#define OPC_LIMIT_LOW   0x01
#define OPC_LIMIT_HIGH  0x02
#define OPC_LIMIT_CONST 0x03

/* ---- Bits ---- */

/* Access rights: the high 16 bits are the vendor's; both bits set may also mean "not known". */
#define OPC_READABLE  0x1
#define OPC_WRITEABLE 0x2

/* OPCBROWSEELEMENT.dwFlagValue */
#define OPC_BROWSE_HASCHILDREN 0x1
#define OPC_BROWSE_ISITEM      0x2

/* ---- Item properties: those below 100 describe the item itself and have no item of their own ----
 */

#define OPC_PROPERTY_DATATYPE      1
#define OPC_PROPERTY_VALUE         2
#define OPC_PROPERTY_QUALITY       3
#define OPC_PROPERTY_TIMESTAMP     4
#define OPC_PROPERTY_ACCESS_RIGHTS 5
#define OPC_PROPERTY_SCAN_RATE     6
#define OPC_PROPERTY_EU_TYPE       7 /* 3.0 */
#define OPC_PROPERTY_EU_INFO       8 /* 3.0 */

#define OPC_PROPERTY_EU_UNITS    100
#define OPC_PROPERTY_DESCRIPTION 101
#define OPC_PROPERTY_HIGH_EU     102
#define OPC_PROPERTY_LOW_EU      103
#define OPC_PROPERTY_HIGH_IR     104
#define OPC_PROPERTY_LOW_IR      105
#define OPC_PROPERTY_CLOSE_LABEL 106
#define OPC_PROPERTY_OPEN_LABEL  107
#define OPC_PROPERTY_TIMEZONE    108

#define OPC_PROPERTY_CONDITION_STATUS   300
#define OPC_PROPERTY_ALARM_QUICK_HELP   301
#define OPC_PROPERTY_ALARM_AREA_LIST    302
#define OPC_PROPERTY_PRIMARY_ALARM_AREA 303
#define OPC_PROPERTY_CONDITION_LOGIC    304
#define OPC_PROPERTY_LIMIT_EXCEEDED     305
#define OPC_PROPERTY_DEADBAND           306
#define OPC_PROPERTY_HIHI_LIMIT         307
#define OPC_PROPERTY_HI_LIMIT           308
#define OPC_PROPERTY_LO_LIMIT           309
#define OPC_PROPERTY_LOLO_LIMIT         310
#define OPC_PROPERTY_CHANGE_RATE_LIMIT  311
#define OPC_PROPERTY_DEVIATION_LIMIT    312
#define OPC_PROPERTY_SOUND_FILE         313 /* 3.0 */

/* Complex Data */
#define OPC_PROPERTY_TYPE_SYSTEM_ID      600
#define OPC_PROPERTY_DICTIONARY_ID       601
#define OPC_PROPERTY_TYPE_ID             602
#define OPC_PROPERTY_DICTIONARY          603
#define OPC_PROPERTY_TYPE_DESCRIPTION    604
#define OPC_PROPERTY_CONSISTENCY_WINDOW  605
#define OPC_PROPERTY_WRITE_BEHAVIOR      606
#define OPC_PROPERTY_UNCONVERTED_ITEM_ID 607
#define OPC_PROPERTY_UNFILTERED_ITEM_ID  608
#define OPC_PROPERTY_DATA_FILTER_VALUE   609

#define OPC_PROPERTY_VENDOR_FIRST 5000

/* ---- Streams of Data Access 1.0, raw bytes in an HGLOBAL without any padding ---- */

/* The clipboard formats' names: their numbers differ from session to session. */
#define OPC_STREAM_DATA           L"OPCSTMFORMATDATA"
#define OPC_STREAM_DATA_TIME      L"OPCSTMFORMATDATATIME"
#define OPC_STREAM_WRITE_COMPLETE L"OPCSTMFORMATWRITECOMPLETE"

/* Head of both data formats; one item header per item follows, then the values. */
typedef struct tagOPCGROUPHEADER
{
    DWORD dwSize; /* of the whole stream in bytes */
    DWORD dwItemCount;
    DWORD hClientGroup;
    DWORD dwTransactionID; /* 0: subscription */
    HRESULT hrStatus;
} OPCGROUPHEADER;

/* OPC_STREAM_DATA_TIME */
typedef struct tagOPCITEMHEADER1
{
    DWORD hClient;
    DWORD dwValueOffset; /* from the start of the stream */
    WORD wQuality;
    WORD wReserved;
    FILETIME ftTimeStampItem;
} OPCITEMHEADER1;

/* OPC_STREAM_DATA */
typedef struct tagOPCITEMHEADER2
{
    DWORD hClient;
    DWORD dwValueOffset;
    WORD wQuality;
    WORD wReserved;
} OPCITEMHEADER2;

/* OPC_STREAM_WRITE_COMPLETE: the only head without a size. */
typedef struct tagOPCGROUPHEADERWRITE
{
    DWORD dwItemCount;
    DWORD hClientGroup;
    DWORD dwTransactionID;
    HRESULT hrStatus;
} OPCGROUPHEADERWRITE;

typedef struct tagOPCITEMHEADERWRITE
{
    DWORD hClient;
    HRESULT dwError;
} OPCITEMHEADERWRITE;

#endif
