/*
 * The real declarations of what opctypes.idl stands in for.
 *
 * The generated headers include this file. It also brings the ordinary Windows interfaces that OPC
 * objects have besides their own: connection points, enumerators, categories, data objects.
 */
#ifndef OPC_OPCTYPES_H
#define OPC_OPCTYPES_H

#include <windows.h>
#include <ole2.h>
#include <ocidl.h>
#include <oleauto.h>
#include <olectl.h>
#include <comcat.h>

#endif
