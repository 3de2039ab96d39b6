/* factory.h: the class object of this machine's server class.
 *
 * Ownership: static; references on it don't keep the process alive, locks do.
 * Threads: any.  Errors: HRESULTs of COM.
 */
#ifndef SIM_FACTORY_H
#define SIM_FACTORY_H

#include <windows.h>
#include <objbase.h>

IClassFactory *sim_factory(void);

#endif
