// SPDX-License-Identifier: MIT
/*
 * The kernel's boundaries, attacked from inside: each attack must fault, with the status and the address
 * that belong to it, and the kernel goes on.
 *
 *    strike()   interrupts off:   access --abort--> exception table --> -EFAULT
 *               read DFSR, DFAR or IFSR, IFAR: nobody has faulted on this CPU since
 *
 * A boundary that is missing is to fail a test, and not the machine: a write that is allowed writes what
 * is there already, and where the page tables say "executable" only a return instruction is jumped to.
 *
 * All suites run when init memory has been given back. `boundary=early' attacks before: tests/boot/attacks.t.
 */
#include <asm/cacheflush.h>
#include <asm/cp15.h>
#include <asm/fault.h>
#include <asm/fixmap.h>
#include <asm/io.h>
#include <asm/irqflags.h>
#include <asm/map.h>
#include <asm/pgalloc.h>
#include <asm/probe.h>
#include <asm/ptdump.h>
#include <asm/set_memory.h>
#include <asm/stack.h>
#include <asm/tlbflush.h>
#include <asm/vexpress.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <kernel/probe.h>
#include <kernel/sched.h>
#include <kernel/sections.h>
#include <kernel/smp.h>
#include <lib/errno.h>
#include <mm/highmem.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <test.h>

TEST_SUITE("boundary");

#define RETURN		0xe12fff1eu	/* BX lr */
#define SCRATCH		(FIXADDR_END + 4 * PAGE_SIZE)

struct strike {
	unsigned long addr;
	enum fault_access access;
	int err;
	u32 fsr;
	unsigned long far;
};

static const u32 return_in_rodata[] = { RETURN };
static u32 return_in_data[] = { RETURN };
static u32 return_in_bss[1];

/* ---- An attack ---- */

/* Would a jump to @addr begin to execute who knows what? */
static bool runs_wild(unsigned long addr)
{
	struct pt_walk w;
	u32 word;

	pt_walk(addr, &w);
	return pt_is_mapped(&w) && pt_rights(w.prot) & PT_EXEC &&
	       __probe_read_32((const void *)addr, &word) == 0 && word != RETURN;
}

/* Return: -EFAULT if the access was refused; 0. */
static int touch(unsigned long addr, enum fault_access access)
{
	u32 word;

	if (access == ACCESS_EXECUTE)
		return runs_wild(addr) ? 0 : probe_kernel_exec((const void *)addr);
	if (access == ACCESS_READ)
		return __probe_read_32((const void *)addr, &word);
	if (__probe_read_32((const void *)addr, &word))
		word = 0;
	return __probe_write_32((void *)addr, word);
}

/* Context: any. */
static void strike(void *info)
{
	struct strike *s = info;
	unsigned long flags;

	local_irq_save(flags);
	s->err = touch(s->addr, s->access);
	s->fsr = s->access == ACCESS_EXECUTE ? read_ifsr() : read_dfsr();
	s->far = s->access == ACCESS_EXECUTE ? read_ifar() : read_dfar();
	local_irq_restore(flags);
}

/* On this CPU, or on another. Return: did it fault, for this reason, at this address, by such an access? */
static bool repelled_on(unsigned int cpu, unsigned long addr, enum fault_access access, enum fault_kind kind)
{
	struct strike s = { .addr = addr, .access = access };

	if (smp_call_function_single(cpu, strike, &s, true))
		return false;
	return s.err == -EFAULT && s.far == addr && fsr_lookup(s.fsr)->kind == kind &&
	       (access == ACCESS_EXECUTE || !(s.fsr & FSR_WRITE) == (access != ACCESS_WRITE));
}

static bool repelled(unsigned long addr, enum fault_access access, enum fault_kind kind)
{
	bool ok = repelled_on(raw_smp_processor_id(), addr, access, kind);

	if (!ok)
		test_note("not repelled: access %u at 0x%08lx", access, addr);
	return ok;
}

/* Nothing is there: neither reading nor writing nor executing. */
static bool is_void(unsigned long addr)
{
	return repelled(addr, ACCESS_READ, FAULT_TRANSLATION) &&
	       repelled(addr, ACCESS_WRITE, FAULT_TRANSLATION) &&
	       repelled(addr, ACCESS_EXECUTE, FAULT_TRANSLATION);
}

static bool is_read_only(const void *addr)
{
	return repelled((unsigned long)addr, ACCESS_WRITE, FAULT_PERMISSION);
}

static bool is_never_code(const void *addr)
{
	return repelled((unsigned long)addr, ACCESS_EXECUTE, FAULT_PERMISSION);
}

/* Each page from @start to @end. */
static bool all_pages(const char *start, const char *end, bool (*is_so)(const void *addr))
{
	for (; start < end; start += PAGE_SIZE)
		if (!is_so(start))
			return false;
	return true;
}

/* Make @at a function that returns, and try to call it. */
static bool is_never_code_of_ours(u32 *at)
{
	*at = RETURN;
	flush_icache_range((unsigned long)at, (unsigned long)(at + 1));
	return is_never_code(at);
}

/* ---- The image ---- */

/* Among the data lies the boot CPU's stack, with its guard page. */
static bool is_data(const void *addr)
{
	return addr == boot_stack.guard ? is_void((unsigned long)addr) : is_never_code(addr);
}

static bool image_is_guarded(void)
{
	return all_pages(_stext, _etext, is_read_only) &&
	       all_pages(__start_rodata, __end_rodata, is_read_only) &&
	       all_pages(__start_rodata, __end_rodata, is_never_code) &&
	       all_pages(__initdata_begin, __initdata_end, is_never_code) &&
	       all_pages(_sdata, _edata, is_data) && all_pages(__bss_start, __bss_stop, is_data);
}

/* Init text is still there: code, and not to be written. */
static int boundary_setup(char *when)
{
	if (strcmp(when, "early"))
		return -EINVAL;
	pr_info("boundary: before init memory is given back, text and constants %s\n",
		image_is_guarded() ? "are guarded" : "are open to attack");
	return 0;
}
__setup("boundary=", boundary_setup);

TEST("no page of kernel text can be written")
{
	EXPECT(all_pages(_stext, __inittext_begin, is_read_only));
	EXPECT(all_pages(__inittext_end, _etext, is_read_only));
}

TEST("no page of constants can be written or executed")
{
	EXPECT(all_pages(__start_rodata, __end_rodata, is_read_only));
	EXPECT(all_pages(__start_rodata, __end_rodata, is_never_code));
	EXPECT(is_never_code(return_in_rodata) && is_read_only(return_in_rodata));
}

TEST("no page of data and bss can be executed, nor the page tables")
{
	EXPECT(all_pages(_sdata, _edata, is_data));
	EXPECT(all_pages(__bss_start, __bss_stop, is_data));
	EXPECT(all_pages((char *)swapper_pg_dir, _stext, is_never_code));
	EXPECT(is_never_code(return_in_data) && is_never_code_of_ours(return_in_bss));
}

TEST("init memory that was given back is not executable")
{
	EXPECT(all_pages(__inittext_begin, __inittext_end, is_never_code));
	EXPECT(all_pages(__initdata_begin, __initdata_end, is_never_code));
}

TEST("the vectors cannot be written, neither where they are nor in lowmem, and nothing is behind them")
{
	struct pt_walk w;

	pt_walk(CONFIG_VECTORS_BASE, &w);
	for (unsigned long offset = 0; offset < PAGE_SIZE; offset += 64) {
		ASSERT(is_read_only((void *)CONFIG_VECTORS_BASE + offset));
		ASSERT(is_read_only(phys_to_virt(w.phys) + offset));
	}
	EXPECT(is_never_code(phys_to_virt(w.phys)));
	EXPECT(is_void(CONFIG_VECTORS_BASE + PAGE_SIZE) && is_void(CONFIG_VECTORS_BASE - PAGE_SIZE));
}

/* ---- What is not there ---- */

TEST("page 0, user space and the gaps of the address map are void")
{
	static const unsigned long addrs[] = {
		0, 4, PAGE_SIZE - 4, PAGE_SIZE, TASK_SIZE / 2, TASK_SIZE - 4, VMALLOC_END, VMALLOC_END + PAGE_SIZE,
		THREAD_STACKS_END - 4, 0xfffff000,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(addrs); i++)
		EXPECT(is_void(addrs[i]));
	EXPECT(is_void((unsigned long)high_memory) && is_void(VMALLOC_START - 4));
}

TEST("an area of the vmalloc area ends in a guard page, and one that was freed is void")
{
	char *p = vmalloc(3 * PAGE_SIZE);

	ASSERT(p);
	EXPECT(is_never_code_of_ours((u32 *)p));
	EXPECT(is_void((unsigned long)p + 3 * PAGE_SIZE));
	vfree(p);
	vm_unmap_aliases();
	EXPECT(is_void((unsigned long)p) && is_void((unsigned long)p + 2 * PAGE_SIZE));
}

TEST("a stack ends in a guard page, and is not executable")
{
	unsigned long stack = (unsigned long)current->stack;
	u32 code;

	EXPECT(is_void(stack - PAGE_SIZE) && is_void(stack - 4));
	EXPECT(is_never_code_of_ours(&code));
}

TEST("a page that is mapped for a moment has nothing beside it, and is not executable")
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	u32 *p;

	ASSERT(page);
	p = kmap_local_page(page);
	EXPECT(is_never_code_of_ours(p));
	if (PageHighMem(page))
		EXPECT(is_void((unsigned long)p - PAGE_SIZE) && is_void((unsigned long)p + PAGE_SIZE));
	kunmap_local(p);
	if (PageHighMem(page))
		EXPECT(is_void((unsigned long)p));
	p = kmap(page);
	EXPECT(is_never_code_of_ours(p));
	kunmap(page);
	__free_page(page);
}

/* ---- Data is not code ---- */

TEST("objects and pages of lowmem are not executable")
{
	u32 *object = kmalloc(64, GFP_KERNEL), *page = (u32 *)__get_free_page(GFP_KERNEL);

	if (EXPECT(object && page)) {
		EXPECT(is_never_code_of_ours(object));
		EXPECT(is_never_code_of_ours(page));
	}
	kfree(object);
	if (page)
		free_page((unsigned long)page);
}

/* The alias of a frame that is anywhere, as an attacker would make one if he could choose what to map. */
TEST("no MiB of lowmem is executable, and where there is no RAM nothing is")
{
	for (char *p = (char *)ALIGN((unsigned long)_end, SECTION_SIZE); p < (char *)high_memory; p += SECTION_SIZE)
		if (!EXPECT(virt_addr_valid(p) ? is_never_code(p) : is_void((unsigned long)p)))
			break;
}

TEST("registers are not executable, in the board's windows and by ioremap")
{
	void __iomem *regs = ioremap(PERIPH_PHYS + UART0_OFFSET, PAGE_SIZE);
	void __iomem *elsewhere = ioremap(MPCORE_PHYS, PAGE_SIZE);

	EXPECT(is_never_code((void *)IO_PERIPH_BASE));
	EXPECT(!regs || is_never_code(regs));
	EXPECT(!elsewhere || is_never_code(elsewhere));
	iounmap(regs);
	iounmap(elsewhere);
}

/* ---- Read-only is read-only by every way that there is ---- */

TEST("code in memory of its own cannot be written by any of its addresses")
{
	u32 *code = vmalloc_exec(PAGE_SIZE);
	struct page *page;

	ASSERT(code);
	page = vmalloc_to_page(code);
	EXPECT(is_never_code_of_ours(code));
	EXPECT_EQ(set_memory_ro((unsigned long)code, 1), 0);
	EXPECT_EQ(set_memory_x((unsigned long)code, 1), 0);
	EXPECT_EQ(probe_kernel_exec(code), 0);
	EXPECT(is_read_only(code));
	if (page_address(page)) {
		EXPECT(is_read_only(page_address(page)));
		EXPECT(is_never_code(page_address(page)));
	}
	EXPECT_EQ(pgtable_check(), 0);
	EXPECT_EQ(pgtable_counts().code_elsewhere, 1);
	vfree(code);
	vm_unmap_aliases();
	EXPECT(is_void((unsigned long)code));
}

/* ---- On every CPU ---- */

/* What a CPU has for itself: the guard page of its idle thread's stack, through which exceptions run. */
TEST("every CPU is held off by the same boundaries, and by the guard page of each CPU's stack")
{
	unsigned int cpu, other;

	for_each_online_cpu(cpu) {
		EXPECT(repelled_on(cpu, (unsigned long)_stext, ACCESS_WRITE, FAULT_PERMISSION));
		EXPECT(repelled_on(cpu, (unsigned long)__start_rodata, ACCESS_WRITE, FAULT_PERMISSION));
		EXPECT(repelled_on(cpu, (unsigned long)return_in_data, ACCESS_EXECUTE, FAULT_PERMISSION));
		EXPECT(repelled_on(cpu, (unsigned long)__inittext_begin, ACCESS_EXECUTE, FAULT_PERMISSION));
		EXPECT(repelled_on(cpu, CONFIG_VECTORS_BASE, ACCESS_WRITE, FAULT_PERMISSION));
		EXPECT(repelled_on(cpu, 0, ACCESS_READ, FAULT_TRANSLATION));
		EXPECT(repelled_on(cpu, 0, ACCESS_EXECUTE, FAULT_TRANSLATION));
		for_each_online_cpu(other) {
			unsigned long stack = (unsigned long)idle_tasks[other].stack;

			EXPECT(repelled_on(cpu, stack - 4, ACCESS_WRITE, FAULT_TRANSLATION));
			EXPECT(repelled_on(cpu, stack - PAGE_SIZE, ACCESS_READ, FAULT_TRANSLATION));
			EXPECT(repelled_on(cpu, stack, ACCESS_EXECUTE, FAULT_PERMISSION));
		}
	}
}

/* ---- All page tables ---- */

static unsigned long nr_mibs_with_ram(void)
{
	unsigned long nr = 0;

	for (char *p = (char *)PAGE_OFFSET; p < (char *)high_memory; p += SECTION_SIZE)
		nr += virt_addr_valid(p);
	return nr;
}

TEST("all page tables keep their rules, and nothing but text and vectors is executable")
{
	struct pgtable_counts counts;

	EXPECT_EQ(pgtable_check(), 0);
	counts = pgtable_counts();
	EXPECT_EQ(counts.code_elsewhere, 0);
	EXPECT(counts.directories >= 1);
	EXPECT(counts.mappings > nr_mibs_with_ram());
	test_note("%u page directories, %u entries, %u of them map something", counts.directories, counts.entries,
		  counts.mappings);
}

/* Map a page of ours with a hardware entry that no function would write. Return: violations found. */
static int violations_with(const void *page, pteval_t change)
{
	pte_t *pte = pte_offset_kernel(pmd_off_k(SCRATCH), SCRATCH);
	pteval_t *hw = (pteval_t *)(pte + PTE_HWTABLE_PTRS);
	int loglevel = console_loglevel, bad;

	set_pte_ext(pte, pfn_pte(PHYS_PFN(__pa(page)), PAGE_KERNEL_RO), 0);
	*hw ^= change;
	console_loglevel = 0;
	bad = pgtable_check();
	console_loglevel = loglevel;
	pte_clear(NULL, SCRATCH, pte);
	flush_tlb_kernel_page(SCRATCH);
	return bad;
}

TEST("a mapping that breaks a rule is found: user's rights, an unknown type, a second way to write text")
{
	static u8 page[PAGE_SIZE] __aligned(PAGE_SIZE);

	EXPECT_EQ(violations_with(page, 0), 0);
	EXPECT_EQ(violations_with(page, PTE_EXT_AP1), 2);			/* I2 and I7 */
	EXPECT_EQ(violations_with(page, PTE_EXT_TEX(2)), 2);			/* I2 and I8 */
	EXPECT_EQ(violations_with(page, PTE_EXT_SHARED), 3);			/* I2, I8, and I5: not as in lowmem */
	EXPECT_EQ(violations_with(_stext, PTE_EXT_APX), 2);			/* I2 and I5 */
	EXPECT_EQ(violations_with(page, PTE_EXT_APX | PTE_EXT_XN), 2);		/* I2 and I4 */
	EXPECT_EQ(pgtable_check(), 0);
}
