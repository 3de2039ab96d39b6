/* session/list.h: a doubly linked list whose nodes live in their elements.
 *
 * Units: none.  Ownership: none; a node must be removed before its element is freed.
 * Threads: the lock of whoever owns the head.  Errors: none.
 */
#ifndef RM_LIST_H
#define RM_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct rm_list_node
{
    struct rm_list_node *next, *previous; /* both NULL: in no list */
};

static inline void rm_list_init(struct rm_list_node *head)
{
    head->next = head->previous = head;
}

static inline bool rm_list_is_empty(const struct rm_list_node *head)
{
    return head->next == head;
}

static inline void rm_list_append(struct rm_list_node *head, struct rm_list_node *node)
{
    node->previous = head->previous;
    node->next = head;
    head->previous->next = node;
    head->previous = node;
}

/* Fine for a node that is in no list. */
static inline void rm_list_remove(struct rm_list_node *node)
{
    if (!node->next)
        return;
    node->previous->next = node->next;
    node->next->previous = node->previous;
    node->next = node->previous = NULL;
}

#define RM_LIST_ENTRY(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

#endif
