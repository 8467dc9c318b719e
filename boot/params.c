// SPDX-License-Identifier: MIT
/*
 * The kernel's command line: taken in, cut into parameters, handed to who registered for them.
 *
 *    ATAG_CMDLINE --set_boot_command_line()--> boot_command_line    mem=64M test="a b" foo -- rest
 *                                              | copy      | copy
 *                       parse_early_param()    v           v        parse_params()
 *                         early_command_line:         static_command_line:
 *                         mem\0 64M\0 ...             ... test\0 a b\0
 *                         early_param() handlers      __setup() handlers
 *
 * Both kinds of handler stand in one table, which the linker collects: see include/kernel/params.h.
 *
 * I1. boot_command_line is terminated, holds no control character, and ends where a parameter ends.
 * I2. The copies live as long as the kernel: handlers keep pointers into them. Parsing the
 *     same line again would write the same text to the same places.
 * I3. Each parameter is claimed by a handler, or named by parse_params() at the latest.
 */
#include <kernel/bug.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <lib/vsprintf.h>

/* How much of a parameter a message shows. */
#define SHOWN_SIZE	80

extern const struct obs_kernel_param __setup_start[], __setup_end[];

char boot_command_line[COMMAND_LINE_SIZE];
static char early_command_line[COMMAND_LINE_SIZE];
static char static_command_line[COMMAND_LINE_SIZE];

static inline bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* White space becomes a blank, any other control character '?'. Return: how many of the latter. */
static unsigned int __init clean_text(char *text)
{
	unsigned int replaced = 0;

	for (; *text; text++) {
		if (is_space(*text)) {
			*text = ' ';
		} else if (is_control(*text)) {
			*text = '?';
			replaced++;
		}
	}
	return replaced;
}

/* Where to cut @text so that at most @max characters stay and no parameter is cut in two. */
static size_t __init last_border(const char *text, size_t max)
{
	bool in_quote = false;
	size_t i, border = 0;

	for (i = 0; i <= max; i++) {
		if (text[i] == '"')
			in_quote = !in_quote;
		else if (is_space(text[i]) && !in_quote)
			border = i;
	}
	return border;
}

/* Say what is lost of a command line that is cut behind @kept of its @length characters. */
static void __init name_lost_text(const char *text, size_t length, size_t kept)
{
	char lost[SHOWN_SIZE];
	size_t shown = min(length - kept, sizeof(lost) - 1);

	memcpy(lost, text + kept, shown);
	lost[shown] = '\0';
	clean_text(lost);
	pr_err("Command line of %zu characters, room for %u: cut behind %zu, lost:%s%s%s\n",
	       length, COMMAND_LINE_SIZE - 1, kept, is_space(lost[0]) ? "" : " ", lost,
	       shown < length - kept ? "..." : "");
}

/* Say where a quote was opened that nothing closes. */
static void __init name_open_quote(const char *text)
{
	const char *open = NULL, *p;

	for (p = text; *p; p++)
		if (*p == '"')
			open = open ? NULL : p;
	if (open)
		pr_warn("Command line: the quote at character %u is not closed: reaches to the end\n",
			(unsigned int)(open - text) + 1);
}

void __init set_boot_command_line(const char *text, size_t bytes)
{
	size_t length = strnlen(text, bytes), kept = length;
	unsigned int replaced;

	BUG_ON(!text && bytes, "no text of %zu bytes", bytes);
	if (length >= COMMAND_LINE_SIZE) {
		kept = last_border(text, COMMAND_LINE_SIZE - 1);
		name_lost_text(text, length, kept);
	}
	BUG_ON(kept >= COMMAND_LINE_SIZE, "%zu of %zu characters kept", kept, length);
	memcpy(boot_command_line, text, kept);
	boot_command_line[kept] = '\0';

	replaced = clean_text(boot_command_line);
	if (replaced)
		pr_warn("Command line: %u characters that are not text, shown as '?'\n", replaced);
	name_open_quote(boot_command_line);
}

/*
 * The text of a parameter or value from @text to @end without its quotes, if it begins with one.
 * The character at @end is overwritten.
 */
static char * __init unquote(char *text, char *end, bool quoted)
{
	if (quoted && end > text && end[-1] == '"')
		end--;
	*end = '\0';
	return text;
}

/**
 * next_arg - cut off the first parameter
 * @args: text that does not begin with white space and is not empty
 * @param: receives its name
 * @val: receives its value, or NULL
 *
 * Return: what follows it.
 */
static char * __init next_arg(char *args, char **param, char **val)
{
	bool quoted = *args == '"', in_quote = quoted;
	char *name = args + quoted, *equals = NULL, *end, *rest;

	BUG_ON(!*args || is_space(*args), "'%.16s'", args);
	for (end = name; *end && (in_quote || !is_space(*end)); end++) {
		if (*end == '"')
			in_quote = !in_quote;
		else if (*end == '=' && !equals && end > name)
			equals = end;
	}
	rest = *end ? end + 1 : end;

	*val = NULL;
	if (equals) {
		bool val_quoted = equals[1] == '"';

		*val = unquote(equals + 1 + val_quoted, end, quoted || val_quoted);
		end = equals;
		quoted = false;
	}
	*param = unquote(name, end, quoted);
	return rest;
}

char * __init parse_args(const char *doing, char *args,
			 void (*handle)(const char *doing, char *param, char *val))
{
	char *param, *val;

	BUG_ON(!args || !handle, "%s: nothing to parse, or nobody to tell", doing);
	for (;;) {
		while (is_space(*args))
			args++;
		if (!*args)
			return NULL;
		args = next_arg(args, &param, &val);
		if (!val && strcmp(param, "--") == 0)
			return args;
		handle(doing, param, val);
	}
}

/* The parameter as text for a message, cut to @size with "..." at its end. */
static const char * __init show_param(char *buf, size_t size, const char *param, const char *val)
{
	if (snprintf(buf, size, "%s%s%s", param, val ? "=" : "", val ?: "") >= (int)size)
		memcpy(buf + size - sizeof("..."), "...", sizeof("..."));
	return buf;
}

static inline char dash_to_underscore(char c)
{
	return c == '-' ? '_' : c;
}

/* Is @param the name that a table entry's string registers? That may have a '=' behind it. */
static bool __init param_is(const char *registered, const char *param)
{
	while (*param && dash_to_underscore(*registered) == dash_to_underscore(*param)) {
		registered++;
		param++;
	}
	return !*param && (!*registered || strcmp(registered, "=") == 0);
}

static bool __init needs_value(const struct obs_kernel_param *p)
{
	return p->str[strlen(p->str) - 1] == '=';
}

/* Call one handler, and name what it does not like. */
static void __init call_handler(const struct obs_kernel_param *p, const char *doing,
				const char *param, char *val)
{
	char shown[SHOWN_SIZE];

	BUG_ON(!p->str[0] || !p->setup_func, "'%s'", p->str);
	if (!val && needs_value(p))
		pr_err("Malformed %s '%s': needs a value: ignored\n", doing,
		       show_param(shown, sizeof(shown), param, val));
	else if (p->setup_func(val))
		pr_err("Malformed %s '%s': ignored\n", doing,
		       show_param(shown, sizeof(shown), param, val));
}

/* Call the handlers of one kind for @param. Return: has it any, of either kind? */
static bool __init call_handlers(bool early, const char *doing, const char *param, char *val)
{
	const struct obs_kernel_param *p;
	bool known = false;

	for (p = __setup_start; p < __setup_end; p++) {
		if (!param_is(p->str, param))
			continue;
		known = true;
		if (p->early == early)
			call_handler(p, doing, param, val);
	}
	return known;
}

static void __init do_early_param(const char *doing, char *param, char *val)
{
	call_handlers(true, doing, param, val);
}

static void __init do_param(const char *doing, char *param, char *val)
{
	char shown[SHOWN_SIZE];

	if (!call_handlers(false, doing, param, val))
		pr_warn("Unknown parameter '%s': ignored\n",
			show_param(shown, sizeof(shown), param, val));
}

void __init parse_early_param(void)
{
	memcpy(early_command_line, boot_command_line, COMMAND_LINE_SIZE);
	parse_args("early option", early_command_line, do_early_param);
}

void __init parse_params(void)
{
	char *rest;

	memcpy(static_command_line, boot_command_line, COMMAND_LINE_SIZE);
	rest = parse_args("option", static_command_line, do_param);
	if (rest && *rest)
		pr_info("Command line behind '--' is not for the kernel: %s\n", rest);
}

/* loglevel=N: messages whose level is below N are printed. */
static int __init loglevel(char *value)
{
	unsigned long level;

	if (kstrtoul(value, 10, &level) || level > 8) {
		pr_err("loglevel: a number from 0 to 8 is needed\n");
		return -EINVAL;
	}
	console_loglevel = level;
	return 0;
}
early_param("loglevel=", loglevel);
