/* serverlist.h: rmprobe --list, the OPC DA servers of this computer by their component categories.
 *
 * Threads: an apartment is entered. Errors: the HRESULT of the component category manager.
 * Source: opc-da-reference 1.2, 8.2.
 */
#ifndef PROBE_SERVERLIST_H
#define PROBE_SERVERLIST_H

#include <windows.h>
#include <stdio.h>

/* One line per server: ProgID, CLSID, versions, description. */
HRESULT rm_serverlist_print(FILE *out);

#endif
