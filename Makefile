# SPDX-License-Identifier: MIT
#
# Pagewalk's one door. `make help` lists what can be asked for.
#
# One kernel is built in O: kernel.elf with symbols, for gdb, and kernel.bin, the raw image that QEMU boots as
# a boot loader boots Linux. Whatever chooses flags is written to $(O)/flags, on which every object
# depends: a build directory holds one kind of build, whatever was asked for before.

ifeq ($(filter-out 3.%,$(MAKE_VERSION)),)
$(error GNU Make $(MAKE_VERSION) is too old, 4.0 is needed. On macOS: brew install make, then use gmake)
endif

# All rules are in this file.
MAKEFLAGS += --no-builtin-rules

## Knobs, given as NAME=VALUE:
RAM ?= 128		## MiB of RAM, 16 to 1024
CPUS ?= 1		## CPUs, 1 to 4
CMDLINE ?=		## the kernel's command line, for instance 'mem=64M loglevel=8'
SUITE ?=		## the self-tests to run: names with commas; all, none
DEBUG ?= 1		## 0 leaves out the checks on hot paths
SLAB ?= slab		## the allocator of objects: slab, slub, slob
SAN ?=			## a sanitizer: ubsan reports what is undefined in C, kasan the use of memory that is not to be used
BUGS ?= 0		## 1 builds the bug museum in: CMDLINE="bug=NAME", bug=list
PROFILE ?=		## a row of `make bench`: by function, which instructions it is
COVERAGE ?= 0		## 1 counts what is executed, and tells the host at the end of a run: `make coverage`
O ?= build$(if $(filter 1,$(BUGS)),/bugs)	## where everything is built
V ?= 0			## 1 shows the commands
JOBS ?= $(or $(shell getconf _NPROCESSORS_ONLN 2>/dev/null),2)	## compilers, and test files, of `make test` at once: by default one on each CPU
T ?=			## the test files to prove, for instance tests/boot/shell.t; all by default
QEMU ?= qemu-system-arm	## the emulator
QEMUFLAGS ?=		## more arguments for it
CROSS_COMPILE ?= arm-none-eabi-	## prefix of compiler and binutils
CC = $(CROSS_COMPILE)gcc	## the compiler; or clang, beside the binutils and libgcc of that prefix
WERROR ?= $(if $(CI),1,0)	## 1 makes warnings errors; so does a CI variable in the environment

# Of `make soak', which has four CPUs unless it is told otherwise:
SOAK_CPUS := $(if $(filter file,$(origin CPUS)),4,$(strip $(CPUS)))
MINUTES ?=		## how long `make soak` goes on, of the machine's time: 5 by default; and `make fuzz`: 10
OPS ?=			## so many operations instead of minutes
SEED ?=			## of what is random; another one each time by default
MODE ?= parallel	## CPUs at once, or in turns: then the same seed is the same run

# A comment behind a value leaves the blanks before it in the value.
$(foreach knob,RAM CPUS CMDLINE SUITE DEBUG SLAB SAN BUGS COVERAGE PROFILE O V JOBS T QEMU QEMUFLAGS CROSS_COMPILE CC WERROR MINUTES OPS SEED MODE,\
	$(eval override $(knob) := $(strip $($(knob)))))

# The allocators of objects that there are.
SLABS := $(strip $(foreach slab,slab slub slob,$(if $(wildcard mm/$(slab)/$(slab).c),$(slab))))
OTHER_SLABS := $(filter-out $(SLAB),$(SLABS))
ifeq ($(filter $(SLAB),$(SLABS)),)
$(error SLAB=$(SLAB): there is no such allocator; what there is: $(SLABS))
endif

ifneq ($(filter-out ubsan kasan,$(SAN)),)
$(error SAN=$(SAN): there is no such sanitizer; what there is: ubsan kasan)
endif

$(foreach switch,DEBUG BUGS COVERAGE WERROR,$(if $(filter-out 1,$(words $(filter 0 1,$($(switch))))),\
	$(error $(switch)=$($(switch)): it is 0 or 1)))

NM := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy
Q := $(if $(filter 1,$(V)),,@)
export QEMU CROSS_COMPILE

# Of each allocator of objects, what is on its hot paths.
HOT_slab := slab slab_geometry slab_grow
HOT_slub := slub slub_cpu slub_node slub_order slub_page
HOT_slob := slob slob_block slob_kmalloc slob_list slob_own

# Every .c and .S in a room is part of the kernel; but slob, which has no size classes, has a kmalloc() of its own.
NOT_IN_slob := mm/kmalloc.c mm/object_place.c
# What belongs to a sanitizer.
ONLY_WITH_ubsan := kernel/ubsan.c tests/kernel/ubsan_test.c
ONLY_WITH_kasan := arch/arm/mm/kasan_init.c tests/kernel/kasan_test.c
ONLY_WITH_BUGS := kernel/bugs.c
ONLY_WITH_COVERAGE := arch/arm/kernel/gcov.c
NOT_WITHOUT := $(foreach san,$(filter-out $(SAN),ubsan kasan),$(ONLY_WITH_$(san))) $(foreach knob,BUGS COVERAGE,\
	$(if $(filter 1,$($(knob))),,$(ONLY_WITH_$(knob))))
ROOMS := boot arch/arm/kernel arch/arm/mm arch/arm/lib arch/arm/vexpress mm mm/$(SLAB) kernel lib tests/kernel
ROOMS += $(if $(filter kasan,$(SAN)),mm/kasan)
SRCS := $(sort $(filter-out $(NOT_IN_$(SLAB)) $(NOT_WITHOUT),$(foreach room,$(ROOMS),$(wildcard $(room)/*.c $(room)/*.S))))
OBJS := $(addsuffix .o,$(addprefix $(O)/,$(basename $(SRCS))))

# SHARE: a build directory of the same flags but another SLAB, or without BUGS. What knows nothing of objects, or has
# no place for a bug, is taken from there.
OWN_HEADER := include/$(if $(filter 1,$(BUGS)),kernel/bugs.h,mm/slab.h)
SHARED := $(if $(SHARE),$(patsubst $(SHARE)/%.d,%.o,\
	$(shell grep -L $(OWN_HEADER) $(OBJS:$(O)/%.o=$(SHARE)/%.d) 2>/dev/null)))
OBJS := $(filter-out $(SHARED:%=$(O)/%),$(OBJS)) $(SHARED:%=$(SHARE)/%)
HEADERS := $(sort $(wildcard $(foreach dir,include arch/arm/include,$(dir)/*/*.h $(dir)/*/*/*.h)))

CPPFLAGS := -Iinclude -Iarch/arm/include -Itests/kernel -DCONFIG_DEBUG_VM=$(DEBUG) \
	-DCONFIG_$(shell echo $(SLAB) | tr a-z A-Z)=1 $(if $(filter 1,$(BUGS)),-DCONFIG_BUGS=1) \
	$(if $(filter kasan,$(SAN)),-DCONFIG_KASAN=1)
ARCHFLAGS := -marm -mcpu=cortex-a9 -mfloat-abi=soft
# What clang must be told: to do as GCC does for this target; that in a chain of checks joined by & each is to be made; and
# that all registers may be stored at once. GCC links what it compiled.
ifneq ($(findstring clang,$(CC)),)
CPPFLAGS += --target=arm-none-eabi -meabi gnu -fshort-enums
CLANG_WARNINGS := -Wno-bitwise-instead-of-logical -Wno-inline-asm
CLANG_LDFLAGS := -Wl,-z,noexecstack
endif
# Backtraces need the unwind tables, and -fexceptions so that functions which never return keep their
# callers' registers; otherwise the way up from panic() would start with wrong ones.
CFLAGS = -std=gnu11 -O2 -g3 -ffreestanding -fno-common -fno-strict-aliasing \
	-funwind-tables -fexceptions \
	-mno-unaligned-access -ffunction-sections -fdata-sections \
	-Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wimplicit-fallthrough \
	$(CLANG_WARNINGS) $(if $(filter 1,$(WERROR)),-Werror) $(PROBED)
# What is not hot is built for size, as Thumb instructions. Hot is what a request for pages or for an object, a mapping or
# a switch of threads goes through, and what debugging does each time: that is built for speed, as ARM instructions, and has
# its name here (CONTRIBUTING.md says more). So are the tests, and boot/, which is freed. A new file is small.
HOT := $(addprefix mm/,buddy highmem kmalloc kmalloc_large kmap_local object_place page_alloc page_free pcp vfree vm_area vmalloc \
	vmap_area vmap_purge vmap_range $(addprefix $(SLAB)/,$(HOT_$(SLAB)))) \
	$(addprefix arch/arm/kernel/,stack unwind) $(addprefix arch/arm/mm/,context fault fixmap highmem ioremap pgalloc pte tlb) \
	kernel/irq kernel/lockdep kernel/sched lib/bitmap lib/rbtree lib/string
# ARM instructions, because of their assembly: all registers stored at once; the SVC that a host answers.
ARM_ONLY := arch/arm/kernel/gcov arch/arm/kernel/semihosting arch/arm/kernel/stacktrace
SMALL_ROOMS := arch/arm/kernel arch/arm/mm arch/arm/vexpress mm kernel lib
SMALL := $(filter-out $(HOT) $(ARM_ONLY),$(basename $(filter $(SMALL_ROOMS:%=%/%),$(SRCS)))) tests/kernel/thumb_code
SMALL := $(SMALL:%=$(O)/%.o)
SMALL_FLAGS = -Os $(PROBED_SMALL)
# SAN=ubsan: a call behind each check that fails, to kernel/ubsan.c, which must not check itself. boot/probe.c runs before
# the MMU is on, where no global can be found and nothing can be printed.
SAN_FLAGS_ubsan := -fsanitize=undefined
UNCHECKED_ubsan := kernel/ubsan
# SAN=kasan: a call in front of each access, to mm/kasan/shadow.c. Not checked is what runs before there is a shadow; what makes
# it, and what the checks are; who walks stacks, red zones and all, or looks for pointers in all of memory; and the allocators of
# objects, to which free objects belong.
SAN_FLAGS_kasan := -fsanitize=kernel-address -fasan-shadow-offset=0x9f000000 \
	--param asan-stack=1 --param asan-globals=1 --param asan-instrument-allocas=1 --param asan-instrumentation-with-call-threshold=0
UNCHECKED_kasan := arch/arm/mm/kasan_init arch/arm/kernel/stacktrace arch/arm/kernel/unwind mm/kmemleak mm/kmemleak_mark \
	$(basename $(filter mm/kasan/% mm/$(SLAB)/%,$(SRCS)))
UNCHECKED := $(addprefix $(O)/,$(addsuffix .o,boot/probe $(UNCHECKED_$(SAN))))
SAN_FLAGS := $(SAN_FLAGS_$(SAN))
CFLAGS += $(SAN_FLAGS)
# The functions behind memcpy(), clear_page() and the others, which are checks themselves.
RAW := $(if $(filter kasan,$(SAN)),$(addprefix $(O)/arch/arm/lib/,memcpy.o memmove.o memset.o page.o))
# COVERAGE=1: counters, which several CPUs may count at once, in these rooms; boot/probe.c could not find them. Lines and branches
# are counted before the compiler joins or removes any.
MEASURED := $(patsubst %.c,$(O)/%.o,$(filter-out boot/probe.c,\
	$(filter $(foreach room,boot arch/arm/mm mm lib,$(room)/%.c),$(SRCS))))
COUNT_FLAGS := -fprofile-arcs -ftest-coverage -fno-early-inlining -fdisable-tree-early_optimizations \
	-fstack-reuse=none -Wno-maybe-uninitialized
COVERAGE_DIR := $(abspath $(or $(SHARE),$(O)))/boots
ifeq ($(COVERAGE),1)
CPPFLAGS += -DCONFIG_COVERAGE=1
LIBS := -lgcov
export HOST_CHECKS := $(COUNT_FLAGS)
MEASURED_FLAGS := $(COUNT_FLAGS) -fprofile-update=atomic -fprofile-info-section
$(MEASURED): private CFLAGS += $(MEASURED_FLAGS)
$(O)/arch/arm/kernel/gcov.o: private CPPFLAGS += -DCOVERAGE_BOOTS='"$(COVERAGE_DIR)"'
endif
# Debug builds write call graphs, for make stack-depth.
CFLAGS += $(if $(filter-out 0,$(DEBUG)),$(PROBED_GRAPH))
# Debug builds keep a canary between arrays on the stack and return addresses: kernel/stackprotector.c.
CFLAGS += $(if $(filter-out 0,$(DEBUG)),-fstack-protector-strong)
# The linker is not to work around a mistake of another CPU, the Cortex-A8, by stubs that have no name.
LDFLAGS := -nostdlib -static -Wl,--build-id=none -Wl,--orphan-handling=error -Wl,--fatal-warnings \
	-Wl,--no-fix-cortex-a8 $(CLANG_LDFLAGS)

.PHONY: all run gdb ci lint test sanitizers museum bench-check compilers what-tests-need test-costs bench bench-update bench-kernel bench-slab-kernels other-slabs ubsan-kernel call-graphs coverage count-coverage stack-depth bugs museum-docs docs host-tests headers-check setup-run setup-gdb setup-test setup-lint setup-coverage setup-ci setup-fuzz clean help FORCE
.DELETE_ON_ERROR:

all: $(O)/kernel.elf $(O)/kernel.bin	## build the kernel (what `make` alone does)

run: setup-run $(O)/kernel.bin		## boot it; without a terminal: self-tests only, exit with their status
	@if [ -t 0 ] && [ -t 1 ]; then \
		exec scripts/qemu.sh interactive $(QEMU_OPTIONS) --append "$$APPEND" -- $(QEMUFLAGS); \
	else \
		exec scripts/qemu.sh batch $(QEMU_OPTIONS) --expect '^(# passed |1\.\.0 )' \
			--append "batch $$APPEND" -- $(QEMUFLAGS); \
	fi

gdb: setup-gdb all			## halt it before the first instruction, with gdb connected; `mm` shows memory
	@exec scripts/gdb.sh --elf $(O)/kernel.elf $(QEMU_OPTIONS) --append "$$APPEND" -- $(QEMUFLAGS)

# What CI does, in order of cost. A stage is a target, and a folder of test files in tests/; what they need is built first.
# `make test` has several folders: host tests, the board, gdb, scripts. What takes longest begins first in each, so that
# at the end no CPU waits for the other.
STAGES := lint test sanitizers museum bench-check soak-check fail-nth-check compilers
LONG_TESTS := $(addprefix tests/,lint/cppcheck.t lint/analyzer.t boot/matrix.t boot/soak.t boot/slab_soak.t boot/numa.t boot/page_debug.t \
	boot/smp.t boot/inputs.t boot/holes.t boot/boundary.t boot/slab.t gdb/damage.t scripts/listings.t)
tests-in = $(filter $(LONG_TESTS),$(wildcard tests/$(1)/*.t)) $(filter-out $(LONG_TESTS),$(sort $(wildcard tests/$(1)/*.t)))
TESTS = $(HOST_TESTS) $(call tests-in,boot) $(call tests-in,gdb) $(call tests-in,scripts)

# $(call build-for,STAGE,TARGETS), $(call prove,STAGE,FILES): with what it cost written to $(O)/cost/STAGE, which the former
# begins and `make test-costs` shows.
define build-for
	@mkdir -p $(O)/cost && rm -f $(O)/cost/$(1)
	+$(Q)scripts/cost.pl $(O)/cost/$(1) $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) $(2)
endef
define prove
	$(if $(strip $(or $(T),$(2))),$(Q)PAGEWALK_BUILD=$(O) PERL5LIB=tests/lib prove -j$(JOBS) -e 'scripts/cost.pl $(O)/cost/$(1)' \
		$(or $(T),$(2)),@echo "Skipped: there are no tests of the stage $(1).")
endef

ci:					## everything that CI does, in order of cost, until a stage fails; warnings are errors
	$(Q)for stage in $(STAGES); do echo "== $$stage"; $(MAKE) --no-print-directory WERROR=1 $$stage || exit; done
	@$(MAKE) --no-print-directory test-costs

lint: setup-lint			## what reading finds: style, spelling, contracts, faults that analysers see
	$(call build-for,lint,all)
	$(call prove,lint,$(call tests-in,lint))

test: setup-test			## prove everything else: host tests, boots and self-tests, gdb, scripts
	$(call build-for,test,what-tests-need)
	$(call prove,test,$(TESTS))

sanitizers: setup-test			## the self-tests on kernels that check themselves
	$(call build-for,sanitizers,ubsan-kernel kasan-kernels)
	$(call prove,sanitizers,$(call tests-in,san))

museum: setup-test			## that tests and tools find the bugs that are planted: docs/museum.md
	$(call build-for,museum,bugs)
	$(call prove,museum,$(call tests-in,museum))

bench-check: setup-test			## that no benchmark became slower, by more than 2 %
	$(call build-for,bench-check,bench-slab-kernels)
	$(call prove,bench-check,$(call tests-in,bench))

soak-check: setup-test			## that all allocators at once lose nothing, for a short time
	$(call build-for,soak-check,all other-slabs)
	$(call prove,soak-check,$(call tests-in,soak))

fail-nth-check: setup-test		## that nothing is lost when an allocation fails, whichever it is
	$(call build-for,fail-nth-check,all other-slabs)
	$(call prove,fail-nth-check,$(call tests-in,fail_nth))

compilers: setup-ci			## other compilers and other versions of QEMU
	$(call build-for,compilers,all)
	$(call prove,compilers,$(call tests-in,compilers))

what-tests-need: all other-slabs call-graphs bench-kernel host-tests headers-check

test-costs:				## what each test file cost when its stage was last run, in CPU seconds and in seconds
	@cd $(O)/cost && for stage in $(STAGES); do if [ -e $$stage ]; then \
		echo "$$stage:"; sort -rn $$stage; awk '{ sum += $$1 } END { printf "%8.1f           in all\n", sum }' $$stage; fi; done

bench: setup-run bench-slab-kernels	## count instructions, from reset and of each operation, and bytes; beside Linux's
	@$(if $(PROFILE),scripts/bench_profile.pl $(O)/bench$(filter-out /slab,/$(SLAB)) "$$PROFILE",scripts/bench.pl run $(O)/bench)

.PHONY: soak soak-check fail-nth fail-nth-check
soak: setup-run all			## all allocators at once, RAM full of junk; with MINUTES= or OPS=, SEED=, MODE=, RAM=, CPUS=
	@scripts/soak.pl --image $(O)/kernel.bin --ram $(RAM) --cpus $(SOAK_CPUS) --mode $(MODE) --append "$$APPEND" \
		$(if $(OPS),--ops $(OPS),--minutes $(or $(MINUTES),5)) $(if $(SEED),--seed $(SEED)) -- $(QEMUFLAGS)

fail-nth: setup-run other-slabs		## each allocation of each self-test fails in turn; where, and what was lost
	@scripts/fail_nth.pl $(O) $(SLAB)=$(O)/kernel.bin $(foreach slab,$(OTHER_SLABS),$(slab)=$(O)/$(slab)/kernel.bin)

bench-update: setup-run bench-slab-kernels	## make what `make bench` counts the figures that `make bench-check` compares with
	@scripts/bench.pl update $(O)/bench

docs: setup-test all bench-kernel ubsan-kernel kasan-kernels	## bring what README.md and docs/ quote of runs up to date
	@scripts/listings.pl --update README.md docs/*.md

# The kernel that is measured: without the checks on hot paths, in a build directory of its own, with the usual allocator
# of objects.
bench-kernel:
	@$(MAKE) --no-print-directory O=$(O)/bench SLAB=slab DEBUG=0 SAN= BUGS=0 all $(O)/bench/bench.bin $(O)/bench/bare.bin

# And with each of the others.
bench-slab-kernels: bench-kernel
	$(Q)for slab in $(filter-out slab,$(SLABS)); do \
		$(MAKE) --no-print-directory O=$(O)/bench/$$slab SLAB=$$slab DEBUG=0 SAN= BUGS=0 SHARE=$(O)/bench \
			$(O)/bench/$$slab/bench.bin || exit; done

# The same kernel with each of the other allocators of objects, $(O)/slub/kernel.elf and so on, for the tests.
other-slabs: all
	$(Q)for slab in $(OTHER_SLABS); do \
		$(MAKE) --no-print-directory O=$(O)/$$slab SLAB=$$slab SHARE=$(O) all || exit; done

# The same kernel with SAN=ubsan, $(O)/ubsan/kernel.elf, for tests/san/ubsan.t.
ubsan-kernel:
	@$(MAKE) --no-print-directory O=$(O)/ubsan SAN=ubsan all

# The same with SAN=kasan and each allocator of objects, $(O)/kasan, $(O)/kasan/slub and so on, for tests/san/kasan.t.
.PHONY: kasan-kernels
kasan-kernels:
	@$(MAKE) --no-print-directory O=$(O)/kasan SAN=kasan all
	$(Q)for slab in $(OTHER_SLABS); do \
		$(MAKE) --no-print-directory O=$(O)/kasan/$$slab SAN=kasan SLAB=$$slab SHARE=$(O)/kasan all || exit; done

# tests/host: 32-bit programs, which only x86 hosts run. Those about objects are run with each allocator of them,
# and each has one about its own parts.
ifneq ($(filter Linux-x86_64 Linux-i%86,$(shell uname -s -m | tr ' ' -)),)
OBJECT_TESTS := slab_test slab_fail_test slab_fuzz_test slab_debug_test slab_live_test
PARTS_TESTS := $(patsubst tests/host/%.c,%,$(wildcard $(SLABS:%=tests/host/%_parts_test.c)))
host-names = $(filter-out $(filter-out $(1)_parts_test,$(PARTS_TESTS)),$(2))
HOST_NAMES := $(call host-names,$(SLAB),$(patsubst tests/host/%.c,%,$(wildcard tests/host/*_test.c)))
HOST_TESTS = $(HOST_NAMES:%=$(O)/host/%) $(foreach slab,$(OTHER_SLABS),\
	$(addprefix $(O)/$(slab)/host/,$(call host-names,$(slab),$(OBJECT_TESTS) $(PARTS_TESTS))))
HOST_MAKE = $(MAKE) -s --no-print-directory -C tests/host host-tests WERROR=$(filter 1,$(WERROR))

host-tests: host-tests-of-all $(OTHER_SLABS:%=host-tests-%) ## build the host tests, build/host/*_test

host-tests-of-all:
	@echo "  HOST    tests"
	+$(Q)$(HOST_MAKE) HOST_OUT=$(abspath $(O))/host SLAB=$(SLAB) NAMES='$(HOST_NAMES)'

.PHONY: host-tests-of-all $(OTHER_SLABS:%=host-tests-%)
$(OTHER_SLABS:%=host-tests-%): host-tests-%: host-tests-of-all
	@echo "  HOST    tests of $*"
	+$(Q)$(HOST_MAKE) HOST_OUT=$(abspath $(O))/$*/host SLAB=$* SHARE=$(abspath $(O))/host \
		NAMES='$(call host-names,$*,$(OBJECT_TESTS) $(PARTS_TESTS))'
else
host-tests:
	@echo "The host tests are left out: they are 32-bit x86 programs, and this is $$(uname -s -m)."
endif

# `make coverage` runs tests/coverage/, tests that talk to a machine or crash one, and host tests; those that try what is random
# do so for a short time only, since tests/corpus/ has what fuzzing has found.
COVERAGE_TESTS := $(sort $(wildcard tests/coverage/*.t)) $(patsubst %,tests/%.t,boot/faults boot/io boot/shell boot/fail_nth scripts/fuzz)
COVERAGE_OPS := 100
coverage: setup-coverage		## which lines and branches of memory management the tests execute: docs/coverage.md
	+@$(MAKE) --no-print-directory O=$(O)/coverage COVERAGE=1 SAN= BUGS=0 DEBUG=1 count-coverage
	@scripts/coverage.sh $(O)/coverage

count-coverage:
	@rm -rf $(O)/boots $(O)/costs && mkdir -p $(O)/boots && find $(O) -name '*.gcda' -delete
	+@$(MAKE) --no-print-directory -j$(JOBS) all other-slabs host-tests 2>$(O)/said || { grep -v 'note: disable pass' $(O)/said >&2; exit 1; }
	$(Q)OPS=$(COVERAGE_OPS) PAGEWALK_BUILD=$(O) PERL5LIB=tests/lib prove -j$(JOBS) -e 'scripts/cost.pl $(O)/costs' \
		$(or $(T),$(COVERAGE_TESTS) $(filter-out %/harness_test,$(HOST_TESTS)))

# Call graphs, of the functions in C; tests are run instead.
GRAPHS := $(addprefix $(O)/,$(addsuffix .ci,$(basename $(filter-out tests/%,$(filter %.c,$(SRCS))))))

# The bug museum: the kernel, with SAN=kasan as well, and those host tests that are run there, with all bugs built in.
MUSEUM_HOST := $(sort $(shell sed -n 's/^host: *\([a-z_]*\).*/\1/p' tests/museum/exhibits.txt))

bugs: all
	+$(Q)$(MAKE) --no-print-directory O=$(O)/bugs BUGS=1 SHARE=$(O) all
	+$(Q)$(MAKE) --no-print-directory O=$(O)/kasan SAN=kasan all
	+$(Q)$(MAKE) --no-print-directory O=$(O)/bugs/kasan SAN=kasan BUGS=1 SHARE=$(O)/kasan all
	@echo "  HOST    tests of the museum"
	+$(Q)$(HOST_MAKE) HOST_OUT=$(abspath $(O))/bugs/host BUGS=1 NAMES='$(MUSEUM_HOST)'

museum-docs:				## bring what docs/museum.md quotes up to date
	+@$(MAKE) --no-print-directory museum || true
	@PAGEWALK_BUILD=$(O) perl -Itests/lib -MMuseum -e 'Museum::update_docs()'

# Host tests that take their decisions from bytes, driven by AFL++: docs/fuzzing.md.
FUZZ_TARGETS := $(sort $(patsubst tests/host/%_fuzz_test.c,%,$(wildcard tests/host/*_fuzz_test.c)))
FUZZ_HOST := $(O)/fuzz/$(SLAB)
corpus-of = $(1)$(if $(filter slab,$(1)),$(filter-out -slab,-$(SLAB)))
.PHONY: fuzz fuzz-corpus fuzz-programs
MUSEUM_HOST := $(sort $(MUSEUM_HOST) $(patsubst tests/corpus/%/,%_fuzz_test,$(dir $(wildcard tests/corpus/*/finds-*))))
fuzz-each = $(Q)$(foreach target,$(or $(TARGET),$(FUZZ_TARGETS)),\
	scripts/fuzz.sh $(1) $(call corpus-of,$(target)) $(2) $(FUZZ_HOST)/$(target)_fuzz_test $(O)/found/$(call corpus-of,$(target)) || exit;)

fuzz: setup-fuzz fuzz-programs		## look for inputs that fail: TARGET=buddy, or all one after another, MINUTES each
	$(call fuzz-each,run,$(or $(MINUTES),10))

fuzz-corpus: fuzz-programs		## what `make fuzz` has found that goes new ways becomes part of tests/corpus
	$(call fuzz-each,keep)

fuzz-programs:
	$(if $(filter-out $(FUZZ_TARGETS),$(TARGET)),$(error TARGET=$(TARGET): what can be fuzzed is $(FUZZ_TARGETS)))
	$(if $(HOST_TESTS),,$(error Host tests are 32-bit x86 programs, and this is $(shell uname -s -m)))
	+$(Q)$(HOST_MAKE) HOST_OUT=$(abspath $(FUZZ_HOST)) SLAB=$(SLAB) COVER=1 \
		NAMES='$(patsubst %,%_fuzz_test,$(or $(TARGET),$(FUZZ_TARGETS)))'

call-graphs: $(GRAPHS)

stack-depth: call-graphs		## the deepest call paths; fails if one does not fit on a stack with room to spare
	@scripts/stack_depth.pl scripts/stack_depth.txt $(GRAPHS)

headers-check: $(addprefix $(O)/,$(HEADERS:=.ok))	## see that every header compiles alone

clean:					## remove the build directory
	rm -rf $(O)

help:					## this list
	@awk -f scripts/help.awk $(firstword $(MAKEFILE_LIST))

# The command line as the shell must see it, whatever characters are in it.
QEMU_OPTIONS = --image $(O)/kernel.bin --ram $(RAM) --cpus $(CPUS)
export PROFILE
export APPEND := $(strip $(if $(SUITE),test=$(SUITE)) $(CMDLINE))

setup-run:
	@scripts/setup.sh run

setup-gdb:
	@scripts/setup.sh gdb

setup-test:
	@scripts/setup.sh test

setup-lint:
	@scripts/setup.sh lint

setup-coverage:
	@scripts/setup.sh coverage

setup-ci:
	@scripts/setup.sh ci

setup-fuzz:
	@scripts/setup.sh fuzz

# What the compiler can do. Included, so that it exists, and with it the compiler, before anything else.
ifneq ($(filter-out clean help,$(or $(MAKECMDGOALS),all)),)
include $(O)/compiler.mk
endif

$(O)/compiler.mk: FORCE
	@scripts/setup.sh build
	@scripts/probe.sh $(CC) $@ $(filter-out -I% -D%,$(CPPFLAGS)) $(ARCHFLAGS)

$(O)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS) $(ARCHFLAGS) $(CFLAGS) $(LDFLAGS) $(SMALL_FLAGS) $(SMALL) $(MEASURED_FLAGS)$(RAW:%= %)' | cmp -s - $@ || \
		echo '$(CC) $(CPPFLAGS) $(ARCHFLAGS) $(CFLAGS) $(LDFLAGS) $(SMALL_FLAGS) $(SMALL) $(MEASURED_FLAGS)$(RAW:%= %)' >$@

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	@rm -f $(@:.o=.ci)
	@echo "  CC      $<"
	$(Q)$(CC) $(CPPFLAGS) $(ARCHFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

# The compiler wrote it along with the object, unless a compiler cache had the object already.
$(O)/%.ci: %.c $(O)/%.o
	@test -e $@ || CCACHE_DISABLE=1 $(CC) $(CPPFLAGS) $(ARCHFLAGS) $(CFLAGS) -g0 -S $< -o $(@:.ci=.s)
	@touch $@

$(SMALL) $(SMALL:.o=.ci): private CFLAGS += $(SMALL_FLAGS)
$(UNCHECKED) $(UNCHECKED:.o=.ci): private SAN_FLAGS :=
$(UNCHECKED) $(UNCHECKED:.o=.ci): private CFLAGS += -fno-stack-protector

$(RAW): private CPPFLAGS += $(foreach function,memcpy memmove memset clear_page copy_page,-D$(function)=__$(function))

$(O)/%.o: %.S $(O)/flags
	@mkdir -p $(@D)
	@echo "  AS      $<"
	$(Q)$(CC) $(CPPFLAGS) $(ARCHFLAGS) -g -MMD -MP -c $< -o $@

$(O)/linker/kernel.lds: linker/kernel.lds.S $(O)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -E -P -D__ASSEMBLER__ -x assembler-with-cpp -MMD -MP -MT $@ $< -o $@

# The names of the functions are part of the kernel (kernel/kallsyms.c). They are taken from a kernel linked with
# an empty table; the table lies behind the text, so the second link moves no function, and that is checked.
LINK = $(CROSS_COMPILE)gcc $(ARCHFLAGS) $(LDFLAGS) -T $(O)/linker/kernel.lds

$(O)/kallsyms0.S: scripts/kallsyms.sh
	@mkdir -p $(@D)
	$(Q)sh scripts/kallsyms.sh </dev/null >$@

# $(call linked,NAME,OBJECTS,FLAGS): the rules for NAME.elf and NAME.bin. A list that changes is linked anew.
define linked
$(O)/$(1).objects: FORCE
	@mkdir -p $$(@D)
	@echo '$(3) $(2)' | cmp -s - $$@ || echo '$(3) $(2)' >$$@

$(O)/$(1)0.elf: $(2) $(O)/$(1).objects $(O)/kallsyms0.o $(O)/linker/kernel.lds
	$$(Q)$$(LINK) $(3) $(2) $(O)/kallsyms0.o $(LIBS) -lgcc -o $$@

$(O)/$(1)-kallsyms.S: $(O)/$(1)0.elf scripts/kallsyms.sh
	$$(Q)$$(NM) -n --special-syms $$< | sh scripts/kallsyms.sh >$$@

$(O)/$(1).elf: $(2) $(O)/$(1)-kallsyms.o $(O)/linker/kernel.lds
	@echo "  LD      $$@"
	$$(Q)$$(LINK) $(3) $(2) $(O)/$(1)-kallsyms.o $(LIBS) -lgcc -o $$@
	$$(Q)$$(NM) -n --special-syms $$@ | sh scripts/kallsyms.sh | cmp - $(O)/$(1)-kallsyms.S

$(O)/$(1).bin: $(O)/$(1).elf
	@echo "  OBJCOPY $$@"
	$$(Q)$$(OBJCOPY) -O binary $$< $$@
endef

$(eval $(call linked,kernel,$(OBJS)))

# bench: the same without the self-tests but the one that prints the milestones, and without what only they call: the kernel whose
# benchmarks are run. bare: without the benchmarks too, which are no more part of a kernel: the one whose size is measured.
TESTS_ONLY := $(foreach dir,$(O) $(SHARE),\
	$(addprefix $(dir)/tests/kernel/,%_test.o %_asm.o crew.o spaces.o together.o soak.o soak_%.o))
BENCH_OBJS := $(filter-out $(TESTS_ONLY),$(OBJS)) $(filter %/bootmark_test.o,$(OBJS))
BENCH_LDFLAGS := -Wl,--gc-sections -Wl,-Map=$(O)/bench.map
$(eval $(call linked,bench,$(BENCH_OBJS),$(BENCH_LDFLAGS)))
BENCHES_ONLY := $(foreach dir,$(O) $(SHARE),$(addprefix $(dir)/tests/kernel/,%_bench.o high_pages.o race.o short_turns.o))
BARE_OBJS := $(filter-out $(BENCHES_ONLY),$(BENCH_OBJS))
BARE_LDFLAGS := -Wl,--gc-sections
$(eval $(call linked,bare,$(BARE_OBJS),$(BARE_LDFLAGS)))

$(O)/kallsyms0.o $(O)/kernel-kallsyms.o $(O)/bench-kallsyms.o $(O)/bare-kallsyms.o: %.o: %.S $(O)/flags
	$(Q)$(CC) $(CPPFLAGS) $(ARCHFLAGS) -c $< -o $@

$(O)/%.h.ok: %.h $(O)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ARCHFLAGS) $(CFLAGS) -MMD -MP -MT $@ -MF $@.d -fsyntax-only -x c $<
	@touch $@

-include $(OBJS:.o=.d) $(O)/linker/kernel.d $(addprefix $(O)/,$(HEADERS:=.ok.d))
