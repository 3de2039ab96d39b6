/* The simulator as its clients see it: conformance to OPC DA 2.05a and 3.0, and its faults. run.sh
 * registers the machines that these tests connect to. */
#include "keeper.h"
#include "testclient.h"
#include "testda3.h"

#include <objbase.h>
#include <stdio.h>
#include <string.h>

/* difficult-async comes last of those with SimTestF: its last process stays for further clients. */
static const struct
{
    const char *name;
    const struct CMUnitTest *tests;
    const size_t *count;
} groups[] = {
    {"server",          server_tests,          &server_test_count         },
    {"browse",          browse_tests,          &browse_test_count         },
    {"group",           group_tests,           &group_test_count          },
    {"callbacks",       callback_tests,        &callback_test_count       },
    {"plant",           plant_tests,           &plant_test_count          },
    {"faults",          fault_tests,           &fault_test_count          },
    {"fault-calls",     fault_call_tests,      &fault_call_test_count     },
    {"fault-at",        fault_at_tests,        &fault_at_test_count       },
    {"fault-items",     fault_item_tests,      &fault_item_test_count     },
    {"difficult",       difficult_tests,       &difficult_test_count      },
    {"difficult-da3",   difficult_da3_tests,   &difficult_da3_test_count  },
    {"dialect",         dialect_tests,         &dialect_test_count        },
    {"difficult-async", difficult_async_tests, &difficult_async_test_count},
    {"optional",        optional_tests,        &optional_test_count       },
    {"da3-server",      da3_server_tests,      &da3_server_test_count     },
    {"da3-browse",      da3_browse_tests,      &da3_browse_test_count     },
    {"da3-group",       da3_group_tests,       &da3_group_test_count      },
    {"da3-items",       da3_item_tests,        &da3_item_test_count       },
};

/* sim_test [GROUP]: all groups, or that one. */
int main(int count, char **arguments)
{
    int failed = 0;
    setvbuf(stdout, NULL, _IONBF, 0); /* the last line says where it stood, should it not end */
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    sim_keeper_keep_interfaces();
    if (count > 1 && strcmp(arguments[1], "--try") == 0)
    {
        IOPCServer_Release(test_connect(L"SimTestA"));
        return 0;
    }
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
    {
        if (count == 1 || strcmp(arguments[1], groups[i].name) == 0)
        {
            failed += _cmocka_run_group_tests(groups[i].name, groups[i].tests, *groups[i].count,
                                              NULL, NULL);
        }
    }
    test_da3_release();
    test_release_shared();
    CoUninitialize();
    return failed != 0;
}
