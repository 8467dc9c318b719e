// SPDX-License-Identifier: MIT
/*
 * Commands that belong to no part of memory management: run the self-tests, count interrupts, end.
 */
#include <kernel/interrupt.h>
#include <kernel/reboot.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <test.h>

static int test(int argc, char **argv)
{
	int failed;

	if (argc > 2)
		return -EINVAL;
	failed = run_tests(argc == 2 ? argv[1] : "all");
	return failed > 0 ? -EAGAIN : failed;
}
SHELL_COMMAND("test", "[suite,...]", "run the self-tests", test);

static int interrupts(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return -EINVAL;
	show_interrupts();
	return 0;
}
SHELL_COMMAND("interrupts", "", "how many of each came, as /proc/interrupts", interrupts);

static int reboot(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return -EINVAL;
	machine_restart();
}
SHELL_COMMAND("reboot", "", "reset the machine", reboot);

static int poweroff(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return -EINVAL;
	machine_power_off();
}
SHELL_COMMAND("poweroff", "", "switch the machine off; leaves QEMU", poweroff);
