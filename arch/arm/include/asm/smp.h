/* SPDX-License-Identifier: MIT */
/*
 * Several CPUs: what the architecture does for <kernel/smp.h>.
 */
#ifndef ASM_SMP_H
#define ASM_SMP_H

/* Make this CPU number 0, with an idle thread. Context: the first C function at virtual addresses. */
void smp_setup_processor_id(void);

#endif
