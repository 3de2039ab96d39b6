/* json_check.h: whether a text is JSON (RFC 8259), for tests. */
#ifndef RM_TESTS_JSON_CHECK_H
#define RM_TESTS_JSON_CHECK_H

/* NULL: it is; else where it isn't. */
const char *json_check(const char *text);

#endif
