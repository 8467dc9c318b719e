// SPDX-License-Identifier: MIT
/*
 * Commands that show memory: one for each stage, under the verb `mm`, with the names and the text of gdb's
 * `mm` commands. mm/ itself knows nothing of the prompt.
 */
#include <asm/fixmap.h>
#include <asm/memory.h>
#include <asm/ptdump.h>
#include <asm/tlbflush.h>
#include <kernel/console.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/bad_page.h>
#include <mm/fragmentation.h>
#include <mm/gfp_names.h>
#include <mm/handoff.h>
#include <mm/highmem.h>
#include <mm/kasan.h>
#include <mm/kmemleak.h>
#include <mm/layout.h>
#include <mm/memblock.h>
#include <mm/memmap.h>
#include <mm/mm.h>
#include <mm/page_owner.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <mm/watermark.h>

/* Checks that a command got no arguments, and if so runs @show. */
static int show(int argc, void (*show_it)(void))
{
	if (argc > 1)
		return -EINVAL;
	show_it();
	return 0;
}

static int meminfo(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_meminfo);
}
SHELL_COMMAND("meminfo", "", "the system's memory, as /proc/meminfo", meminfo);

static int vmstat(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_vmstat);
}
SHELL_COMMAND("vmstat", "", "counters and events, as /proc/vmstat", vmstat);

static int mm_layout(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_layout);
}
SHELL_COMMAND("mm layout", "", "the kernel's address map", mm_layout);

static int mm_memblock(int argc, char **argv)
{
	bool debug = memblock_debug;
	int err;

	(void)argv;
	memblock_debug = true;		/* it prints nothing otherwise */
	err = show(argc, memblock_dump_all);
	memblock_debug = debug;
	return err;
}
SHELL_COMMAND("mm memblock", "", "RAM, and what booting reserved of it", mm_memblock);

static void show_bootmem(void)
{
	console_write("bootmem gave its pages to the buddy system, those of its bitmap too.\n"
		      "Its state can be seen in gdb, stopped before free_all_bootmem().\n");
}

static int mm_bootmem(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_bootmem);
}
SHELL_COMMAND("mm bootmem", "", "the bitmap allocator of booting", mm_bootmem);

static int mm_zones(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_zoneinfo);
}
SHELL_COMMAND("mm zones", "", "each zone's pages, as /proc/zoneinfo", mm_zones);

/* What gdb's `mm buddy' shows. */
static void show_buddy(void)
{
	show_buddyinfo();
	console_write("\nBy type:\n");
	show_free_by_type();
}

static int mm_buddy(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_buddy);
}
SHELL_COMMAND("mm buddy", "", "free blocks by zone, order and type, as /proc/buddyinfo and pagetypeinfo",
	      mm_buddy);

static int mm_pcp(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_pcp);
}
SHELL_COMMAND("mm pcp", "", "what is on each CPU's page lists, by type and order", mm_pcp);

static int mm_pagetypeinfo(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_pagetypeinfo);
}
SHELL_COMMAND("mm pagetypeinfo", "", "free blocks by type, as /proc/pagetypeinfo", mm_pagetypeinfo);

static int mm_pageblocks(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_pageblocks);
}
SHELL_COMMAND("mm pageblocks", "", "the migrate type of every 4 MiB", mm_pageblocks);

static int mm_fragmentation(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_fragmentation);
}
SHELL_COMMAND("mm fragmentation", "", "how much free memory is in blocks too small, as Linux's extfrag",
	      mm_fragmentation);

static int mm_watermarks(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_watermarks);
}
SHELL_COMMAND("mm watermarks", "", "each zone's lines, and how much each kind of request may still take", mm_watermarks);

static int mm_zonelist(int argc, char **argv)
{
	const char *wrong;
	gfp_t gfp_mask;
	int nid;

	if (argc != 2)
		return -EINVAL;
	wrong = gfp_parse(argv[1], &gfp_mask);
	if (wrong) {
		console_printf("zonelist: \"%s\" begins with no GFP_ or __GFP_ flag, and no number of them\n", wrong);
		return -ENOENT;
	}
	for_each_online_node(nid)
		show_zonelist(nid, gfp_mask);
	return 0;
}
SHELL_COMMAND("mm zonelist", "GFP", "the zones that a request asks, in order: GFP_KERNEL, GFP_USER|__GFP_THISNODE", mm_zonelist);

static int mm_mem(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_mem);
}
SHELL_COMMAND("mm mem", "", "all of this in short, as SysRq-m", mm_mem);

/* The page that a number means: a lowmem address, a physical address of RAM, or a page frame number. */
static unsigned long number_to_pfn(unsigned long number)
{
	if (number >= PAGE_OFFSET && number < (unsigned long)high_memory)
		return PHYS_PFN(__pa(number));
	if (number >= PHYS_OFFSET && number < PHYS_LIMIT)
		return PHYS_PFN(number);
	return number;
}

/* Shows the page that @argv[1] means by @show_page. */
static int show_one_page(int argc, char **argv, void (*show_page)(const struct page *page))
{
	unsigned long number, pfn;

	if (argc != 2 || kstrtoul(argv[1], 0, &number))
		return -EINVAL;
	pfn = number_to_pfn(number);
	if (!pfn_valid(pfn)) {
		console_printf("%s: 0x%lx is no page of RAM, by address or by number\n", argv[0],
			       number);
		return -EFAULT;
	}
	show_page(pfn_to_page(pfn));
	return 0;
}

static int mm_page(int argc, char **argv)
{
	return show_one_page(argc, argv, dump_page);
}
SHELL_COMMAND("mm page", "ADDR|PFN", "the struct page of a lowmem or physical address, or of a number", mm_page);

static int mm_owner(int argc, char **argv)
{
	if (argc == 1 || !page_owner_on) {
		show_page_owner();
		return 0;
	}
	return show_one_page(argc, argv, dump_page_owner);
}
SHELL_COMMAND("mm owner", "[ADDR|PFN]", "who allocated and freed a page; or who has how many (page_owner=1)", mm_owner);

static int mm_slab(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_slabinfo);
}
SHELL_COMMAND("mm slab", "", "caches of objects, as /proc/slabinfo", mm_slab);

static int kmemleak(int argc, char **argv)
{
	(void)argv;
	return argc > 1 ? -EINVAL : kmemleak_scan(NULL);
}
SHELL_COMMAND("kmemleak scan", "", "look for objects that nobody points to", kmemleak);

static int slabtop(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_slabtop);
}
SHELL_COMMAND("slabtop", "", "caches of objects, the largest first", slabtop);

static int mm_vmalloc(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_vmallocinfo);
}
SHELL_COMMAND("mm vmalloc", "", "areas of the vmalloc area, as /proc/vmallocinfo", mm_vmalloc);

static int vmallocinfo(int argc, char *argv[])
{
	return mm_vmalloc(argc, argv);
}
SHELL_COMMAND("vmallocinfo", "", "the same, by Linux's name", vmallocinfo);

static int mm_pt(int argc, char **argv)
{
	unsigned long addr;

	if (argc != 2)
		return -EINVAL;
	if (!strcmp(argv[1], "dump"))
		ptdump_walk();
	else if (!strcmp(argv[1], "check"))
		show_pgtable_check();
	else if (kstrtoul(argv[1], 0, &addr))
		return -EINVAL;
	else
		show_pte_walk(addr);
	return 0;
}
SHELL_COMMAND("mm pt", "VADDR|dump|check", "the walk of the page tables for an address; all that is mapped, as Linux's kernel_page_tables; is all as it must be",
	      mm_pt);

#ifdef CONFIG_KASAN
static int mm_kasan(int argc, char **argv)
{
	unsigned long addr;

	if (argc == 1)
		kasan_show();
	else if (argc > 2 || kstrtoul(argv[1], 0, &addr))
		return -EINVAL;
	else
		kasan_describe(addr);
	return 0;
}
SHELL_COMMAND("mm kasan", "[ADDR]", "objects that wait to be free again; may this be used, and the shadow around it", mm_kasan);
#endif

static int mm_tlb(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_tlb);
}
SHELL_COMMAND("mm tlb", "", "how TLBs are told to forget, ASIDs, and faults of mms that learnt of the kernel's mappings",
	      mm_tlb);

static int mm_kmap(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_kmap);
}
SHELL_COMMAND("mm kmap", "", "pages of high memory that have an address: by kmap(), and each thread's for a moment", mm_kmap);

static int mm_fixmap(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_fixmap);
}
SHELL_COMMAND("mm fixmap", "", "the slots of the fixmap, and what those that are set map", mm_fixmap);

static int mm_threads(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_threads);
}
SHELL_COMMAND("mm threads", "", "the threads, their state, CPU and stack", mm_threads);

static int mm_locks(int argc, char **argv)
{
	(void)argv;
	return show(argc, show_locks);
}
SHELL_COMMAND("mm locks", "", "classes of locks, and which was taken under which", mm_locks);
