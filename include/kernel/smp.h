/* SPDX-License-Identifier: MIT */
/*
 * Which CPU is this? There is one.
 */
#ifndef KERNEL_SMP_H
#define KERNEL_SMP_H

static inline unsigned int raw_smp_processor_id(void)
{
	return 0;
}

static inline unsigned int smp_processor_id(void)
{
	return raw_smp_processor_id();
}

#endif
