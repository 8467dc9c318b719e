// SPDX-License-Identifier: MIT
#include "boot_machine.h"
#include <kernel/params.h>
#include <lib/vsprintf.h>

phys_addr_t probed_ram_end;
phys_addr_t arm_lowmem_limit;

void machine_is(unsigned long ram, unsigned long lowmem)
{
	probed_ram_end = PHYS_OFFSET + ram;
	arm_lowmem_limit = PHYS_OFFSET + lowmem;
	meminfo.nr_banks = 0;
}

void boot_early(const char *line)
{
	set_boot_command_line(line, strlen(line) + 1);
	parse_early_param();
}

const char *banks_text(void)
{
	static char text[NR_BANKS * 24];
	size_t used = 0;
	unsigned int i;

	text[0] = '\0';
	for_each_bank(i, &meminfo) {
		const struct membank *bank = &meminfo.bank[i];

		used += scnprintf(text + used, sizeof(text) - used, "%s%x-%x%s", i ? " " : "",
				  bank_phys_start(bank), bank_phys_end(bank), bank->highmem ? " H" : "");
	}
	return text;
}
