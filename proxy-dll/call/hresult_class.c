#include "call/hresult_class.h"

#include <limits.h>

/* Codes that mean "the transport is gone". Everything else is the server's own answer, RPC codes
 * about one call's data (bad stub data, no memory for it) included. */
static const struct
{
    HRESULT hr;
    enum rm_hresult_class hresult_class;
} lost_codes[] = {
    {(HRESULT)0x80010007L, RM_HRESULT_LOST_UNKNOWN}, /* RPC_E_SERVER_DIED */
    {(HRESULT)0x80010012L, RM_HRESULT_LOST_NOT_RUN}, /* RPC_E_SERVER_DIED_DNE */
    {(HRESULT)0x80010100L, RM_HRESULT_LOST_UNKNOWN}, /* RPC_E_SYS_CALL_FAILED */
    {(HRESULT)0x80010108L, RM_HRESULT_LOST_NOT_RUN}, /* RPC_E_DISCONNECTED */
    {(HRESULT)0x80010114L, RM_HRESULT_LOST_NOT_RUN}, /* RPC_E_INVALID_OBJECT */
    {(HRESULT)0x8001011FL, RM_HRESULT_LOST_UNKNOWN}, /* RPC_E_TIMEOUT */
    {(HRESULT)0x800401FDL, RM_HRESULT_LOST_NOT_RUN}, /* CO_E_OBJNOTCONNECTED */
    {(HRESULT)0x800706BAL, RM_HRESULT_LOST_NOT_RUN}, /* RPC_S_SERVER_UNAVAILABLE */
    {(HRESULT)0x800706BEL, RM_HRESULT_LOST_UNKNOWN}, /* RPC_S_CALL_FAILED */
    {(HRESULT)0x800706BFL, RM_HRESULT_LOST_NOT_RUN}, /* RPC_S_CALL_FAILED_DNE */
    {(HRESULT)0x800706C0L, RM_HRESULT_LOST_UNKNOWN}, /* RPC_S_PROTOCOL_ERROR */
    {(HRESULT)0x8007071AL, RM_HRESULT_LOST_UNKNOWN}, /* RPC_S_CALL_CANCELLED */
};

enum rm_hresult_class rm_hresult_classify(HRESULT hr)
{
    size_t i;

    if (SUCCEEDED(hr))
        return RM_HRESULT_ANSWER;
    for (i = 0; i < sizeof(lost_codes) / sizeof(lost_codes[0]); i++)
    {
        if (lost_codes[i].hr == hr)
            return lost_codes[i].hresult_class;
    }
    return RM_HRESULT_ANSWER;
}

bool rm_is_enum(int value)
{
    return value >= 0 && value <= SHRT_MAX;
}

bool rm_hresult_is_object_gone(HRESULT hr)
{
    return hr == RPC_E_DISCONNECTED || hr == (HRESULT)0x80010114L /* RPC_E_INVALID_OBJECT */ ||
           hr == CO_E_OBJNOTCONNECTED;
}

/* Ranges of codes with which an activation fails before the server's class object is asked. */
static const struct
{
    DWORD first, last;
} system_codes[] = {
    {0x80004002, 0x80004002}, /* E_NOINTERFACE: without a proxy, or gone before it could answer */
    {0x80004015, 0x80004034}, /* CO_E_CLASS_CREATE_FAILED, CO_E_SERVER_EXEC_FAILURE's kin */
    {0x80010000, 0x8001FFFF}, /* RPC_E_*, CO_E_* of RPC */
    {0x80040150, 0x8004015F}, /* REGDB_E_* */
    {0x800401E0, 0x800401FF}, /* MK_E_*, CO_E_* */
    {0x80070000, 0x8007000D}, /* Windows; 0x8007000E is E_OUTOFMEMORY, which servers say as well */
    {0x8007000F, 0x8007FFFF},
    {0x80080000, 0x8008FFFF}, /* CO_E_SERVER_EXEC_FAILURE .. */
};

bool rm_hresult_is_refusal(HRESULT hr)
{
    size_t i;

    for (i = 0; i < sizeof(system_codes) / sizeof(system_codes[0]); i++)
    {
        if ((DWORD)hr >= system_codes[i].first && (DWORD)hr <= system_codes[i].last)
            return false;
    }
    return FAILED(hr);
}
