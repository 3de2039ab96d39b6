#include "options.h"
#include "optiontable.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define DAY_MS INT64_C(86400000)

static const struct option table[] = {
    {L"name",             OPTION_NAME,   AT(name),                 0,             0,            "NAME      which machine this is (/regserver sets it)"  },
    {L"plant",            OPTION_NAME,   AT(plant),                0,             0,
     "NAME      machines of one plant keep what is written to any of them"                                                                              },
    {L"single",           OPTION_FLAG,   AT(is_single),            1,             0,
     "          a process for each activation (default)"                                                                                                },
    {L"multiple",         OPTION_FLAG,   AT(is_single),            0,             0,            "          one process for all activations"             },
    {L"counters",         OPTION_NUMBER, AT(counters),             0,             1000000,
     "N         counters of each type (1000)"                                                                                                           },
    {L"period",           OPTION_NUMBER, AT(period_ms),            10,            DAY_MS,       "MS        period of the counters (100)"                },
    {L"phase",            OPTION_NUMBER, AT(phase_ms),             -DAY_MS,       DAY_MS,
     "MS        the counters change that much later (0)"                                                                                                },
    {L"skew",             OPTION_NUMBER, AT(skew_ms),              -366 * DAY_MS, 366 * DAY_MS,
     "MS        the machine's clock is that much ahead (0)"                                                                                             },
    {L"stamp",            OPTION_STAMP,  AT(stamp),                0,             0,
     "KIND      time stamps: tick = when the value was due (default),\n"
     "                       send = when it was sampled, device = as tick, in whole seconds"                                                            },
    {L"da",               OPTION_DA,     AT(da),                   0,             0,
     "2|3|3only  OPC Data Access 2.05a (default); 3.0 as well; 3.0 without\n"
     "                       what it has replaced"                                                                                                      },
    {L"required-only",    OPTION_FLAG,   AT(has_required_only),    1,             0,
     "    without the interfaces that are optional: IOPCItemSamplingMgt;\n"
     "                       IOPCBrowseServerAddressSpace (of 2.05a)"                                                                                   },
    {L"enum-connections", OPTION_FLAG,   AT(has_enum_connections), 1,             0,
     " IConnectionPoint::EnumConnections; else it is E_NOTIMPL"                                                                                         },
    {L"public-groups",    OPTION_FLAG,   AT(has_public_groups),    1,             0,
     "        IOPCServerPublicGroups, IOPCPublicGroupStateMgt"                                                                                          },
    {L"persist",          OPTION_FLAG,   AT(has_persist),          1,             0,
     "          IPersistFile: the client's name in a file"                                                                                              },
    {L"security",         OPTION_FLAG,   AT(has_security),         1,             0,
     "          IOPCSecurityNT, IOPCSecurityPrivate: user operator, password plant"                                                                     },
    {L"seed",             OPTION_NUMBER, AT(seed),                 0,             INT32_MAX,    "N         seed of the random walks (1)"                },
    {L"async-delay",      OPTION_NUMBER, AT(async_delay_ms),       0,             DAY_MS,
     "MS        how long asynchronous transactions take (0)"                                                                                            },
    {L"eager",            OPTION_FLAG,   AT(is_eager),             1,             0,
     "          active groups send tick after tick, without a pause"                                                                                    },
    {L"journal",          OPTION_PATH,   AT(journal),              0,             0,
     "DIR|FILE  journal all deliveries and writes: DIR\\NAME-PID.journal or\n"
     "                       FILE.PID; read it with: rmsim /journal FILE"                                                                               },
    {L"log",              OPTION_PATH,   AT(log),                  0,             0,            "FILE      append a line for each start, stop and fault"},
    {L"Embedding",        OPTION_FLAG,   AT(is_embedded),          1,             0,            NULL                                                    },
};

static const wchar_t *const apartment_words[] = {L"mta", L"sta"};
static const wchar_t *const stamp_words[] = {L"tick", L"send", L"device"};
static const wchar_t *const da_words[] = {L"2", L"3", L"3only"};

#define TABLE_COUNT (sizeof(table) / sizeof(table[0]))

bool sim_options_is_name(const wchar_t *name)
{
    size_t length = wcslen(name);
    if (length == 0 || length > SIM_NAME_MAX)
    {
        return false;
    }
    for (const wchar_t *c = name; *c != L'\0'; c++)
    {
        bool is_letter = (*c >= L'A' && *c <= L'Z') || (*c >= L'a' && *c <= L'z');
        if (!is_letter && !(*c >= L'0' && *c <= L'9') && *c != L'_')
        {
            return false;
        }
    }
    return true;
}

static const struct option *find_option(const wchar_t *argument)
{
    if (argument[0] != L'-' && argument[0] != L'/')
    {
        return NULL;
    }
    const wchar_t *word = argument + (wcsncmp(argument, L"--", 2) == 0 ? 2 : 1);
    for (size_t i = 0; i < TABLE_COUNT; i++)
    {
        if (_wcsicmp(word, table[i].word) == 0)
        {
            return &table[i];
        }
    }
    for (const struct option *option = sim_difficult_options; option->word != NULL; option++)
    {
        if (_wcsicmp(word, option->word) == 0)
        {
            return option;
        }
    }
    return NULL;
}

static bool store_number(const struct option *option, const wchar_t *value, void *target)
{
    wchar_t *end = NULL;
    int64_t number = _wcstoi64(value, &end, 10);
    if (end == value || *end != L'\0' || number < option->min || number > option->max)
    {
        sim_text_error("--%ls takes a number from %lld to %lld", option->word,
                       (long long)option->min, (long long)option->max);
        return false;
    }
    memcpy(target, &number, sizeof(number));
    return true;
}

static bool store_stamp(const wchar_t *value, enum sim_stamp *stamp)
{
    for (int i = SIM_STAMP_TICK; i <= SIM_STAMP_DEVICE; i++)
    {
        if (_wcsicmp(value, stamp_words[i]) == 0)
        {
            *stamp = (enum sim_stamp)i;
            return true;
        }
    }
    sim_text_error("--stamp takes tick, send or device");
    return false;
}

static bool store_da(const wchar_t *value, enum sim_da *da)
{
    for (int i = SIM_DA_2; i <= SIM_DA_3_ONLY; i++)
    {
        if (_wcsicmp(value, da_words[i]) == 0)
        {
            *da = (enum sim_da)i;
            return true;
        }
    }
    sim_text_error("--da takes 2, 3 or 3only");
    return false;
}

static bool store_apartment(const wchar_t *value, bool *is_sta)
{
    *is_sta = _wcsicmp(value, apartment_words[1]) == 0;
    if (!*is_sta && _wcsicmp(value, apartment_words[0]) != 0)
    {
        sim_text_error("--apartment takes sta or mta");
        return false;
    }
    return true;
}

static bool store_text(const struct option *option, const wchar_t *value, wchar_t *target)
{
    if (wcslen(value) > (size_t)option->max)
    {
        sim_text_error("--%ls takes %d characters at most", option->word, (int)option->max);
        return false;
    }
    wcscpy(target, value);
    return true;
}

static bool store(const struct option *option, const wchar_t *value, struct sim_options *options)
{
    void *target = (char *)options + option->offset;
    switch (option->kind)
    {
    case OPTION_FLAG: *(bool *)target = option->min != 0; return true;
    case OPTION_NUMBER: return store_number(option, value, target);
    case OPTION_STAMP: return store_stamp(value, target);
    case OPTION_DA: return store_da(value, target);
    case OPTION_APARTMENT: return store_apartment(value, target);
    case OPTION_TEXT: return store_text(option, value, target);
    case OPTION_PATH:
        if (wcslen(value) >= MAX_PATH)
        {
            sim_text_error("--%ls: the path is too long", option->word);
            return false;
        }
        wcscpy(target, value);
        return true;
    case OPTION_NAME:
        if (!sim_options_is_name(value))
        {
            sim_text_error("a name has 1 to %d letters, digits and underscores", SIM_NAME_MAX);
            return false;
        }
        sim_text_utf8(value, target, SIM_NAME_MAX + 1);
        return true;
    }
    return false;
}

bool sim_options_parse(int count, wchar_t *const *arguments, struct sim_options *options)
{
    *options = (struct sim_options){
        .is_single = true, .counters = 1000, .period_ms = 100, .seed = 1, .stamp = SIM_STAMP_TICK};
    for (int i = 0; i < count; i++)
    {
        const struct option *option = find_option(arguments[i]);
        if (option == NULL)
        {
            sim_text_error("unknown option %ls; rmsim /help lists them", arguments[i]);
            return false;
        }
        bool has_value = option->kind != OPTION_FLAG;
        if (has_value && i + 1 == count)
        {
            sim_text_error("--%ls needs a value", option->word);
            return false;
        }
        if (!store(option, has_value ? arguments[i + 1] : NULL, options))
        {
            return false;
        }
        i += has_value ? 1 : 0;
    }
    return true;
}

static void print_option(const struct option *option)
{
    if (option->help != NULL)
    {
        sim_text_out("  --%-11ls %s\n", option->word, option->help);
    }
}

void sim_options_print_help(void)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
    {
        print_option(&table[i]);
    }
    sim_text_out("\nOptions of a difficult server:\n");
    for (const struct option *option = sim_difficult_options; option->word != NULL; option++)
    {
        print_option(option);
    }
}
