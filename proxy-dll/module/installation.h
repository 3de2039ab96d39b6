/* module/installation.h: the installation that this DLL belongs to, and its part of the registry.
 *
 * It is that of the DLL's own folder (rm/instance.h), found once. Where the folder names one that
 * can't be, there are no settings of ours, and clients get the real servers.
 *
 * Units: none.  Ownership: the name is ours, for good.  Threads: any.
 * Errors: Windows error codes.  Source: design.md 5.
 */
#ifndef RM_INSTALLATION_H
#define RM_INSTALLATION_H

#include <windows.h>

/* "" or its name. Not under the loader's lock. */
const WCHAR *rm_installation_name(void);

/* A key of ours ("\\Snapshot") in the 64-bit view, for reading values. */
LSTATUS rm_installation_open_key(const WCHAR *below, HKEY *key);

#endif
