#include "methods.h"

#include <stdio.h>
#include <string.h>

static const struct method rows[] = {
    {"Unknown",                     "QueryInterface",              0,  "iid:g=Unknown >object:o"                                },

    {"OPCServer",                   "AddGroup",                    3,
     "name:s active:u=1 rate:u=100 client:u=7 bias:*i deadband:*f lcid:u=0 >handle:h >revised:u "
     "iid:g=OPCItemMgt >object:o"                                                                                               },
    {"OPCServer",                   "GetErrorString",              4,  "error:u lcid:u=0 >text:s"                               },
    {"OPCServer",                   "GetGroupByName",              5,  "name:s iid:g=OPCItemMgt >object:o"                      },
    {"OPCServer",                   "GetStatus",                   6,  ">status:S"                                              },
    {"OPCServer",                   "RemoveGroup",                 7,  "handle:u force:u=0"                                     },
    {"OPCServer",                   "CreateGroupEnumerator",       8,  "scope:u iid:g=EnumString >object:o"                     },

    {"OPCServerPublicGroups",       "GetPublicGroupByName",        3,  "name:s iid:g=OPCItemMgt >object:o"                      },
    {"OPCServerPublicGroups",       "RemovePublicGroup",           4,  "handle:u force:u=0"                                     },

    {"OPCBrowseServerAddressSpace", "QueryOrganization",           3,  ">organization:w"                                        },
    {"OPCBrowseServerAddressSpace", "ChangeBrowsePosition",        4,  "direction:u name:s="                                    },
    {"OPCBrowseServerAddressSpace", "BrowseOPCItemIDs",            5,
     "type:u filter:s= vt:u=0 rights:u=0 >object:o"                                                                             },
    {"OPCBrowseServerAddressSpace", "GetItemID",                   6,  "name:s >item:s"                                         },
    {"OPCBrowseServerAddressSpace", "BrowseAccessPaths",           7,  "item:s >object:o"                                       },

    {"OPCItemProperties",           "QueryAvailableProperties",    3,
     "item:s >count:n >ids:[u] >descriptions:[s] >types:[w]"                                                                    },
    {"OPCItemProperties",           "GetItemProperties",           4,  "item:s count:n ids:[u] >values:[v] >errors:[e]"         },
    {"OPCItemProperties",           "LookupItemIDs",               5,  "item:s count:n ids:[u] >items:[s] >errors:[e]"          },

    {"OPCBrowse",                   "GetProperties",               3,
     "count:n items:[s] values:u=1 ids_count:n ids:[u] >items:[p]"                                                              },
    {"OPCBrowse",                   "Browse",                      4,
     "item:s= point:c max:u=0 filter:u=1 name:s= vendor:s= all:u=0 values:u=0 ids_count:n ids:[u] "
     ">more:u >count:n >elements:[b]"                                                                                           },

    {"OPCItemIO",                   "Read",                        3,
     "count:n items:[s] ages:[u] >values:[v] >qualities:[w] >stamps:[t] >errors:[e]"                                            },
    {"OPCItemIO",                   "WriteVQT",                    4,  "count:n items:[s] values:[q] >errors:[e]"               },

    {"OPCCommon",                   "SetLocaleID",                 3,  "lcid:u"                                                 },
    {"OPCCommon",                   "GetLocaleID",                 4,  ">lcid:u"                                                },
    {"OPCCommon",                   "QueryAvailableLocaleIDs",     5,  ">count:n >lcids:[u]"                                    },
    {"OPCCommon",                   "GetErrorString",              6,  "error:u >text:s"                                        },
    {"OPCCommon",                   "SetClientName",               7,  "name:s"                                                 },

    {"OPCSecurityNT",               "IsAvailableNT",               3,  ">available:u"                                           },
    {"OPCSecurityNT",               "QueryMinImpersonationLevel",  4,  ">level:u"                                               },
    {"OPCSecurityNT",               "ChangeUser",                  5,  ""                                                       },
    {"OPCSecurityPrivate",          "IsAvailablePriv",             3,  ">available:u"                                           },
    {"OPCSecurityPrivate",          "Logon",                       4,  "user:s password:s"                                      },
    {"OPCSecurityPrivate",          "Logoff",                      5,  ""                                                       },

    {"PersistFile",                 "GetClassID",                  3,  ">class:g"                                               },
    {"PersistFile",                 "IsDirty",                     4,  ""                                                       },
    {"PersistFile",                 "Load",                        5,  "file:s mode:u=0"                                        },
    {"PersistFile",                 "Save",                        6,  "file:s remember:u=0"                                    },
    {"PersistFile",                 "SaveCompleted",               7,  "file:s"                                                 },
    {"PersistFile",                 "GetCurFile",                  8,  ">file:s"                                                },

    {"OPCGroupStateMgt",            "GetState",                    3,
     ">rate:u >active:u >name:s >bias:i >deadband:f >lcid:u >client:u >handle:h"                                                },
    {"OPCGroupStateMgt",            "SetState",                    4,
     "rate:*u >revised:u active:*u bias:*i deadband:*f lcid:*u client:*u"                                                       },
    {"OPCGroupStateMgt",            "SetName",                     5,  "name:s"                                                 },
    {"OPCGroupStateMgt",            "CloneGroup",                  6,  "name:s iid:g=OPCItemMgt >object:o"                      },
    {"OPCGroupStateMgt2",           "GetState",                    3,
     ">rate:u >active:u >name:s >bias:i >deadband:f >lcid:u >client:u >handle:h"                                                },
    {"OPCGroupStateMgt2",           "SetState",                    4,
     "rate:*u >revised:u active:*u bias:*i deadband:*f lcid:*u client:*u"                                                       },
    {"OPCGroupStateMgt2",           "SetName",                     5,  "name:s"                                                 },
    {"OPCGroupStateMgt2",           "CloneGroup",                  6,  "name:s iid:g=OPCItemMgt >object:o"                      },
    {"OPCGroupStateMgt2",           "SetKeepAlive",                7,  "time:u >revised:u"                                      },
    {"OPCGroupStateMgt2",           "GetKeepAlive",                8,  ">time:u"                                                },

    {"OPCPublicGroupStateMgt",      "GetState",                    3,  ">public:u"                                              },
    {"OPCPublicGroupStateMgt",      "MoveToPublic",                4,  ""                                                       },

    {"OPCItemMgt",                  "AddItems",                    3,  "count:n items:[d] >results:[r] >errors:[e]"             },
    {"OPCItemMgt",                  "ValidateItems",               4,  "count:n items:[d] blob:u=0 >results:[r] >errors:[e]"    },
    {"OPCItemMgt",                  "RemoveItems",                 5,  "count:n handles:[u] >errors:[e]"                        },
    {"OPCItemMgt",                  "SetActiveState",              6,  "count:n handles:[u] active:u=1 >errors:[e]"             },
    {"OPCItemMgt",                  "SetClientHandles",            7,  "count:n handles:[u] clients:[u] >errors:[e]"            },
    {"OPCItemMgt",                  "SetDatatypes",                8,  "count:n handles:[u] types:[w] >errors:[e]"              },
    {"OPCItemMgt",                  "CreateEnumerator",            9,  "iid:g=EnumOPCItemAttributes >object:o"                  },

    {"OPCSyncIO",                   "Read",                        3,  "source:u=1 count:n handles:[u] >states:[i] >errors:[e]" },
    {"OPCSyncIO",                   "Write",                       4,  "count:n handles:[u] values:[v] >errors:[e]"             },
    {"OPCSyncIO2",                  "Read",                        3,  "source:u=1 count:n handles:[u] >states:[i] >errors:[e]" },
    {"OPCSyncIO2",                  "Write",                       4,  "count:n handles:[u] values:[v] >errors:[e]"             },
    {"OPCSyncIO2",                  "ReadMaxAge",                  5,
     "count:n handles:[u] ages:[u] >values:[v] >qualities:[w] >stamps:[t] >errors:[e]"                                          },
    {"OPCSyncIO2",                  "WriteVQT",                    6,  "count:n handles:[u] values:[q] >errors:[e]"             },

    {"OPCAsyncIO",                  "Read",                        3,
     "connection:u source:u=1 count:n handles:[u] >transaction:x >errors:[e]"                                                   },
    {"OPCAsyncIO",                  "Write",                       4,
     "connection:u count:n handles:[u] values:[v] >transaction:x >errors:[e]"                                                   },
    {"OPCAsyncIO",                  "Refresh",                     5,  "connection:u source:u=1 >transaction:x"                 },
    {"OPCAsyncIO",                  "Cancel",                      6,  "transaction:u"                                          },

    {"OPCAsyncIO2",                 "Read",                        3,  "count:n handles:[u] transaction:u >cancel:x >errors:[e]"},
    {"OPCAsyncIO2",                 "Write",                       4,
     "count:n handles:[u] values:[v] transaction:u >cancel:x >errors:[e]"                                                       },
    {"OPCAsyncIO2",                 "Refresh2",                    5,  "source:u=1 transaction:u >cancel:x"                     },
    {"OPCAsyncIO2",                 "Cancel2",                     6,  "cancel:u"                                               },
    {"OPCAsyncIO2",                 "SetEnable",                   7,  "enable:u"                                               },
    {"OPCAsyncIO2",                 "GetEnable",                   8,  ">enable:u"                                              },
    {"OPCAsyncIO3",                 "Read",                        3,  "count:n handles:[u] transaction:u >cancel:x >errors:[e]"},
    {"OPCAsyncIO3",                 "Write",                       4,
     "count:n handles:[u] values:[v] transaction:u >cancel:x >errors:[e]"                                                       },
    {"OPCAsyncIO3",                 "Refresh2",                    5,  "source:u=1 transaction:u >cancel:x"                     },
    {"OPCAsyncIO3",                 "Cancel2",                     6,  "cancel:u"                                               },
    {"OPCAsyncIO3",                 "SetEnable",                   7,  "enable:u"                                               },
    {"OPCAsyncIO3",                 "GetEnable",                   8,  ">enable:u"                                              },
    {"OPCAsyncIO3",                 "ReadMaxAge",                  9,
     "count:n handles:[u] ages:[u] transaction:u >cancel:x >errors:[e]"                                                         },
    {"OPCAsyncIO3",                 "WriteVQT",                    10,
     "count:n handles:[u] values:[q] transaction:u >cancel:x >errors:[e]"                                                       },
    {"OPCAsyncIO3",                 "RefreshMaxAge",               11, "age:u transaction:u >cancel:x"                          },

    {"OPCItemDeadbandMgt",          "SetItemDeadband",             3,  "count:n handles:[u] deadbands:[f] >errors:[e]"          },
    {"OPCItemDeadbandMgt",          "GetItemDeadband",             4,  "count:n handles:[u] >deadbands:[f] >errors:[e]"         },
    {"OPCItemDeadbandMgt",          "ClearItemDeadband",           5,  "count:n handles:[u] >errors:[e]"                        },

    {"OPCItemSamplingMgt",          "SetItemSamplingRate",         3,
     "count:n handles:[u] rates:[u] >revised:[u] >errors:[e]"                                                                   },
    {"OPCItemSamplingMgt",          "GetItemSamplingRate",         4,  "count:n handles:[u] >rates:[u] >errors:[e]"             },
    {"OPCItemSamplingMgt",          "ClearItemSamplingRate",       5,  "count:n handles:[u] >errors:[e]"                        },
    {"OPCItemSamplingMgt",          "SetItemBufferEnable",         6,  "count:n handles:[u] enable:[u] >errors:[e]"             },
    {"OPCItemSamplingMgt",          "GetItemBufferEnable",         7,  "count:n handles:[u] >enable:[u] >errors:[e]"            },

    {"EnumOPCItemAttributes",       "Next",                        3,  "celt:u >items:[a] >count:n"                             },
    {"EnumOPCItemAttributes",       "Skip",                        4,  "celt:u"                                                 },
    {"EnumOPCItemAttributes",       "Reset",                       5,  ""                                                       },
    {"EnumOPCItemAttributes",       "Clone",                       6,  ">object:o"                                              },
    {"EnumString",                  "Next",                        3,  "celt:u >strings:{s} >count:n"                           },
    {"EnumString",                  "Skip",                        4,  "celt:u"                                                 },
    {"EnumString",                  "Reset",                       5,  ""                                                       },
    {"EnumString",                  "Clone",                       6,  ">object:o"                                              },
    {"EnumUnknown",                 "Next",                        3,  "celt:u >objects:{o} >count:n"                           },
    {"EnumUnknown",                 "Skip",                        4,  "celt:u"                                                 },
    {"EnumUnknown",                 "Reset",                       5,  ""                                                       },
    {"EnumUnknown",                 "Clone",                       6,  ">object:o"                                              },

    {"ConnectionPointContainer",    "EnumConnectionPoints",        3,  ">object:o"                                              },
    {"ConnectionPointContainer",    "FindConnectionPoint",         4,  "iid:g >object:o"                                        },
    {"ConnectionPoint",             "GetConnectionInterface",      3,  ">iid:g"                                                 },
    {"ConnectionPoint",             "GetConnectionPointContainer", 4,  ">object:o"                                              },
    {"ConnectionPoint",             "Advise",                      5,  "sink:o >cookie:k"                                       },
    {"ConnectionPoint",             "Unadvise",                    6,  "cookie:u"                                               },
    {"ConnectionPoint",             "EnumConnections",             7,  ">object:o"                                              },
    {"EnumConnectionPoints",        "Next",                        3,  "celt:u >objects:{o} >count:n"                           },
    {"EnumConnectionPoints",        "Skip",                        4,  "celt:u"                                                 },
    {"EnumConnectionPoints",        "Reset",                       5,  ""                                                       },
    {"EnumConnectionPoints",        "Clone",                       6,  ">object:o"                                              },
    {"EnumConnections",             "Next",                        3,  "celt:u >connections:{c} >count:n"                       },
    {"EnumConnections",             "Skip",                        4,  "celt:u"                                                 },
    {"EnumConnections",             "Reset",                       5,  ""                                                       },
    {"EnumConnections",             "Clone",                       6,  ">object:o"                                              },
};

#define ROW_COUNT ((int)(sizeof(rows) / sizeof(rows[0])))

const struct method *methods_at(int number)
{
    return number < ROW_COUNT ? &rows[number] : NULL;
}

const struct method *methods_find(const char *name)
{
    for (int i = 0; i < ROW_COUNT; i++)
    {
        size_t length = strlen(rows[i].interface_name);
        if (strncmp(name, rows[i].interface_name, length) == 0 && name[length] == '.' &&
            strcmp(name + length + 1, rows[i].name) == 0)
        {
            return &rows[i];
        }
    }
    return NULL;
}

int methods_parameters(const struct method *method, struct parameter *parameters)
{
    int count = 0;
    const char *at = method->parameters;
    while (*at != '\0')
    {
        struct parameter *parameter = &parameters[count++];
        memset(parameter, 0, sizeof(*parameter));
        parameter->is_out = *at == '>';
        at += parameter->is_out;
        size_t name = strcspn(at, ":");
        size_t kind = strcspn(at + name + 1, "= ");
        size_t whole = strcspn(at, " ");
        snprintf(parameter->name, sizeof(parameter->name), "%.*s", (int)name, at);
        snprintf(parameter->kind, sizeof(parameter->kind), "%.*s", (int)kind, at + name + 1);
        if (name + 1 + kind < whole)
        {
            const char *value = at + name + 1 + kind + 1;
            snprintf(parameter->value, sizeof(parameter->value), "%.*s",
                     (int)(whole - (name + kind + 2)), value);
        }
        at += whole;
        at += *at == ' ';
    }
    return count;
}
