#include "config_xml_stage.h"

#include <string.h>

struct rm_config stage_config;
struct rm_config_error stage_fault;

const char stage_document[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!-- in front \xc3\xa4 -->\n"
    "<redundancymaster version=\"1\" xmlns=\"" NS "\" xmlns:x=\"urn:x\" x:a=\"&lt;\xc3\xa4\">\n"
    "  <!-- two\n"
    "     lines -->\n"
    "  <diagnostics><maximum a=\"1\">5000</maximum>\n\n "
    "<!--in--><![CDATA[<&]]>&amp;</diagnostics>\n"
    "  <server progid=\"A.1\" clsid=\"{01234567-89AB-CDEF-0123-456789ABCDEF}\" x:b=\"2\">\n"
    "    <!-- of the mode -->\n"
    "    <mode x:c=\"3\">hot</mode>\n"
    "    <returnPolicy>stay</returnPolicy>\n"
    "    <unknownWrites>repeat</unknownWrites>\n"
    "    <pingInterval>100</pingInterval>\n"
    "    <pingTimeout>50</pingTimeout>\n"
    "    <x:between/>\n"
    "    <fall>10</fall>\n"
    "    <rise>9\n"
    "      <!-- nine -->\n"
    "    </rise>\n"
    "    <returnDelay>0</returnDelay>\n"
    "    <busyGrace>600000</busyGrace>\n"
    "    <connectTimeout>1000</connectTimeout>\n"
    "    <reconnectInterval>3600000</reconnectInterval>\n"
    "    <startPolicy>first</startPolicy>\n"
    "    <preferredMachine>2</preferredMachine>\n"
    "    <readyPercent>90</readyPercent>\n"
    "    <flapLimit>4</flapLimit>\n"
    "    <flapWindow>60000</flapWindow>\n"
    "    <acknowledge>writes</acknowledge>\n"
    "    <linkGroup>7</linkGroup>\n"
    "    <callbackCheck>0</callbackCheck>\n"
    "    <standbyGroups>active</standbyGroups>\n"
    "    <maxEvents>30000</maxEvents>\n"
    "    <monitor><item id=\"a\" trigger=\"bad\"/></monitor>\n"
    "    <machines x:d=\"4\">\n"
    "      <!-- first -->\n"
    "      <machine host=\"a\" progid=\"B.1\" clsid=\"{01234567-89AB-CDEF-0123-456789ABCDEF}\" "
    "x:e=\"5\">\n"
    "        <x:rack>7</x:rack>\n"
    "      </machine>\n"
    "      <?second pi?>\n"
    "      <machine host=\"b\" service=\"Vendor &amp; OPC\"/>\n"
    "      <!-- end of machines -->\n"
    "    </machines>\n"
    "    <notifications/>\n"
    "  </server>\n"
    "  <last/>\n"
    "</redundancymaster>\n"
    "<!-- behind -->\n";
const size_t stage_size = sizeof stage_document - 1;

enum rm_status stage_parse(const char *text, size_t size)
{
    memset(&stage_config, 0xa5, sizeof stage_config);
    memset(&stage_fault, 0xa5, sizeof stage_fault);
    return rm_config_parse(&stage_config, text, size, &stage_fault);
}

char *stage_format(void)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(rm_config_format(&stage_config, &text, &size, &stage_fault), RM_OK);
    assert_int_equal(strlen(text), size);
    return text;
}

void stage_refused(enum rm_status status, unsigned line, const char *part)
{
    assert_int_equal(stage_fault.status, status);
    if (stage_fault.line != line || strstr(stage_fault.message, part) == NULL)
    {
        fail_msg("line %u, '%s' expected, but: line %u, %s", line, part, stage_fault.line,
                 stage_fault.message);
    }
    assert_int_equal(stage_config.server_count, 0);
    assert_null(stage_config.servers);
}
