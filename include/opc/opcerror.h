/*
 * The result codes of OPC Data Access, Complex Data and Security.
 *
 * Bit 30 is set in OPC's error codes (0xC004....), unlike in COM's own of the same facility
 * (0x8004....): never mask it off. Names with _S_ are successes that say something; pass them on as
 * they are.
 *
 * Source: OPC DA 3.00 with errata, OPC Security 1.00.
 */
#ifndef OPC_OPCERROR_H
#define OPC_OPCERROR_H

#include <windows.h>

/* Data Access 1.0 and 2.0 */
#define OPC_E_INVALIDHANDLE     ((HRESULT)0xC0040001L)
#define OPC_E_BADTYPE           ((HRESULT)0xC0040004L)
#define OPC_E_PUBLIC            ((HRESULT)0xC0040005L)
#define OPC_E_BADRIGHTS         ((HRESULT)0xC0040006L)
#define OPC_E_UNKNOWNITEMID     ((HRESULT)0xC0040007L)
#define OPC_E_INVALIDITEMID     ((HRESULT)0xC0040008L)
#define OPC_E_INVALIDFILTER     ((HRESULT)0xC0040009L)
#define OPC_E_UNKNOWNPATH       ((HRESULT)0xC004000AL)
#define OPC_E_RANGE             ((HRESULT)0xC004000BL)
#define OPC_E_DUPLICATENAME     ((HRESULT)0xC004000CL)
#define OPC_S_UNSUPPORTEDRATE   ((HRESULT)0x0004000DL)
#define OPC_S_CLAMP             ((HRESULT)0x0004000EL)
#define OPC_S_INUSE             ((HRESULT)0x0004000FL)
#define OPC_E_INVALIDCONFIGFILE ((HRESULT)0xC0040010L)
#define OPC_E_NOTFOUND          ((HRESULT)0xC0040011L)
#define OPC_E_INVALID_PID       ((HRESULT)0xC0040203L)

/* Data Access 3.0 */
#define OPC_E_DEADBANDNOTSET           ((HRESULT)0xC0040400L)
#define OPC_E_DEADBANDNOTSUPPORTED     ((HRESULT)0xC0040401L)
#define OPC_E_NOBUFFERING              ((HRESULT)0xC0040402L)
#define OPC_E_INVALIDCONTINUATIONPOINT ((HRESULT)0xC0040403L)
#define OPC_S_DATAQUEUEOVERFLOW        ((HRESULT)0x00040404L)
#define OPC_E_RATENOTSET               ((HRESULT)0xC0040405L)
#define OPC_E_NOTSUPPORTED             ((HRESULT)0xC0040406L)

/* Complex Data */
#define OPCCPX_E_TYPE_CHANGED     ((HRESULT)0xC0040407L)
#define OPCCPX_E_FILTER_DUPLICATE ((HRESULT)0xC0040408L)
#define OPCCPX_E_FILTER_INVALID   ((HRESULT)0xC0040409L)
#define OPCCPX_E_FILTER_ERROR     ((HRESULT)0xC004040AL)
#define OPCCPX_S_FILTER_NO_DATA   ((HRESULT)0x0004040BL)

/*
 * Security. The text calls the last one a success (0x00040303), header and proxy a failure: expect
 * both, make the latter.
 */
#define OPC_E_PRIVATE_ACTIVE   ((HRESULT)0xC0040301L)
#define OPC_E_LOW_IMPERS_LEVEL ((HRESULT)0xC0040302L)
#define OPC_S_LOW_AUTHN_LEVEL  ((HRESULT)0xC0040303L)

#endif
