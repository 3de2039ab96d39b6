/*
 * The classes of the echo server, one per bitness.
 */
#ifndef PS_CLASSES_H
#define PS_CLASSES_H

#include <windows.h>
#include <guiddef.h>

DEFINE_GUID(CLSID_EchoServer64, 0x8D913010, 0x5CDB, 0x43DB, 0xAB, 0x74, 0x15, 0x9C, 0x63, 0xBE,
            0xA9, 0x78);
DEFINE_GUID(CLSID_EchoServer32, 0x0BFDA974, 0x0CC5, 0x4020, 0xBF, 0x02, 0x28, 0xE0, 0x91, 0x4E,
            0xFB, 0xBE);

/* The one of this bitness. */
#ifdef _WIN64
#define CLSID_EchoServer CLSID_EchoServer64
#else
#define CLSID_EchoServer CLSID_EchoServer32
#endif

#endif
