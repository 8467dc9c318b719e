// SPDX-License-Identifier: MIT
/*
 * The prompt: reads a line, finds the command, runs it.
 *
 *    "mm page c0100000\r"  --read_line()-->  "mm page c0100000"
 *                          --split()------>  { "mm", "page", "c0100000" }
 *                          --find()------->  the command "mm page", argv from "page" on
 *
 * A line can be edited: backspace rubs out a character, ^U the line, ^C gives it up.
 *
 * I1. line[] holds what the terminal shows behind the prompt, and has room for a terminator.
 * I2. What a command prints is an answer: console_loglevel shows all messages while one runs.
 */
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/printk.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/types.h>

#define PROMPT		"pagewalk> "
#define LINE_MAX	128
#define HELP_COLUMN	24	/* where the explanations begin */

#define CTRL(c)		((c) & 0x1f)
#define BACKSPACE	'\b'
#define DELETE		0x7f
#define ESCAPE		0x1b

extern const struct shell_command __start_shell_commands[], __stop_shell_commands[];

#define for_each_command(command) \
	for ((command) = __start_shell_commands; (command) < __stop_shell_commands; (command)++)

/* The next character; waits for it. */
static char wait_for_char(void)
{
	int c;

	while ((c = console_getc()) < 0)
		console_wait();
	return c;
}

/* Swallows what is left of an escape sequence, an arrow key's for instance: [ digits letter. */
static void skip_escape_sequence(void)
{
	char c = wait_for_char();

	if (c != '[' && c != 'O')
		return;
	do {
		c = wait_for_char();
	} while ((c >= '0' && c <= '9') || c == ';');
}

static void rub_out(size_t *len)
{
	if (*len == 0)
		return;
	(*len)--;
	console_write("\b \b");
}

static void insert(char *line, size_t *len, char c)
{
	if (c < ' ' || *len + 1 >= LINE_MAX)
		return;
	line[(*len)++] = c;
	console_putc(c);
}

/* Reads a line into line[LINE_MAX], terminated, without its end. */
static void read_line(char *line)
{
	size_t len = 0;
	char c;

	while ((c = wait_for_char()) != '\r' && c != '\n') {
		if (c == BACKSPACE || c == DELETE) {
			rub_out(&len);
		} else if (c == CTRL('U')) {
			while (len)
				rub_out(&len);
		} else if (c == CTRL('C')) {
			console_write("^C");
			len = 0;
			break;
		} else if (c == ESCAPE) {
			skip_escape_sequence();
		} else {
			insert(line, &len, c);
		}
	}
	line[len] = '\0';
	console_write("\n");
}

/* Cuts @line into words. Return: their number, or -E2BIG if there are more than @max. */
static int split(char *line, char **words, int max)
{
	int count = 0;

	for (;;) {
		while (*line == ' ' || *line == '\t')
			*line++ = '\0';
		if (*line == '\0')
			return count;
		if (count == max)
			return -E2BIG;
		words[count++] = line;
		while (*line != '\0' && *line != ' ' && *line != '\t')
			line++;
	}
}

/* How many of the words @name consists of: 1 or 2, and 0 if the words are others. */
static int match(const char *name, int count, char **words)
{
	size_t len = strlen(words[0]);

	if (strncmp(name, words[0], len) != 0)
		return 0;
	if (name[len] == '\0')
		return 1;
	if (name[len] == ' ' && count > 1 && strcmp(name + len + 1, words[1]) == 0)
		return 2;
	return 0;
}

/* The command that the words begin with; *@used receives the words of its name. NULL if there is none. */
static const struct shell_command *find(int count, char **words, int *used)
{
	const struct shell_command *command;

	for_each_command(command) {
		*used = match(command->name, count, words);
		if (*used)
			return command;
	}
	return NULL;
}

static void print_usage(const struct shell_command *command)
{
	int room = HELP_COLUMN - strlen(command->name);

	console_printf("  %s %-*s %s\n", command->name, room > 0 ? room : 0, command->args, command->help);
}

/* Is the command one of two words that begins with @group? */
static bool in_group(const struct shell_command *command, const char *group)
{
	size_t len = strlen(group);

	return strncmp(command->name, group, len) == 0 && command->name[len] == ' ';
}

/* Prints the commands of @group. Return: how many there are. */
static int print_group(const char *group)
{
	const struct shell_command *command;
	int found = 0;

	for_each_command(command) {
		if (in_group(command, group)) {
			print_usage(command);
			found++;
		}
	}
	return found;
}

static const struct shell_command *find_exactly(const char *name)
{
	const struct shell_command *command;

	for_each_command(command) {
		if (strcmp(command->name, name) == 0)
			return command;
	}
	return NULL;
}

static int help_about(const char *name)
{
	const struct shell_command *command = find_exactly(name);

	if (command) {
		print_usage(command);
	} else if (!print_group(name)) {
		console_printf("help: no command \"%s\"\n", name);
		return -ENOENT;
	}
	return 0;
}

static int help(int argc, char **argv)
{
	const struct shell_command *command;

	if (argc > 2)
		return -EINVAL;
	if (argc == 2)
		return help_about(argv[1]);
	for_each_command(command)
		print_usage(command);
	return 0;
}
SHELL_COMMAND("help", "[command]", "what can be typed here", help);

/* Words that name no command: says so, and shows the group if the first word is that of one. */
static int not_found(const char *first, const char *second)
{
	console_printf("%s%s%s: no such command; try help\n", first, second ? " " : "", second ? second : "");
	print_group(first);
	return -ENOENT;
}

/* I2 */
static int run(const struct shell_command *command, int argc, char **argv)
{
	int loglevel = console_loglevel;
	int err;

	if (console_loglevel < CONSOLE_LOGLEVEL_DEFAULT)
		console_loglevel = CONSOLE_LOGLEVEL_DEFAULT;
	err = command->run(argc, argv);
	console_loglevel = loglevel;
	if (err == -EINVAL)
		console_printf("usage: %s %s\n", command->name, command->args);
	return err;
}

int shell_execute(char *line)
{
	char *words[SHELL_ARGS_MAX];
	const struct shell_command *command;
	int used, count;

	BUG_ON(!line);
	count = split(line, words, SHELL_ARGS_MAX);
	if (count < 0) {
		console_printf("more than %d words\n", SHELL_ARGS_MAX);
		return count;
	}
	if (count == 0 || words[0][0] == '#')
		return 0;
	command = find(count, words, &used);
	if (!command)
		return not_found(words[0], count > 1 ? words[1] : NULL);
	return run(command, count - used + 1, words + used - 1);
}

void shell(void)
{
	static char line[LINE_MAX];

	for (;;) {
		console_write(PROMPT);
		read_line(line);
		shell_execute(line);
	}
}
