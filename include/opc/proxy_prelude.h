/*
 * Included before each generated proxy source.
 *
 * widl's tables name these three functions of rpcrt4, and MinGW's headers hide their declarations
 * from C. rpcproxy.h must not be included here: the generated source defines USE_STUBLESS_PROXY
 * first, and without it the vtables get another layout.
 */
#ifndef OPC_PROXY_PRELUDE_H
#define OPC_PROXY_PRELUDE_H

#include <objbase.h>

HRESULT STDMETHODCALLTYPE IUnknown_QueryInterface_Proxy(IUnknown *object, REFIID riid, void **ppv);
ULONG STDMETHODCALLTYPE IUnknown_AddRef_Proxy(IUnknown *object);
ULONG STDMETHODCALLTYPE IUnknown_Release_Proxy(IUnknown *object);

#endif
