// SPDX-License-Identifier: MIT
/*
 * The kernel's own mm, and first of the list: <mm/mm_struct.h>. It is there from the beginning.
 */
#include <mm/mm_struct.h>

struct mm_struct init_mm = {
	.pgd = swapper_pg_dir,
	.mm_users = ATOMIC_INIT(1),
	.mm_count = ATOMIC_INIT(1),
	.page_table_lock = __SPIN_LOCK_UNLOCKED,
	.mmlist = LIST_HEAD_INIT(init_mm.mmlist),
};
