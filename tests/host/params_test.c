// SPDX-License-Identifier: MIT
/*
 * The command line: boot/params.c. Lines that are passed stand against the end of RAM, so that a
 * character read past them faults; the parser is also compared with one written the other way
 * round, from the grammar, on random lines.
 */
#include "host.h"
#include "fuzz.h"
#include <asm/page.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>

#include <string.h>

TEST_SUITE("params");

/* What handlers saw, as text: "name=value;" or "name;" for each call. */
static char seen[4 * COMMAND_LINE_SIZE];

static void note(const char *name, const char *value)
{
	size_t used = strlen(seen);

	snprintf(seen + used, sizeof(seen) - used, "%s%s%s;", name, value ? "=" : "", value ?: "");
}

static char *kept_early, *kept_late;

static int alpha(char *value)
{
	note("alpha", value);
	kept_early = value;
	return 0;
}
early_param("alpha", alpha);

static int beta(char *value)
{
	note("beta", value);
	kept_late = value;
	return 0;
}
__setup("beta", beta);

static int gamma_ray(char *value)
{
	note("gamma_ray", value);
	return strcmp(value, "bad") ? 0 : -EINVAL;
}
__setup("gamma_ray=", gamma_ray);

static int both_early(char *value)
{
	note("both-early", value);
	return 0;
}
early_param("both", both_early);

static int both_late(char *value)
{
	note("both-late", value);
	return 0;
}
__setup("both=", both_late);

/* A place for @bytes bytes with an inaccessible page right behind. */
static char *at_end_of_ram(size_t bytes)
{
	static unsigned long ram;

	if (!ram)
		host_ram_setup(ram = 16 * PAGE_SIZE);
	return (char *)__va(PHYS_OFFSET + ram) - bytes;
}

/* Boot with @line, as a tag passes it: without a terminator. */
static void boot_with(const char *line)
{
	size_t length = strlen(line);
	char *text = at_end_of_ram(length);

	memcpy(text, line, length);
	seen[0] = '\0';
	set_boot_command_line(text, length);
	parse_early_param();
	parse_params();
}

#define EXPECT_SEEN(text)							\
	do {									\
		if (!EXPECT(!strcmp(seen, text)))				\
			test_note("seen: %s", seen);				\
	} while (0)

TEST("an early parameter is handed over first, in the order of the line otherwise")
{
	boot_with("beta=1 alpha=2 beta=3 alpha=4");
	EXPECT_SEEN("alpha=2;alpha=4;beta=1;beta=3;");
	EXPECT(host_log()[0] == '\0');
}

TEST("a bare name has the value NULL, an empty one the value \"\"")
{
	boot_with("alpha beta= beta");
	EXPECT_SEEN("alpha;beta=;beta;");
}

TEST("a name that is registered with a '=' needs a value, and its handler never sees NULL")
{
	boot_with("gamma_ray gamma_ray=");
	EXPECT_SEEN("gamma_ray=;");
	EXPECT(host_log_has("Malformed option 'gamma_ray': needs a value: ignored"));
}

TEST("a name that is only the beginning of a registered one, or longer, is unknown")
{
	boot_with("alph alphax gamma_ra=1 gamma_rayy=1 =alpha = alpha");
	EXPECT_SEEN("alpha;");
	EXPECT(host_log_has("Unknown parameter 'alph': ignored"));
	EXPECT(host_log_has("Unknown parameter 'alphax': ignored"));
	EXPECT(host_log_has("Unknown parameter 'gamma_ra=1': ignored"));
	EXPECT(host_log_has("Unknown parameter 'gamma_rayy=1': ignored"));
	EXPECT(host_log_has("Unknown parameter '=alpha': ignored"));
	EXPECT(host_log_has("Unknown parameter '=': ignored"));
}

TEST("in names '-' and '_' are the same")
{
	boot_with("gamma-ray=x-y");
	EXPECT_SEEN("gamma_ray=x-y;");
}

TEST("a name with an early and a late handler reaches both")
{
	boot_with("both=1");
	EXPECT_SEEN("both-early=1;both-late=1;");
}

TEST("quotes keep white space, around a value and around the whole")
{
	boot_with("alpha=\"a b\" \"beta=c  d\" gamma_ray=\"\" beta=\"e=f\" beta=g\"h i\"j");
	EXPECT_SEEN("alpha=a b;beta=c  d;gamma_ray=;beta=e=f;beta=g\"h i\"j;");
}

TEST("a quote that is never closed reaches to the end and is reported with its place")
{
	boot_with("beta=1 alpha=\"a b beta=2");
	EXPECT_SEEN("alpha=a b beta=2;beta=1;");
	EXPECT(host_log_has("the quote at character 14 is not closed"));
}

TEST("a line of nothing but quotes and blanks is survived")
{
	boot_with("\" \" \"\" \"");
	EXPECT_SEEN("");
	EXPECT(host_log_has("Unknown parameter ' ': ignored"));
	EXPECT(host_log_has("Unknown parameter '': ignored"));
	boot_with("   ");
	boot_with("");
	EXPECT_SEEN("");
}

TEST("what stands behind -- is not parsed, and is shown")
{
	boot_with("alpha=1 -- alpha=2 beta=\"3 4\"");
	EXPECT_SEEN("alpha=1;");
	EXPECT(host_log_has("behind '--' is not for the kernel: alpha=2 beta=\"3 4\""));
	host_log_clear();
	boot_with("alpha=1 --");
	EXPECT(host_log()[0] == '\0');
	boot_with("--=1 alpha");
	EXPECT_SEEN("alpha;");
}

TEST("a handler's refusal is named with parameter and value, and the rest is parsed")
{
	boot_with("gamma_ray=bad gamma_ray=good");
	EXPECT_SEEN("gamma_ray=bad;gamma_ray=good;");
	EXPECT(host_log_has("Malformed option 'gamma_ray=bad': ignored"));
	EXPECT(!host_log_has("good"));
}

TEST("white space of all kinds separates, other control characters become '?'")
{
	boot_with("alpha=1\n\tbeta=2\r\nbeta=\x01\x7f \xc3\xa9");
	EXPECT_SEEN("alpha=1;beta=2;beta=?\?;");
	EXPECT(host_log_has("2 characters that are not text"));
	EXPECT(host_log_has("Unknown parameter '\xc3\xa9'"));
}

TEST("values stay where they are after parsing")
{
	boot_with("alpha=first beta=\"se cond\"");
	EXPECT(!strcmp(kept_early, "first"));
	EXPECT(!strcmp(kept_late, "se cond"));
	EXPECT(!strcmp(boot_command_line, "alpha=first beta=\"se cond\""));
}

/* "alpha=1 " and then xxx... up to @length characters. */
static void long_line(char *line, size_t length)
{
	strcpy(line, "alpha=1 ");
	memset(line + 8, 'x', length - 8);
	line[length] = '\0';
}

TEST("a line of 1023 characters is taken whole, one of 1024 is cut between two parameters")
{
	char line[COMMAND_LINE_SIZE + 64];

	long_line(line, COMMAND_LINE_SIZE - 1);
	boot_with(line);
	EXPECT_EQ(strlen(boot_command_line), COMMAND_LINE_SIZE - 1);
	EXPECT(!host_log_has("room for"));

	long_line(line, COMMAND_LINE_SIZE);
	boot_with(line);
	EXPECT(!strcmp(boot_command_line, "alpha=1"));
	EXPECT_SEEN("alpha=1;");
	EXPECT(host_log_has("Command line of 1024 characters, room for 1023: cut behind 7, lost: xxxx"));
	EXPECT(host_log_has("xxx..."));
}

TEST("a line is cut at the last border that fits, and what is lost is shown")
{
	char line[COMMAND_LINE_SIZE + 64];

	long_line(line, COMMAND_LINE_SIZE - 1);
	strcat(line, " beta=lost");
	boot_with(line);
	EXPECT_EQ(strlen(boot_command_line), COMMAND_LINE_SIZE - 1);
	EXPECT(host_log_has("cut behind 1023, lost: beta=lost"));
	EXPECT_SEEN("alpha=1;");
}

TEST("a line is not cut inside of quotes")
{
	char line[COMMAND_LINE_SIZE + 64];

	long_line(line, COMMAND_LINE_SIZE + 16);
	memcpy(line, "alpha=1 \"beta=x ", 16);
	boot_with(line);
	EXPECT(!strcmp(boot_command_line, "alpha=1"));
	EXPECT(!host_log_has("not closed"));
}

TEST("a single parameter that is too long leaves an empty line")
{
	char line[COMMAND_LINE_SIZE + 64];

	memset(line, 'y', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	boot_with(line);
	EXPECT(boot_command_line[0] == '\0');
	EXPECT(host_log_has("cut behind 0, lost: yyyy"));
}

TEST("a long parameter is shown cut in messages")
{
	char line[COMMAND_LINE_SIZE];

	memset(line, 'z', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	boot_with(line);
	EXPECT(host_log_has("zzz...': ignored"));
	EXPECT(strlen(host_log()) < 160);
}

TEST("loglevel= takes 0 to 8 and names anything else")
{
	static const char *const bad[] = { "9", "-1", "", "x", "7x", "99999999999", "0x3" };
	char line[64];

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		host_log_clear();
		snprintf(line, sizeof(line), "loglevel=%s", bad[i]);
		boot_with(line);
		EXPECT_EQ(console_loglevel, CONSOLE_LOGLEVEL_DEFAULT);
		snprintf(line, sizeof(line), "Malformed early option 'loglevel=%s': ignored", bad[i]);
		EXPECT(host_log_has(line));
		EXPECT(host_log_has("a number from 0 to 8"));
	}
	boot_with("loglevel");
	EXPECT(host_log_has("'loglevel': needs a value"));
	boot_with("loglevel=0");
	EXPECT_EQ(console_loglevel, 0);
	boot_with("loglevel=8");
	EXPECT_EQ(console_loglevel, 8);
}

/*
 * The model reads a line by the grammar, writing each parameter to a buffer of its own as
 * "name=value;".
 * Return: what follows it.
 */
static const char *model_param(const char *p, char *text)
{
	char word[COMMAND_LINE_SIZE + 1], *value = NULL;
	bool in_quote = false, whole_quoted = *p == '"';
	size_t length = 0;

	for (; *p && (in_quote || *p != ' '); p++) {
		if (*p == '"')
			in_quote = !in_quote;
		word[length++] = *p;
	}
	word[length] = '\0';
	memmove(word, word + whole_quoted, length + 1 - whole_quoted);
	length -= whole_quoted;
	if (length > 1)
		value = memchr(word + 1, '=', length - 1);
	if (value)
		*value++ = '\0';
	if (value && (whole_quoted || *value == '"')) {
		if (*value == '"')
			memmove(value, value + 1, strlen(value));
		if (*value && value[strlen(value) - 1] == '"')
			value[strlen(value) - 1] = '\0';
	} else if (!value && whole_quoted && length && word[length - 1] == '"') {
		word[length - 1] = '\0';
	}
	if (!value && !strcmp(word, "--"))
		return NULL;
	snprintf(text, 2 * COMMAND_LINE_SIZE, "%s%s%s;", word, value ? "=" : "", value ?: "");
	return p;
}

static void model_line(const char *line, char *text)
{
	*text = '\0';
	while (line && *line) {
		if (*line == ' ')
			line++;
		else
			line = model_param(line, text + strlen(text));
	}
}

static void note_param(const char *doing, char *param, char *val)
{
	(void)doing;
	note(param, val);
}

/* Operation: parse a line of arg[1] characters, which the random numbers of seed arg[0] spell. */
static void line_reset(void)
{
}

static void line_generate(struct fuzz_op *op)
{
	op->kind = test_random_below(8);
	op->arg[0] = test_random();
	op->arg[1] = test_random_below(op->kind ? 48 : COMMAND_LINE_SIZE + 80);
}

static void spell(const struct fuzz_op *op, char *line)
{
	static const char letters[] = "  \"\"==--_a=b mem=1K";
	u32 state = op->arg[0];

	for (u32 i = 0; i < op->arg[1]; i++) {
		state = state * 1664525u + 1013904223u;
		line[i] = letters[(state >> 16) % (sizeof(letters) - 1)];
	}
	line[op->arg[1]] = '\0';
}

static bool line_apply(const struct fuzz_op *op)
{
	char line[2 * COMMAND_LINE_SIZE], wanted[4 * COMMAND_LINE_SIZE], *copy;
	size_t length;

	spell(op, line);
	boot_with(line);
	length = strlen(boot_command_line);
	if (length > op->arg[1] || memcmp(boot_command_line, line, length) ||
	    (length < op->arg[1] && op->arg[1] < COMMAND_LINE_SIZE))
		return false;

	copy = at_end_of_ram(length + 1);
	strcpy(copy, boot_command_line);
	seen[0] = '\0';
	parse_args("fuzz", copy, note_param);
	model_line(boot_command_line, wanted);
	return !strcmp(seen, wanted);
}

static void line_print(const struct fuzz_op *op, char *text, size_t size)
{
	char line[2 * COMMAND_LINE_SIZE];

	spell(op, line);
	snprintf(text, size, "line '%.200s'", line);
}

TEST("random lines are parsed as the grammar says")
{
	static const struct fuzz lines = {
		.ops = 250000, .round = 4000,
		.reset = line_reset, .generate = line_generate,
		.apply = line_apply, .print = line_print,
	};

	EXPECT(fuzz_run(&lines));
}
