/* config_xml_stage.h: documents of redundancymaster.xml, read into one configuration.
 *
 * Units: sizes in bytes.  Threads: one.
 * Ownership: stage_config is the test's to clear; stage_format's text is freed with free().
 * Errors: what is not as it should be fails the test.
 */
#ifndef CONFIG_XML_STAGE_H
#define CONFIG_XML_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <rm/config_xml.h>

#define NS   "urn:redundancymaster:configuration"
#define HEAD "<redundancymaster version=\"1\" xmlns=\"" NS "\">\n"
#define TAIL "</redundancymaster>\n"
#define TWO  "<machines><machine host=\"a\"/><machine host=\"b\"/></machines>"

/* A document of one redundant server, whose contents begin in line 3. */
#define SERVER(inside)   HEAD "<server progid=\"Vendor.Server\">\n" inside "\n</server>\n" TAIL
#define MACHINES(inside) SERVER("<machines>\n" inside "\n</machines>")

extern struct rm_config stage_config;
extern struct rm_config_error stage_fault;

/* With every setting, and with what we don't know at every place; as the program writes it. */
extern const char stage_document[];
extern const size_t stage_size; /* of it, without the final zero */

enum rm_status stage_parse(const char *text, size_t size);
char *stage_format(void);

/* The last text was refused: with that status, for that line, and with that in the message. */
void stage_refused(enum rm_status status, unsigned line, const char *part);

#endif
