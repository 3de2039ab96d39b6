#include "errortext.h"
#include "difficulty.h"
#include "module.h"
#include "text.h"

#include <opc/opcerror.h>

#include <olectl.h>

struct text
{
    HRESULT code;
    const wchar_t *text;
};

static const struct text texts[] = {
    {S_OK,                    L"The operation succeeded."                                          },
    {S_FALSE,                 L"The operation succeeded for some of the items only."               },
    {E_FAIL,                  L"The operation failed."                                             },
    {E_INVALIDARG,            L"An argument is not valid."                                         },
    {OPC_E_INVALIDHANDLE,     L"The handle is not valid."                                          },
    {OPC_E_BADTYPE,           L"The item's value can't be converted to or from the requested type."},
    {OPC_E_PUBLIC,            L"This can't be done with a public group."                           },
    {OPC_E_BADRIGHTS,         L"The item's access rights don't allow this."                        },
    {OPC_E_UNKNOWNITEMID,     L"There is no such item in the address space."                       },
    {OPC_E_INVALIDITEMID,     L"The item ID breaks the server's syntax."                           },
    {OPC_E_INVALIDFILTER,     L"The filter is not valid."                                          },
    {OPC_E_UNKNOWNPATH,       L"The server doesn't know the access path."                          },
    {OPC_E_RANGE,             L"The value is out of range."                                        },
    {OPC_E_DUPLICATENAME,     L"There is a group of that name already."                            },
    {OPC_S_UNSUPPORTEDRATE,   L"The requested rate isn't supported; the nearest one is used."      },
    {OPC_S_CLAMP,             L"The value was out of range and has been clamped."                  },
    {OPC_S_INUSE,             L"The group is still referenced; it goes with its last reference."   },
    {OPC_E_INVALIDCONFIGFILE, L"The format of the configuration file is not valid."                },
    {OPC_E_NOTFOUND,          L"The object was not found."                                         },
    {OPC_E_INVALID_PID,       L"The item has no such property."                                    },
    {CONNECT_E_NOCONNECTION,  L"There is no such connection."                                      },
    {CONNECT_E_ADVISELIMIT,   L"No more connections or transactions are possible."                 },
    {CONNECT_E_CANNOTCONNECT, L"The sink lacks the interface of the connection point."             },
};

/* What only a server of 3.0 or with --security knows of. */
static const struct text texts_beyond[] = {
    {OPC_E_DEADBANDNOTSET,           L"The item has no deadband of its own."                               },
    {OPC_E_DEADBANDNOTSUPPORTED,     L"The item can't have a deadband."                                    },
    {OPC_E_NOBUFFERING,              L"The server doesn't buffer."                                         },
    {OPC_E_INVALIDCONTINUATIONPOINT, L"The continuation point is not valid."                               },
    {OPC_S_DATAQUEUEOVERFLOW,        L"The buffer was full: the oldest samples are lost."                  },
    {OPC_E_RATENOTSET,               L"The item has no sampling rate of its own."                          },
    {OPC_E_NOTSUPPORTED,             L"This combination of value, quality and time stamp can't be written."},
    {OPC_E_PRIVATE_ACTIVE,           L"A private user is logged on."                                       },
    {OPC_E_LOW_IMPERS_LEVEL,         L"The impersonation level is too low."                                },
};

static HRESULT system_text(HRESULT error, wchar_t **text)
{
    wchar_t buffer[512];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                  (DWORD)error, 0, buffer, 512, NULL);
    if (length == 0 && HRESULT_FACILITY(error) == FACILITY_WIN32)
    {
        length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                (DWORD)HRESULT_CODE(error), 0, buffer, 512, NULL);
    }
    while (length > 0 && buffer[length - 1] <= L' ')
    {
        length--;
    }
    buffer[length] = L'\0';
    if (length == 0)
    {
        return E_INVALIDARG;
    }
    *text = sim_text_task_copy(buffer);
    return *text != NULL ? S_OK : E_OUTOFMEMORY;
}

static const wchar_t *find(const struct text *list, size_t count, HRESULT error)
{
    for (size_t i = 0; i < count; i++)
    {
        if (list[i].code == error)
        {
            return list[i].text;
        }
    }
    return NULL;
}

HRESULT sim_error_text(HRESULT error, wchar_t **text)
{
    const struct sim_options *options = sim_module_options();
    *text = NULL;
    const wchar_t *own = sim_difficulty_error_text(error);
    if (own == NULL)
    {
        own = find(texts, sizeof(texts) / sizeof(texts[0]), error);
    }
    if (own == NULL && (options->da != SIM_DA_2 || options->has_security))
    {
        own = find(texts_beyond, sizeof(texts_beyond) / sizeof(texts_beyond[0]), error);
    }
    if (own == NULL)
    {
        return system_text(error, text);
    }
    *text = sim_text_task_copy(own);
    return *text != NULL ? S_OK : E_OUTOFMEMORY;
}
