#include "difficulty.h"
#include "like.h"
#include "module.h"
#include "optiontable.h"

#include <objbase.h>
#include <opc/opcerror.h>

#define ODD_STEP_MS 70
#define ODD_MAX_MS  86400000
#define REMAINS     4711

const struct option sim_difficult_options[] = {
    {L"apartment",       OPTION_APARTMENT, AT(is_sta),           0, 0,
     "KIND      sta: all objects live on one thread, a long call holds up all\n"
     "                       others; mta: each call has a thread (default)"              },
    {L"odd-rates",       OPTION_FLAG,      AT(has_odd_rates),    1, 0,
     "          update rates are revised to odd multiples of 70 ms, 0 to 350"            },
    {L"max-groups",      OPTION_NUMBER,    AT(max_groups),       0, 100000,
     "N         groups that a client may have; 0: any number (default)"                  },
    {L"max-clients",     OPTION_NUMBER,    AT(max_clients),      0, 100,
     "N         clients that the machine lets in; more get CLASS_E_NOTLICENSED"          },
    {L"refuse-items",    OPTION_TEXT,      AT(refused_items),    0, SIM_PATTERN_MAX,
     "PATTERN   item IDs that are unknown, for example Memory.*"                         },
    {L"max-add",         OPTION_NUMBER,    AT(max_add),          0, 1000000,
     "N         items of one AddItems; more are E_INVALIDARG as a whole (0: any)"        },
    {L"without",         OPTION_TEXT,      AT(left_out),         0, SIM_PATTERN_MAX,
     "PATTERN   items that this machine hasn't got"                                      },
    {L"retype",          OPTION_TEXT,      AT(retyped),          0, SIM_PATTERN_MAX,
     "PATTERN   items that are I4 here, or R8 if they are I4 elsewhere"                  },
    {L"read-only",       OPTION_TEXT,      AT(read_only),        0, SIM_PATTERN_MAX,
     "PATTERN   items that can't be written here"                                        },
    {L"taken-names",     OPTION_TEXT,      AT(taken_names),      0, SIM_PATTERN_MAX,
     "PATTERN   names of groups that another client of the server has"                   },
    {L"slow-add",        OPTION_NUMBER,    AT(slow_add_ms),      0, 60000,
     "MS        how long AddItems takes for each item (0)"                               },
    {L"batch",           OPTION_NUMBER,    AT(batch),            0, 100000,
     "N         items per OnDataChange of a subscription; 0: all (default)"              },
    {L"early-callbacks", OPTION_FLAG,      AT(is_early),         1, 0,
     "          the callback of a Read, Write or Refresh2 comes before that call\n"
     "                       returns"                                                    },
    {L"vendor-codes",    OPTION_FLAG,      AT(has_vendor_codes), 1, 0,
     "          the vendor's own codes: items Vendor.*, SetState, AddGroup"              },
    {L"objects",         OPTION_FLAG,      AT(has_objects),      1, 0,
     "          items whose values are objects of the server, Objects.*"                 },
    {L"unicode",         OPTION_FLAG,      AT(has_unicode),      1, 0,
     "          branches and items with names in many scripts, spaces, long ones"        },
    {L"high-handles",    OPTION_FLAG,      AT(has_high_handles), 1, 0,
     "          handles of groups and items have their highest bits set"                 },
    {L"forgetful",       OPTION_FLAG,      AT(is_forgetful),     1, 0,
     "          a group that is activated does not know its items any more"              },
    {L"no-inactive",     OPTION_FLAG,      AT(has_no_inactive),  1, 0,
     "          a group can't be inactive: E_INVALIDARG"                                 },
    {L"other-dialect",   OPTION_FLAG,      AT(is_other_dialect), 1, 0,
     "          answers otherwise where the specifications disagree"                     },
    {L"not-ready",       OPTION_NUMBER,    AT(not_ready_s),      0, 86400,
     "S         so long after its start: NOCONFIG, all items bad (0)"                    },
    {NULL,               OPTION_FLAG,      0,                    0, 0,               NULL},
};

static const struct
{
    HRESULT code;
    const wchar_t *text;
} texts[] = {
    {SIM_VENDOR_S_ADD,    L"RMSim: the item was added; it is simulated only."      },
    {SIM_VENDOR_E_ADD,    L"RMSim: the item's device is not configured."           },
    {SIM_VENDOR_S_READ,   L"RMSim: the value is the last one that the device sent."},
    {SIM_VENDOR_E_READ,   L"RMSim: the device did not answer the read request."    },
    {SIM_VENDOR_S_WRITE,  L"RMSim: the value is on its way, but not confirmed."    },
    {SIM_VENDOR_E_WRITE,  L"RMSim: the device has refused the value."              },
    {SIM_VENDOR_S_STATE,  L"RMSim: the state takes effect with the next scan."     },
    {SIM_VENDOR_E_STATE,  L"RMSim: this deadband would hide everything."           },
    {SIM_VENDOR_E_GROUPS, L"RMSim: the licence allows no more groups."             },
};

DWORD sim_difficulty_revise_rate(DWORD requested_ms)
{
    if (requested_ms == 0)
    {
        return 5 * ODD_STEP_MS; /* not the fastest one, as one could expect */
    }
    DWORD bounded = requested_ms < ODD_MAX_MS ? requested_ms : ODD_MAX_MS;
    DWORD multiple = (bounded + ODD_STEP_MS - 1) / ODD_STEP_MS;
    return (multiple | 1) * ODD_STEP_MS;
}

bool sim_difficulty_is_other_dialect(void)
{
    return sim_module_options()->is_other_dialect;
}

HRESULT sim_difficulty_check_deadband(const FLOAT *deadband)
{
    if (deadband == NULL)
    {
        return S_OK;
    }
    if (!(*deadband >= 0 && *deadband <= 100))
    {
        return E_INVALIDARG;
    }
    if (!sim_difficulty_is_other_dialect() || !(*deadband > 0))
    {
        return S_OK;
    }
    return sim_module_options()->da == SIM_DA_2 ? E_INVALIDARG : OPC_E_DEADBANDNOTSUPPORTED;
}

DWORD sim_difficulty_remains(void)
{
    return sim_difficulty_is_other_dialect() ? REMAINS : 0;
}

HRESULT sim_difficulty_finish_vqt(HRESULT overall, DWORD count, HRESULT **errors)
{
    bool is_refused = false;
    for (DWORD i = 0; i < count && sim_difficulty_is_other_dialect(); i++)
    {
        is_refused = is_refused || (*errors)[i] == OPC_E_NOTSUPPORTED;
    }
    if (!is_refused)
    {
        return overall;
    }
    CoTaskMemFree(*errors);
    *errors = NULL;
    return OPC_E_NOTSUPPORTED;
}

HRESULT sim_difficulty_group_limit(void)
{
    return sim_module_options()->has_vendor_codes ? SIM_VENDOR_E_GROUPS : E_OUTOFMEMORY;
}

const wchar_t *sim_difficulty_error_text(HRESULT error)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    {
        if (texts[i].code == error)
        {
            return sim_module_options()->has_vendor_codes ? texts[i].text : NULL;
        }
    }
    return NULL;
}

HRESULT sim_difficulty_check_activity(bool is_active)
{
    return is_active || !sim_module_options()->has_no_inactive ? S_OK : E_INVALIDARG;
}

bool sim_difficulty_is_too_much(DWORD item_count)
{
    int64_t most = sim_module_options()->max_add;
    return most != 0 && item_count > most;
}

bool sim_difficulty_is_name_taken(const wchar_t *name)
{
    const wchar_t *pattern = sim_module_options()->taken_names;
    return pattern[0] != L'\0' && sim_like_matches(pattern, name);
}

void sim_difficulty_slow_add(DWORD item_count)
{
    uint64_t total_ms = (uint64_t)sim_module_options()->slow_add_ms * item_count;
    if (total_ms > 0)
    {
        Sleep(total_ms < INFINITE ? (DWORD)total_ms : INFINITE - 1);
    }
}
