/* The identifiers of opcguids.h, defined once for all programs. */
#define INITGUID
#include <opc/opcguids.h>
