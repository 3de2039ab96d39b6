/* enumerator/browse_recipe.h: what is needed to make a real browse enumerator again elsewhere.
 *
 * Units: none.
 * Ownership: reference counted; shared by clones and by calls that are out. Once a call has been
 *   made with it, it doesn't change any more.
 * Threads: any.
 * Errors: NULL: no memory; HRESULTs of the server.
 * Source: design.md 3.2.
 */
#ifndef RM_BROWSE_RECIPE_H
#define RM_BROWSE_RECIPE_H

#include "server/browse_walk.h"

struct rm_browse_recipe
{
    LONG refs;
    bool is_access_paths;
    OPCBROWSETYPE type;
    VARTYPE data_type;
    DWORD access_rights;
    WCHAR *text;                /* the filter, or the item ID whose access paths are meant */
    struct rm_browse_walk walk; /* where the client stood; not for access paths */
};

struct rm_browse_recipe *rm_browse_recipe_new(const WCHAR *text);
void rm_browse_recipe_add_ref(struct rm_browse_recipe *recipe);
void rm_browse_recipe_release(struct rm_browse_recipe *recipe);

/* Makes the enumerator on the active machine: the first time where the client stands now, which the
 * recipe then remembers; again where it stood, skipping what has been delivered. *real_out may be
 * NULL with S_FALSE, as the server likes it; *link_out is where it lives, with a reference. May
 * give RM_CALL_REPEAT; a first time then needs a new recipe. */
HRESULT rm_browse_recipe_open(struct rm_session *session, struct rm_browse_recipe *recipe,
                              bool is_again, ULONG skip, IEnumString **real_out,
                              struct rm_link **link_out);

#endif
