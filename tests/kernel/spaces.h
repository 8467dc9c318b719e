/* SPDX-License-Identifier: MIT */
/*
 * Address spaces for tests: each has one page of memory, mapped at the same user address, and what is
 * read there says whose it is.
 *
 *    struct space a, b;
 *
 *    ASSERT(make_space(&a, 0xaaaa));
 *    ...
 *    use_mm(a.mm);  EXPECT_EQ(*SPACE_WORD, 0xaaaa);  unuse_mm(a.mm);
 *    drop_space(&a);
 */
#ifndef SPACES_H
#define SPACES_H

#include <mm/mm_struct.h>
#include <test.h>

/* Where the page is: not at the beginning of anything. */
#define SPACE_ADDR	0x12345000UL
#define SPACE_WORD	((volatile u32 *)SPACE_ADDR)

struct space {
	struct mm_struct *mm;
	u32 *page;		/* by its address in lowmem */
};

/* Return: true; false, and a failed check, if memory is short: then there is nothing. */
bool make_space(struct space *s, u32 value);

/* Context: no thread uses it. */
void drop_space(struct space *s);

/**
 * map_user_page - map a page of lowmem into the user half of an mm
 * @mm: which
 * @addr: where
 * @page: its address in lowmem
 *
 * Return: 0; -ENOMEM.
 */
int map_user_page(struct mm_struct *mm, unsigned long addr, void *page);

/* What the running thread reads at @addr; @otherwise if it faults. */
u32 read_or(unsigned long addr, u32 otherwise);

#endif
