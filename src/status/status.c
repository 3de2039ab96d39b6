/* status.c: the outcomes of the core in words. */
#include <rm/status.h>

#include <assert.h>

const char *rm_status_text(enum rm_status status)
{
    switch (status)
    {
    case RM_OK: return "done";
    case RM_E_INVALID: return "not valid";
    case RM_E_NOT_FOUND: return "not found";
    case RM_E_EXISTS: return "there already";
    case RM_E_TOO_LARGE: return "too large";
    case RM_E_NO_MEMORY: return "out of memory";
    case RM_E_IO: return "reading or writing failed";
    case RM_E_VERSION: return "written by a newer version of RedundancyMaster";
    case RM_STATUS_COUNT: break;
    }
    assert(!"a status of no meaning");
    return "unknown status";
}
