/* SPDX-License-Identifier: MIT */
/*
 * Tag lists for tests, word by word:
 *
 *    begin_list(); tag2(ATAG_MEM, size, start); none(); pass();
 */
#ifndef TAG_LIST_H
#define TAG_LIST_H

#include "boot_machine.h"
#include <boot/atags.h>

#define RAM		MIB(1)
#define RAM_END		(PHYS_OFFSET + RAM)
#define MAX_WORDS	(ATAG_LIST_MAX / 4 + 64)

extern u32 list[MAX_WORDS];
extern unsigned int nr_words;

/* As before the first list: no banks, no command line, no initrd, an empty list. */
void forget_everything(void);

/* Fresh RAM, and a list with its ATAG_CORE. */
void begin_list(void);

/* Append a word, or a tag. @words: of text, which is cut to them. */
void word(u32 value);
void core(void);
void tag2(u32 tag, u32 a, u32 b);
void cmdline(const char *text, unsigned int words);
void none(void);

/* Put the list where its last word is RAM's last. Return: of setup_machine_tags(). */
int pass(void);

#endif
