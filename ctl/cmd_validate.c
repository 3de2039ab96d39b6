/* rmctl validate */
#include <stdio.h>
#include <string.h>

#include <rm/config_advice.h>
#include <rm/config_xml.h>

#include "ctl.h"
#include "output.h"

struct findings
{
    struct rm_json json;
    bool is_json;
    unsigned notices;
};

static void print_fault(void *context, const struct rm_config_error *fault)
{
    struct findings *findings = context;
    if (findings->is_json)
    {
        rm_json_begin_object(&findings->json, NULL);
        rm_json_number(&findings->json, "line", fault->line);
        rm_json_text(&findings->json, "text", fault->message);
        rm_json_end_object(&findings->json);
    }
    else if (fault->line > 0)
    {
        output_print("line %u: %s\n", fault->line, fault->message);
    }
    else
    {
        output_print("%s\n", fault->message);
    }
}

static void print_notice(void *context, const char *sentence)
{
    struct findings *findings = context;
    findings->notices++;
    if (findings->is_json)
    {
        rm_json_text(&findings->json, NULL, sentence);
    }
    else
    {
        output_print("note: %s\n", sentence);
    }
}

static void print_notices(struct findings *findings, const struct rm_config *config)
{
    for (size_t i = 0; i < config->notice_count; i++)
    {
        print_notice(findings, config->notices[i]);
    }
    rm_config_advise(config, print_notice, findings);
}

static enum ctl_exit run_validate(struct ctl *ctl)
{
    struct findings findings = {.json = {.put = ctl_put_json}, .is_json = ctl->is_json};
    const char *path = ctl->plain_count > 0 ? ctl->plain[0] : ctl->config_path;
    struct rm_config config;
    if (ctl->is_json)
    {
        rm_json_begin_object(&findings.json, NULL);
        rm_json_text(&findings.json, "file", path);
        rm_json_begin_array(&findings.json, "faults");
    }
    unsigned faults = rm_config_examine(&config, path, print_fault, &findings);
    if (ctl->is_json)
    {
        rm_json_end_array(&findings.json);
        rm_json_begin_array(&findings.json, "notices");
    }
    print_notices(&findings, &config);
    if (ctl->is_json)
    {
        rm_json_end_array(&findings.json);
        rm_json_bool(&findings.json, "valid", faults == 0);
        rm_json_end_object(&findings.json);
        ctl->has_printed_json = true;
    }
    else if (faults > 0)
    {
        output_print("%u fault%s: '%s' can't be used.\n", faults, faults == 1 ? "" : "s", path);
    }
    else
    {
        output_print("'%s' is valid: %u redundant server%s, %u note%s.\n", path,
                     (unsigned)config.server_count, config.server_count == 1 ? "" : "s",
                     findings.notices, findings.notices == 1 ? "" : "s");
    }
    rm_config_clear(&config);
    return faults == 0 ? CTL_FINE : CTL_FAILED;
}

const struct ctl_command ctl_command_validate = {
    .name = "validate",
    .arguments = "[FILE]",
    .summary = "checks a settings file, and tells all that is wrong with it",
    .details =
        "Without FILE: the settings file itself. Nothing is changed. Faults have their line;\n"
        "notes are about what is allowed, or put right when it is read, and is hardly what was\n"
        "meant. Exit status 1 if there is a fault.",
    .plain_max = 1,
    .prints_json = true,
    .run = run_validate,
};
