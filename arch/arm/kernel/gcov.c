// SPDX-License-Identifier: MIT
/*
 * What was executed, told to the host at the end of a run; only in kernels built with COVERAGE=1.
 *
 * Each measured file counts how often its code was passed, in arrays that GCC made, and has a record of them:
 *
 *    .gcov_info      | buddy.c | pcp.c | ... |        one pointer for each measured file
 *                         |
 *                  record, counters  --libgcov-->  the bytes of buddy.gcda  --semihosting-->  a file of this boot
 *
 * The file lies in COVERAGE_BOOTS; scripts/gcda.pl makes .gcda files of all that lie there.
 *
 * I1. No two boots write to the same file, at the same moment or not.
 * I2. Runs in any context, after a panic too: takes no lock and no memory, and is not measured itself.
 */
#include <gcov.h>
#include <asm/semihosting.h>
#include <kernel/gcov.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include <lib/vsprintf.h>

#define NAME_MAX	500
#define BYTES_MAX	0x8000
#define PATH_MAX	500
#define MODE_READ	1		/* the modes of SYS_OPEN that are fopen()'s "rb" and "wb" */
#define MODE_WRITE	5
#define MAX_REBOOTS	256

extern const struct gcov_info *const __start_gcov_info[], *const __stop_gcov_info[];

/* One file's bytes; the header is written in front of them when their number is known. */
static struct {
	char name[NAME_MAX];
	size_t used;
	char bytes[NAME_MAX + BYTES_MAX];
} record;

static void take_name(const char *name, void *unused)
{
	(void)unused;
	strscpy(record.name, name, sizeof(record.name));
	record.used = 0;
}

static void take_bytes(const void *bytes, unsigned int size, void *unused)
{
	(void)unused;
	if (size <= BYTES_MAX - record.used)
		memcpy(record.bytes + NAME_MAX + record.used, bytes, size);
	record.used += size;
}

/* For counters of values, which nobody asks for. */
static void *no_memory(unsigned int size, void *unused)
{
	(void)size, (void)unused;
	return NULL;
}

/* Return: success. */
static bool write_record(long file)
{
	char header[NAME_MAX];
	size_t length = scnprintf(header, sizeof(header), "gcda %zu %s\n", record.used, record.name);
	char *start = record.bytes + NAME_MAX - length;
	const unsigned long block[3] = { file, (unsigned long)start, length + record.used };

	if (record.used > BYTES_MAX)
		return false;
	memcpy(start, header, length);
	return semihosting_call(SYS_WRITE, block) == 0;
}

static long open_file(const char *path, unsigned long mode)
{
	const unsigned long block[3] = { (unsigned long)path, mode, strlen(path) };

	return semihosting_call(SYS_OPEN, block);
}

/*
 * I1. The name for a temporary file that the host gives is its own process number's, with one of ours: the first
 * whose file is not there, as the machine may have been reset. Return: the file, -1 if there is none.
 */
static long open_new_file(void)
{
	static char temporary[PATH_MAX], path[PATH_MAX];

	for (unsigned long number = 0; number < MAX_REBOOTS; number++) {
		const unsigned long block[3] = { (unsigned long)temporary, number, sizeof(temporary) };
		const char *name = temporary;
		long file;

		if (semihosting_call(SYS_TMPNAM, block) != 0)
			return -1;
		for (const char *slash = name; slash; slash = strchr(name, '/'))
			name = slash + 1;
		scnprintf(path, sizeof(path), "%s/%s", COVERAGE_BOOTS, name);
		file = open_file(path, MODE_READ);
		if (file == -1)
			return open_file(path, MODE_WRITE);
		semihosting_call(SYS_CLOSE, &file);
	}
	return -1;
}

void gcov_dump(void)
{
	long file = open_new_file();

	if (file == -1) {
		pr_err("coverage: no file in %s\n", COVERAGE_BOOTS);
		return;
	}
	for (const struct gcov_info *const *info = __start_gcov_info; info < __stop_gcov_info; info++) {
		__gcov_info_to_gcda(*info, take_name, take_bytes, no_memory, NULL);
		if (!write_record(file))
			pr_err("coverage: %s: %zu bytes cannot be written\n", record.name, record.used);
	}
	semihosting_call(SYS_CLOSE, &file);
}
