// SPDX-License-Identifier: MIT
/*
 * Address spaces for tests: spaces.h.
 */
#include <asm/cacheflush.h>
#include <asm/pgalloc.h>
#include <kernel/probe.h>
#include <lib/errno.h>
#include <mm/gfp.h>
#include "spaces.h"

#define USER_PROT	__pgprot(_PAGE_KERNEL | L_PTE_USER)

int map_user_page(struct mm_struct *mm, unsigned long addr, void *page)
{
	pte_t *pte = pte_alloc_map(mm, pmd_off(mm, addr), addr);

	if (!pte)
		return -ENOMEM;
	set_pte_at(mm, addr, pte, pfn_pte(PHYS_PFN(__pa(page)), USER_PROT));
	flush_cache_vmap(addr, addr + PAGE_SIZE);
	return 0;
}

bool make_space(struct space *s, u32 value)
{
	s->page = (u32 *)get_zeroed_page(GFP_KERNEL);
	s->mm = mm_alloc();
	if (!s->page || !s->mm || map_user_page(s->mm, SPACE_ADDR, s->page)) {
		drop_space(s);
		return EXPECT(!"memory for an address space");
	}
	*s->page = value;
	return true;
}

void drop_space(struct space *s)
{
	if (s->mm)
		mmput(s->mm);
	if (s->page)
		free_page((unsigned long)s->page);
}

u32 read_or(unsigned long addr, u32 otherwise)
{
	u32 word;

	return probe_kernel_read(&word, (void *)addr, sizeof(word)) ? otherwise : word;
}
