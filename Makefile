# SPDX-License-Identifier: MIT
# Pagewalk's one door: `make run`, `make test`, `make help`.

O ?= build
CROSS_COMPILE ?= arm-none-eabi-
CC := $(CROSS_COMPILE)gcc
NM := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy
DEBUG ?= 1
WERROR ?= $(if $(CI),1,0)
V ?= 0
Q := $(if $(filter 1,$(V)),,@)

# Every .c and .S in a room is part of the kernel.
ROOMS := boot arch/arm/kernel arch/arm/mm arch/arm/lib arch/arm/vexpress mm kernel lib tests/kernel
SRCS := $(sort $(foreach room,$(ROOMS),$(wildcard $(room)/*.c $(room)/*.S)))
OBJS := $(addsuffix .o,$(addprefix $(O)/,$(basename $(SRCS))))

# $(call probe,FLAG): FLAG, if the compiler knows it.
probe = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null 2>/dev/null && echo $(1))

CPPFLAGS := -Iinclude -Iarch/arm/include -Itests/kernel -DCONFIG_DEBUG_VM=$(DEBUG)
ARCHFLAGS := -marm -mcpu=cortex-a9 -mfloat-abi=soft
CFLAGS = -std=gnu11 -O2 -g -ffreestanding -fno-common -fno-strict-aliasing -funwind-tables \
	-mno-unaligned-access -ffunction-sections \
	-Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wimplicit-fallthrough \
	$(if $(filter 1,$(WERROR)),-Werror) $(PROBED)
PROBED := $(call probe,-fno-tree-loop-distribute-patterns) $(call probe,-Wdeclaration-after-statement) \
	$(call probe,-fzero-init-padding-bits=unions)
LDFLAGS := -nostdlib -static -Wl,--build-id=none -Wl,--orphan-handling=error -Wl,--fatal-warnings

.PHONY: all run clean
.DELETE_ON_ERROR:
all: $(O)/kernel.elf $(O)/kernel.bin

$(O)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(CPPFLAGS) $(ARCHFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(O)/%.o: %.S Makefile
	@mkdir -p $(@D)
	@echo "  AS      $<"
	$(Q)$(CC) $(CPPFLAGS) $(ARCHFLAGS) -g -MMD -MP -c $< -o $@

$(O)/linker/kernel.lds: linker/kernel.lds.S Makefile
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -E -P -D__ASSEMBLER__ -x assembler-with-cpp -MMD -MP -MT $@ $< -o $@

# The names of the functions are part of the kernel (kernel/kallsyms.c). They are taken from a kernel linked with
# an empty table; the table lies behind the text, so the second link moves no function, and that is checked.
LINK = $(CC) $(ARCHFLAGS) $(LDFLAGS) -T $(O)/linker/kernel.lds

$(O)/kallsyms0.S: scripts/kallsyms.sh
	@mkdir -p $(@D)
	$(Q)sh scripts/kallsyms.sh </dev/null >$@

$(O)/kernel0.elf: $(OBJS) $(O)/kallsyms0.o $(O)/linker/kernel.lds
	$(Q)$(LINK) $(OBJS) $(O)/kallsyms0.o -lgcc -o $@

$(O)/kallsyms.S: $(O)/kernel0.elf scripts/kallsyms.sh
	$(Q)$(NM) -n $< | sh scripts/kallsyms.sh >$@

$(O)/kallsyms0.o $(O)/kallsyms.o: %.o: %.S
	$(Q)$(CC) $(ARCHFLAGS) -c $< -o $@

$(O)/kernel.elf: $(OBJS) $(O)/kallsyms.o $(O)/linker/kernel.lds
	@echo "  LD      $@"
	$(Q)$(LINK) $(OBJS) $(O)/kallsyms.o -lgcc -o $@
	$(Q)$(NM) -n $@ | sh scripts/kallsyms.sh | cmp - $(O)/kallsyms.S

$(O)/kernel.bin: $(O)/kernel.elf
	@echo "  OBJCOPY $@"
	$(Q)$(OBJCOPY) -O binary $< $@

RAM ?= 128
CPUS ?= 1
run: $(O)/kernel.bin
	qemu-system-arm -M vexpress-a9 -m $(RAM) -smp $(CPUS) -audiodev none,id=snd0 -global pl041.audiodev=snd0 -net none \
		-display none -monitor none -serial stdio -no-reboot \
		-semihosting-config enable=on,target=native -kernel $< $(if $(CMDLINE),-append "$(CMDLINE)") $(QEMUFLAGS)

clean:
	rm -rf $(O)

-include $(OBJS:.o=.d) $(O)/linker/kernel.d
