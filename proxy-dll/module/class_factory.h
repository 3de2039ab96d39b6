/* module/class_factory.h: where a client's CoCreateInstance arrives.
 *
 * Units: none.  Ownership: COM reference counting.  Threads: any.
 * Errors: HRESULTs. Where we can't do our work (no valid settings for the class, the server's own
 *   process) the real server's class object is handed out instead of an error: nobody is worse off
 *   with us than without us.
 * Source: design.md 2, 3.8.
 */
#ifndef RM_CLASS_FACTORY_H
#define RM_CLASS_FACTORY_H

#include <windows.h>
#include <objbase.h>

HRESULT rm_class_factory_create(REFCLSID clsid, REFIID iid, void **factory_out);

#endif
