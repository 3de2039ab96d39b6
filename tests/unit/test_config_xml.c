/* Run without arguments: the tests. Run with a folder: writes the documents of the table there as
 * valid-NN.xml and invalid-NN.xml, for check_schema.sh. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_xml_stage.h"

/* What the schema is to say: the same as the loader, or nothing. */
enum schema
{
    SAME,
    SILENT
};

static const struct
{
    const char *shows;
    const char *text;
    enum rm_status status;
    unsigned line;
    const char *part; /* of the message */
    enum schema schema;
} documents[] = {
    {"nothing configured",                                  HEAD TAIL,                                                              RM_OK,        0, "",                                                                             SAME  },
    {"only what must be there",                             SERVER(TWO),                                                            RM_OK,        0, "",                                                                             SAME  },
    {"no XML declaration, a comment in front",              "<!-- x -->\n" SERVER(TWO),                                             RM_OK,        0, "",                                                                             SAME  },
    {"any order, blanks, comments and CDATA in values",
     SERVER(TWO "<fall> <!-- few -->3\n</fall><mode><![CDATA[hot]]></mode>"),                                                       RM_OK,        0, "",                                                                             SAME  },
    {"unknown elements and attributes everywhere",
     "<?xml version='1.0' encoding='UTF-8'?><redundancymaster later='1' version='1' xmlns='" NS
     "' xmlns:x='urn:x' x:y='&lt;&quot;&#228;'><new/><server z='1' progid='A'><monitor>1<b/>2"
     "</monitor><mode unit='none'>cold</mode><machines a='b'><group/><machine x:k='v' host='a'>"
     "<tag/></machine><machine host='b'/><x:end/></machines></server><x:last>&amp;</x:last>"
     "</redundancymaster>",                                                                                                         RM_OK,        0, "",                                                                             SAME  },
    {"an element of a foreign namespace with a known name",
     SERVER("<x:mode xmlns:x=\"urn:x\">never</x:mode>" TWO),                                                                        RM_OK,        0, "",                                                                             SAME  },
    {"empty attributes are as none",
     MACHINES("<machine host=\"a\" progid=\"\" clsid=\"\"/><machine host=\"b\"/>"),                                                 RM_OK,        0, "",
     SAME                                                                                                                                                                                                                                  },
    {"same host, other ProgID",
     MACHINES("<machine host=\"a\" progid=\"P.1\"/><machine host=\"a\" progid=\"P.2\"/>"),                                          RM_OK,        0,
     "",                                                                                                                                                                                                                             SAME  },

    {"monitor items with all that they can have",
     SERVER(
         "<monitorItems failureCount=\"2\" holdTime=\"500\" watchAlways=\"yes\" x=\"1\"><!-- a -->"
         "<monitorItem itemId=\"A\" accessPath=\"P\" dataType=\"I4\" updateRate=\"10\""
         " trigger=\"value\" operator=\"bitSet\" value=\"63\" weight=\"1000\" "
         "y=\"2\"><z/></monitorItem>"
         "<monitorItem itemId=\"B\" trigger=\"noChange\" "
         "time=\"2000\"/><later/></monitorItems>" TWO),
     RM_OK,                                                                                                                                       0, "",                                                                             SAME  },
    {"a failure count of 0, and a time that is too short",
     SERVER("<monitorItems failureCount=\"0\">"
            "<monitorItem itemId=\"A\" trigger=\"noChange\" time=\"1\"/></monitorItems>" TWO),
     RM_OK,                                                                                                                                       0, "",                                                                             SAME  },
    {"a monitor item without a name",                       SERVER("<monitorItems>\n<monitorItem/></monitorItems>" TWO),
     RM_E_INVALID,                                                                                                                                4, "has no itemId",                                                                SAME  },
    {"a trigger that is none",
     SERVER("<monitorItems>\n<monitorItem itemId=\"A\" trigger=\"worse\"/></monitorItems>" TWO),
     RM_E_INVALID,                                                                                                                                4, "trigger can't be 'worse'",                                                     SAME  },
    {"an operator that is none",
     SERVER("<monitorItems>\n<monitorItem itemId=\"A\" operator=\"=\"/></monitorItems>" TWO),
     RM_E_INVALID,                                                                                                                                4, "operator can't be '='",                                                        SAME  },
    {"a data type that is none",
     SERVER("<monitorItems>\n<monitorItem itemId=\"A\" dataType=\"VT_I4\"/></monitorItems>" TWO),
     RM_E_INVALID,                                                                                                                                4, "dataType can't be 'VT_I4'",                                                    SAME  },
    {"an update rate that is too fast",
     SERVER("<monitorItems>\n<monitorItem itemId=\"A\" updateRate=\"9\"/></monitorItems>" TWO),
     RM_E_INVALID,                                                                                                                                4, "from 10 to 3600000",                                                           SAME  },
    {"no weight at all",
     SERVER("<monitorItems>\n<monitorItem itemId=\"A\" weight=\"0\"/></monitorItems>" TWO),
     RM_E_INVALID,                                                                                                                                4, "from 1 to 1000",                                                               SAME  },
    {"a bit that no number has",
     SERVER("<monitorItems>\n<monitorItem itemId=\"A\" trigger=\"value\" operator=\"bitSet\" "
            "value=\"64\"/></monitorItems>" TWO),
     RM_E_INVALID,                                                                                                                                4, "is no bit number",                                                             SILENT},
    {"monitor items twice",                                 SERVER("<monitorItems/>\n<monitorItems/>" TWO),                         RM_E_INVALID, 4,
     "is there twice",                                                                                                                                                                                                               SILENT},

    {"empty file",                                          "",                                                                     RM_E_INVALID, 0, "The file is empty",                                                            SAME  },
    {"no XML",                                              "mode=warm\n",                                                          RM_E_INVALID, 1, "Line 1: This is no well-formed XML (",                                         SAME  },
    {"an end tag is missing",                               HEAD "<server progid=\"A\">\n" TAIL,                                    RM_E_INVALID, 3,
     "Opening and ending tag mismatch",                                                                                                                                                                                              SAME  },
    {"cut off",                                             "<?xml version=\"1.0\"?>\n" HEAD "<server",                             RM_E_INVALID, 3, "no well-formed XML",
     SAME                                                                                                                                                                                                                                  },
    {"two roots",                                           HEAD TAIL HEAD TAIL,                                                    RM_E_INVALID, 3, "no well-formed XML",                                                           SAME  },
    {"an undefined entity",                                 SERVER("<mode>&warm;</mode>" TWO),                                      RM_E_INVALID, 3,
     "Entity 'warm' not defined",                                                                                                                                                                                                    SAME  },
    {"a prefix without namespace",                          SERVER("<x:y/>" TWO),                                                   RM_E_INVALID, 3, "Namespace prefix x",
     SILENT                                                                                                                                                                                                                                },
    {"an attribute twice",                                  SERVER("<mode a=\"1\" a=\"2\">hot</mode>" TWO),                         RM_E_INVALID, 3,
     "Attribute a redefined",                                                                                                                                                                                                        SAME  },
    {"bytes that are no UTF-8",                             SERVER("<!-- \xff -->" TWO),                                            RM_E_INVALID, 3, "no well-formed XML",
     SAME                                                                                                                                                                                                                                  },
    {"an encoding that is not supported",
     "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n" SERVER(TWO),                                                             RM_E_INVALID, 1,
     "This encoding is not supported",                                                                                                                                                                                               SILENT},
    {"an unknown encoding",                                 "<?xml version=\"1.0\" encoding=\"klingon\"?>\n" SERVER(TWO),
     RM_E_INVALID,                                                                                                                                1, "This encoding is not supported",                                               SILENT},
    {"a document type",                                     "<!DOCTYPE redundancymaster>\n" SERVER(TWO),                            RM_E_INVALID, 1,
     "A document type definition (<!DOCTYPE) is not allowed",                                                                                                                                                                        SILENT},
    {"an entity that would read a file",
     "\n<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>\n" SERVER("&e;" TWO),                                              RM_E_INVALID,
     2,                                                                                                                                              "A document type definition",                                                   SAME  },
    {"a bomb of entities",
     "<!DOCTYPE r [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n" SERVER("&b;" TWO),
     RM_E_INVALID,                                                                                                                                1, "A document type definition",                                                   SAME  },

    {"another root",                                        "\n<servers xmlns=\"" NS "\"/>",                                        RM_E_INVALID, 2,
     "The outermost element is <servers>",                                                                                                                                                                                           SAME  },
    {"no namespace",                                        "<redundancymaster version=\"1\"/>",                                    RM_E_INVALID, 1,
     "it must be <redundancymaster version=\"1\" xmlns=\"" NS "\">",                                                                                                                                                                 SAME  },
    {"another default namespace inside",                    SERVER("<machines xmlns=\"urn:x\"/>" TWO),                              RM_OK,        0, "",
     SAME                                                                                                                                                                                                                                  },
    {"our element in another default namespace",
     "<r:redundancymaster xmlns:r=\"" NS "\" version=\"1\" xmlns=\"urn:x\"/>",                                                      RM_E_INVALID, 1,
     "<redundancymaster> has another default namespace than the file",                                                                                                                                                               SILENT},
    {"no version",                                          "<redundancymaster xmlns=\"" NS "\"/>",                                 RM_E_INVALID, 1,
     "The version of <redundancymaster> is missing",                                                                                                                                                                                 SAME  },
    {"a version that is no number",                         "<redundancymaster version=\"1.0\" xmlns=\"" NS "\"/>",
     RM_E_INVALID,                                                                                                                                1, "is missing or no whole number: write version=\"1\"",                           SAME  },
    {"a newer version",
     "<redundancymaster\n version=\"2\" xmlns=\"" NS "\"><server/></redundancymaster>",
     RM_E_VERSION,                                                                                                                                2, "written by a newer RedundancyMaster",                                          SAME  },

    {"text in the root",                                    HEAD "\nwarm" TAIL,                                                     RM_E_INVALID, 3,
     "There is text between the elements in <redundancymaster>",                                                                                                                                                                     SAME  },
    {"text in a server",                                    SERVER("\nwarm" TWO),                                                   RM_E_INVALID, 4,
     "There is text between the elements in <server>",                                                                                                                                                                               SAME  },
    {"text in the machines",                                MACHINES("<machine host=\"a\"/>\nb<machine host=\"c\"/>"),
     RM_E_INVALID,                                                                                                                                5, "There is text between the elements in <machines>",                             SAME  },
    {"text in a machine",                                   MACHINES("<machine host=\"a\"/>\n<machine host=\"c\">d</machine>"),
     RM_E_INVALID,                                                                                                                                5, "There is text between the elements in <machine>",                              SAME  },
    {"an element in a value",                               SERVER(TWO "\n<mode>warm<b/></mode>"),                                  RM_E_INVALID, 4,
     "<mode> holds the element <b>",                                                                                                                                                                                                 SAME  },

    {"no ProgID",                                           HEAD "\n<server>" TWO "</server>\n" TAIL,                               RM_E_INVALID, 3,
     "<server> has no attribute progid",                                                                                                                                                                                             SAME  },
    {"an empty ProgID",                                     HEAD "<server progid=\"\">" TWO "</server>\n" TAIL,                     RM_E_INVALID, 2,
     "is empty",                                                                                                                                                                                                                     SAME  },
    {"a forbidden character (RM-103)",                      HEAD "<server progid=\"A&amp;B\">" TWO "</server>\n" TAIL,
     RM_E_INVALID,                                                                                                                                2, "must not contain < > & or \\",                                                 SAME  },
    {"a ProgID in blanks",                                  HEAD "<server progid=\" A\">" TWO "</server>\n" TAIL,                   RM_E_INVALID, 2,
     "must not begin or end with a blank",                                                                                                                                                                                           SAME  },
    {"a class id that is none",                             HEAD "<server progid=\"A\" clsid=\"{1}\">" TWO "</server>\n" TAIL,
     RM_E_INVALID,                                                                                                                                2, "the class id '{1}' must have the form",                                        SAME  },
    {"a ProgID twice",
     HEAD "<server progid=\"A\">" TWO "</server>\n<server progid=\"A\">" TWO "</server>\n" TAIL,
     RM_E_EXISTS,                                                                                                                                 3, "There is a redundant server 'A' already",                                      SAME  },
    {"a ProgID twice but for case",
     HEAD "<server progid=\"A\">" TWO "</server>\n<server progid=\"a\">" TWO "</server>\n" TAIL,
     RM_E_EXISTS,                                                                                                                                 3, "There is a redundant server 'A' already",                                      SILENT},

    {"a number below its range",                            SERVER("\n<pingInterval>99</pingInterval>" TWO),                        RM_E_INVALID, 4,
     "Line 4: pingInterval can't be '99': give a whole number from 100 to 3600000 (ms).",                                                                                                                                            SAME  },
    {"a number above its range",                            SERVER("<busyGrace>600001</busyGrace>" TWO),                            RM_E_INVALID, 3,
     "busyGrace can't be '600001'",                                                                                                                                                                                                  SAME  },
    {"a number with a unit",                                SERVER("<pingTimeout>1 s</pingTimeout>" TWO),                           RM_E_INVALID, 3,
     "pingTimeout can't be '1 s'",                                                                                                                                                                                                   SAME  },
    {"a number with a sign",                                SERVER("<fall>+1</fall>" TWO),                                          RM_E_INVALID, 3, "fall can't be '+1'",
     SAME                                                                                                                                                                                                                                  },
    {"no number",                                           SERVER("<rise/>" TWO),                                                  RM_E_INVALID, 3, "rise can't be ''",                                                             SAME  },
    {"a wrong choice",                                      SERVER("<mode>Warm</mode>" TWO),                                        RM_E_INVALID, 3,
     "mode can't be 'Warm': choose one of cold, warm or hot.",                                                                                                                                                                       SAME  },
    {"a wrong choice",                                      SERVER("<returnPolicy>yes</returnPolicy>" TWO),                         RM_E_INVALID, 3,
     "choose one of primary, stay, best or command.",                                                                                                                                                                                SAME  },
    {"a wrong choice",                                      SERVER("<unknownWrites>2</unknownWrites>" TWO),                         RM_E_INVALID, 3,
     "choose one of fail or repeat.",                                                                                                                                                                                                SAME  },
    {"a wrong choice",                                      SERVER("<acknowledge>all</acknowledge>" TWO),                           RM_E_INVALID, 3,
     "choose one of none, writes, return or both.",                                                                                                                                                                                  SAME  },
    {"a preferred machine that is not there",               SERVER("<preferredMachine>3</preferredMachine>" TWO),
     RM_E_INVALID,                                                                                                                                2, "preferredMachine is 3, but there are only 2 machines",                         SILENT},
    {"a setting twice",                                     SERVER("<mode>hot</mode>\n<mode>hot</mode>" TWO),                       RM_E_INVALID, 4,
     "<mode> is there twice in redundant server 'Vendor.Server'",                                                                                                                                                                    SAME  },

    {"no machines",                                         SERVER(""),                                                             RM_E_INVALID, 2, "has 0 machines, but needs 2 to 15",                                            SAME  },
    {"the machines twice",                                  SERVER(TWO "\n" TWO),                                                   RM_E_INVALID, 4, "<machines> is there twice",
     SILENT                                                                                                                                                                                                                                },
    {"one machine",                                         MACHINES("<machine host=\"a\"/>"),                                      RM_E_INVALID, 2, "has 1 machine, but needs",
     SAME                                                                                                                                                                                                                                  },
    {"a machine without host",                              MACHINES("<machine host=\"a\"/>\n<machine progid=\"A\"/>"),
     RM_E_INVALID,                                                                                                                                5, "<machine> has no attribute host",                                              SAME  },
    {"an empty host",                                       MACHINES("<machine host=\"\"/><machine host=\"b\"/>"),                  RM_E_INVALID, 4,
     "The host '' of a machine is empty",                                                                                                                                                                                            SAME  },
    {"a host that is none",                                 MACHINES("<machine host=\"\\\\a\"/><machine host=\"b\"/>"),
     RM_E_INVALID,                                                                                                                                4, "must be a plain name or address",                                              SAME  },
    {"a machine's ProgID",                                  MACHINES("<machine host=\"a\" progid=\"&lt;\"/><machine host=\"b\"/>"),
     RM_E_INVALID,                                                                                                                                4, "The ProgID '<' of machine 'a' must not contain",                               SAME  },
    {"a machine's class id",
     MACHINES("<machine host=\"a\" clsid=\"01234567-89AB-CDEF-0123-456789ABCDEF\"/>"),                                              RM_E_INVALID,
     4,                                                                                                                                              "The class id '01234567-89AB-CDEF-0123-456789ABCDEF' of machine 'a' must have", SAME  },
    {"a machine's Windows service",                         MACHINES("<machine host=\"a\" service=\"b/c\"/>"),                      RM_E_INVALID,
     4,                                                                                                                                              "The Windows service 'b/c' of machine 'a' must be the service's own name",      SAME  },
    {"a machine twice",                                     MACHINES("<machine host=\"a\"/><machine host=\"A\"/>"),                 RM_E_INVALID, 2,
     "machines 1 and 2 are the same",                                                                                                                                                                                                SILENT},
    {"a machine twice with its ProgID",
     MACHINES("<machine host=\"a\" progid=\"B\"/><machine host=\"a\" progid=\"B\"/>"),                                              RM_E_INVALID,
     2,                                                                                                                                              "machines 1 and 2 are the same",                                                SAME  },
};

#define DOCUMENTS (sizeof documents / sizeof *documents)

static void each_document_is_taken_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < DOCUMENTS; i++)
    {
        enum rm_status status = stage_parse(documents[i].text, strlen(documents[i].text));
        if (status != documents[i].status)
        {
            fail_msg("%s: status %d, %s", documents[i].shows, (int)status, stage_fault.message);
        }
        if (status == RM_OK)
        {
            rm_config_clear(&stage_config);
            continue;
        }
        stage_refused(documents[i].status, documents[i].line, documents[i].part);
    }
}

/* What was written is read as the same and written as the same. */
static void what_is_written_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < DOCUMENTS; i++)
    {
        if (documents[i].status != RM_OK)
        {
            continue;
        }
        assert_int_equal(stage_parse(documents[i].text, strlen(documents[i].text)), RM_OK);
        char *first = stage_format();
        rm_config_clear(&stage_config);
        assert_int_equal(stage_parse(first, strlen(first)), RM_OK);
        char *second = stage_format();
        rm_config_clear(&stage_config);
        assert_string_equal(second, first);
        free(first);
        free(second);
    }
}

static void what_we_do_not_know_is_kept_at_its_place(void **state)
{
    (void)state;
    assert_int_equal(stage_parse(stage_document, stage_size), RM_OK);
    assert_int_equal(stage_config.servers[0]->rise, 9);
    char *text = stage_format();
    assert_string_equal(text, stage_document);
    free(text);
    rm_config_clear(&stage_config);
}

static void a_copy_keeps_it_too(void **state)
{
    (void)state;
    assert_int_equal(stage_parse(stage_document, stage_size), RM_OK);
    struct rm_server_config *copy = rm_server_config_copy(stage_config.servers[0]);
    assert_non_null(copy);
    rm_server_config_free(stage_config.servers[0]);
    stage_config.servers[0] = copy;
    char *text = stage_format();
    assert_string_equal(text, stage_document);
    free(text);
    rm_config_clear(&stage_config);
}

static void every_setting_is_read(void **state)
{
    (void)state;
    assert_int_equal(stage_parse(stage_document, stage_size), RM_OK);
    const struct rm_server_config *server = stage_config.servers[0];
    assert_string_equal(server->progid, "A.1");
    assert_string_equal(server->clsid, "{01234567-89AB-CDEF-0123-456789ABCDEF}");
    assert_int_equal(server->mode, RM_MODE_HOT);
    assert_int_equal(server->return_policy, RM_RETURN_STAY);
    assert_int_equal(server->unknown_write, RM_UNKNOWN_WRITE_REPEAT);
    assert_int_equal(server->ping_interval_ms, 100);
    assert_int_equal(server->ping_timeout_ms, 50);
    assert_int_equal(server->fall, 10);
    assert_int_equal(server->rise, 9);
    assert_int_equal(server->return_delay_ms, 0);
    assert_int_equal(server->busy_grace_ms, 600000);
    assert_int_equal(server->connect_timeout_ms, 1000);
    assert_int_equal(server->reconnect_interval_ms, 3600000);
    assert_int_equal(server->start_policy, RM_START_FIRST);
    assert_int_equal(server->preferred_machine, 2);
    assert_int_equal(server->ready_percent, 90);
    assert_int_equal(server->flap_limit, 4);
    assert_int_equal(server->flap_window_ms, 60000);
    assert_int_equal(server->acknowledge, RM_ACKNOWLEDGE_WRITES);
    assert_int_equal(server->link_group, 7);
    assert_int_equal(server->callback_check_ms, 0);
    assert_int_equal(server->standby_groups, RM_STANDBY_GROUPS_ACTIVE);
    assert_int_equal(server->max_events, 30000);
    assert_int_equal(server->machine_count, 2);
    assert_string_equal(server->machines[0].host, "a");
    assert_string_equal(server->machines[0].progid, "B.1");
    assert_string_equal(server->machines[1].progid, "");
    assert_string_equal(server->machines[0].service, "");
    assert_string_equal(server->machines[1].service, "Vendor & OPC");
    rm_config_clear(&stage_config);
}

static void an_invalid_configuration_is_not_written(void **state)
{
    (void)state;
    char *text = (char *)&stage_config;
    size_t size = 1;
    assert_int_equal(stage_parse(stage_document, stage_size), RM_OK);
    stage_config.servers[0]->rise = 0;
    assert_int_equal(rm_config_format(&stage_config, &text, &size, &stage_fault), RM_E_INVALID);
    assert_non_null(strstr(stage_fault.message, "rise is 0"));
    assert_null(text);
    assert_int_equal(size, 0);
    rm_config_clear(&stage_config);
}

static bool write_document(const char *folder, const char *kind, size_t number, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s-%02u.xml", folder, kind, (unsigned)number);
    FILE *file = fopen(path, "wb");
    return file != NULL && fputs(text, file) >= 0 && fclose(file) == 0;
}

static int write_documents(const char *folder)
{
    for (size_t i = 0; i < DOCUMENTS; i++)
    {
        const char *kind = documents[i].status == RM_OK ? "valid" : "invalid";
        if (documents[i].schema == SAME && !write_document(folder, kind, i, documents[i].text))
        {
            return 1;
        }
    }
    return write_document(folder, "valid", DOCUMENTS, stage_document) ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_document_is_taken_or_refused),
        cmocka_unit_test(what_is_written_comes_back),
        cmocka_unit_test(what_we_do_not_know_is_kept_at_its_place),
        cmocka_unit_test(a_copy_keeps_it_too),
        cmocka_unit_test(every_setting_is_read),
        cmocka_unit_test(an_invalid_configuration_is_not_written),
    };
    return argc == 2 ? write_documents(argv[1]) : cmocka_run_group_tests(tests, NULL, NULL);
}
