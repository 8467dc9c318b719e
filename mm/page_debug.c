// SPDX-License-Identifier: MIT
/*
 * Poisoning and page owners, in the order in which a page meets them. See page_debug.h.
 */
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/page_debug.h>
#include <mm/page_owner.h>
#include <mm/page_poison.h>

DEFINE_STATIC_KEY_FALSE(page_debug_key);

bool page_debug_alloc(struct page *page, unsigned int order, gfp_t gfp_mask, const void *caller)
{
	if (page_poison_on && !check_poison(page, order, caller))
		return false;
	if (page_owner_on)
		set_page_owner(page, order, gfp_mask, caller);
	return true;
}

bool page_debug_free(struct page *page, unsigned int order, const void *caller)
{
	if (page_owner_on && !reset_page_owner(page, order, caller))
		return false;
	if (page_poison_on)
		poison_pages(page, order);
	return true;
}

void page_debug_split(struct page *page, unsigned int order)
{
	if (page_owner_on)
		split_page_owner(page, order);
}

void __init page_debug_hand_over(struct page *page, unsigned int order)
{
	if (page_poison_on)
		poison_pages(page, order);
}

int __init page_debug_param(const char *value, bool *on)
{
	bool yes = value && (strcmp(value, "1") == 0 || strcmp(value, "on") == 0);

	if (!yes && (!value || (strcmp(value, "0") && strcmp(value, "off"))))
		return -EINVAL;
	*on = yes;
	if (yes)
		static_branch_enable(&page_debug_key);
	return 0;
}
