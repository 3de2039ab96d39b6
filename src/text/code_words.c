/* code_words.c: what codes of COM, RPC and OPC mean. */
#include <rm/code_words.h>

#include <stddef.h>

/* The codes that come with losses, and what an engineer should think of. */
static const struct
{
    uint32_t code;
    const char *words;
} code_words[] = {
    {0x00000000, "success"                                                               },
    {0x80004001, "not implemented by the server"                                         },
    {0x80004002, "no such interface; also when a server process ends during the call"    },
    {0x80004005, "the server failed without saying why"                                  },
    {0x80010007, "the server's process died during the call"                             },
    {0x80010012, "the server's process died before the call"                             },
    {0x80010100, "the system could not make the call"                                    },
    {0x80010108, "the server has disconnected this client's object"                      },
    {0x80010114, "the server does not know the object any more"                          },
    {0x8001011F, "the call timed out"                                                    },
    {0x80010105, "the server's own code crashed in the call"                             },
    {0x80040112, "the server has no license"                                             },
    {0x80040154, "the server is not registered on that machine"                          },
    {0x800401F3, "the server's ProgID is not known there"                                },
    {0x800401FD, "the object is not connected to its server"                             },
    {0x80070005, "access denied: check DCOM permissions and the account"                 },
    {0x8007000E, "out of memory"                                                         },
    {0x80070057, "invalid argument"                                                      },
    {0x800705B4, "no answer within the time that is set"                                 },
    {0x800703E6, "the server's own code crashed in the call (access violation)"          },
    {0x800706AB, "the computer's network address is not valid"                           },
    {0x800706BA, "RPC server unavailable: its process has ended, or its computer can't be "
                 "reached"                                               },
    {0x800706BB, "RPC server too busy"                                                   },
    {0x800706BE, "remote procedure call failed: the server's process or the network went away "
                 "during the call"                                       },
    {0x800706BF, "remote procedure call failed before it was carried out"                },
    {0x800706C0, "RPC protocol error"                                                    },
    {0x8007071A, "the call was cancelled"                                                },
    {0x80080005, "the server's program could not be started, or did not register in time"},
    {0xC0040001, "OPC: the handle is not valid"                                          },
    {0xC0040004, "OPC: the value can't be converted to the requested type"               },
    {0xC0040006, "OPC: no access rights for this"                                        },
    {0xC0040007, "OPC: no such item"                                                     },
    {0xC0040008, "OPC: the item's name is not valid"                                     },
};

const char *rm_code_words(uint32_t code)
{
    for (size_t i = 0; i < sizeof code_words / sizeof code_words[0]; i++)
    {
        if (code_words[i].code == code)
        {
            return code_words[i].words;
        }
    }
    return "";
}
