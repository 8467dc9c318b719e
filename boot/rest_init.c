// SPDX-License-Identifier: MIT
/*
 * What comes after booting, in Linux the end of kernel_init(): the other CPUs and the threads that
 * serve all are started, and the init sections given back; then run the measurements that `bench=`
 * names and the self-tests that `test=` names, all of these by default; then comes the prompt, or
 * with `batch` the end, with the tests' verdict as exit status.
 */
#include <kernel/console.h>
#include <kernel/kthread.h>
#include <kernel/params.h>
#include <kernel/reboot.h>
#include <kernel/schedule.h>
#include <kernel/setup.h>
#include <kernel/shell.h>
#include <kernel/smp.h>
#include <kernel/workqueue.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/init.h>
#include <mm/slab.h>
#include <mm/vmscan.h>
#include <mm/watermark.h>
#include <bench.h>
#include <crash.h>
#include <test.h>

#define SUITES_MAX	256

static char test_suites[SUITES_MAX] = "all";
static bool batch;

static int __init test_setup(char *value)
{
	if (!value || strlen(value) >= sizeof(test_suites))
		return -EINVAL;
	strscpy(test_suites, value, sizeof(test_suites));
	return 0;
}
__setup("test=", test_setup);

static int __init batch_setup(char *value)
{
	if (value)
		return -EINVAL;
	batch = true;
	return 0;
}
__setup("batch", batch_setup);

/* Thread 1, on CPU 0 as the boot thread was: what the tests and the prompt show is reproducible. */
static int kernel_init(void *unused)
{
	int failed;

	(void)unused;
	smp_init();
	init_workqueues();
	cpucache_init();
	kswapd_init();
	yield();		/* these threads go to where they wait: what is seen of them is reproducible */
	free_initmem();
	setup_per_zone_wmarks();		/* zones manage more pages now */
	setup_per_zone_lowmem_reserve();
	crash_if_asked();
	bench_if_asked();
	failed = run_tests(test_suites);
	if (batch)
		kernel_exit(failed ? 1 : 0);
	console_write("Type help for what can be done here.\n");
	shell();
}

/* From here on the thread that booted is CPU 0's idle thread. */
void rest_init(void)
{
	struct task_struct *init = kthread_create(kernel_init, NULL, "init");

	BUG_ON(IS_ERR(init), "no memory for the first thread");
	kthread_bind(init, 0);
	wake_up_process(init);
	cpu_idle();
}
