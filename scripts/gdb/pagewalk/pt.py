# SPDX-License-Identifier: MIT
"""`mm pt`: the walk of one address, from TTBR through physical memory, as the hardware does it.

    TTBCR, TTBRn --> level-1 entry --> section
                                  \\--> level-2 entry --> page        Linux entry beside it

The lines that begin with the address in brackets are those of the kernel's own show_pte_walk().
"""

from . import descriptors as hw
from . import physmem, symbols
from .target import MmError, SCTLR_AFE, SCTLR_M, SCTLR_TRE, mmu_on, register

WORD = 4
TABLE_BYTES = 0x4000            # a full level-1 table
TTBCR_EAE = 1 << 31             # long descriptors
TTBCR_N_MASK = 7
TTBCR_PD0, TTBCR_PD1 = 1 << 4, 1 << 5
L2_ENTRIES = 256
DETAIL = " " * 11


class Controls:
    """The registers of the selected CPU that say how it walks."""

    def __init__(self):
        self.sctlr = register("SCTLR")
        self.ttbcr = register("TTBCR")
        self.ttbr = (register("TTBR0"), register("TTBR1"))
        self.dacr = register("DACR")
        self.prrr = register("PRRR")
        self.nmrr = register("NMRR")
        self.access_flag = bool(self.sctlr & SCTLR_AFE)
        # With the MMU off, what will be: TRE is set together with it, once PRRR is ready.
        self.tex_remap = bool(self.sctlr & SCTLR_TRE) or (not self.sctlr & SCTLR_M and self.prrr != 0)
        if self.ttbcr & TTBCR_EAE:
            raise MmError("TTBCR says long descriptors: not this CPU, and not this kernel")

    def base_for(self, addr):
        """Which TTBR, its table, and whether TTBCR forbids the walk (B3.5.4)."""
        n = self.ttbcr & TTBCR_N_MASK
        which = 1 if n and addr >> (32 - n) else 0
        table_bytes = TABLE_BYTES if which else TABLE_BYTES >> n
        forbidden = self.ttbcr & (TTBCR_PD1 if which else TTBCR_PD0)
        return which, self.ttbr[which] & ~(table_bytes - 1), bool(forbidden)

    def memory_type(self, attributes):
        return hw.MemoryType(attributes, self.tex_remap, self.prrr, self.nmrr)


class Walk:
    """The walk of one address. Afterwards: `lines`, the report; `phys`, or None if nothing is mapped."""

    def __init__(self, addr, controls):
        self.addr = addr
        self.controls = controls
        self.lines = []
        self.phys = None
        self._level_1()

    def _say(self, text):
        self.lines.append("[%08x] %s" % (self.addr, text))

    def _detail(self, text):
        self.lines.append(DETAIL + text)

    def _verdict(self, text):
        self.lines.append("verdict: " + text)

    def _read(self, phys):
        """A word of a table, or None."""
        if not physmem.is_ram(phys, WORD):
            self._say("a table at 0x%08x, which is not RAM: the page table is damaged" % phys)
            self._verdict("the walk of 0x%08x cannot go on; the CPU would read zeros, or abort" % self.addr)
            return None
        return physmem.read_word(phys)

    def _level_1(self):
        which, table, forbidden = self.controls.base_for(self.addr)
        self._say("TTBR%d %08x: level-1 table at 0x%08x" % (which, self.controls.ttbr[which], table))
        if forbidden:
            self._say("TTBCR forbids walks from TTBR%d: translation fault, level 1" % which)
            return
        index = self.addr >> hw.SECTION_SHIFT
        entry = self._read(table + index * WORD)
        if entry is None:
            return
        where = "L1 0x%03x at 0x%08x: %08x: " % (index, table + index * WORD, entry)
        kind = entry & hw.TYPE_MASK
        if kind == hw.L1_SECTION:
            self._section(where, entry)
        elif kind == hw.L1_TABLE:
            self._level_2(where, entry)
        else:
            self._say(where + "nothing")
            if kind != hw.L1_FAULT:
                self._detail("type 3 is a section with PXN, which this CPU does not have: it faults")
            self._say("no section and no page table: translation fault, level 1")
            self._verdict("nothing is mapped at 0x%08x" % self.addr)

    def _domain(self, number):
        access = hw.domain_access(self.controls.dacr, number)
        return access, "domain %d (%s)" % (number, hw.DOMAIN_WORDS[access])

    def _attributes(self, attributes):
        kernel, user = hw.rights(attributes, self.controls.access_flag)
        return "kernel %s, user %s, %s, %s, %s" % (
            kernel, user, self.controls.memory_type(attributes).name,
            "shared" if attributes.s else "not shared", "not global" if attributes.ng else "global")

    def _section(self, where, entry):
        is_super = bool(entry & hw.SUPERSECTION)
        shift = hw.SUPERSECTION_SHIFT if is_super else hw.SECTION_SHIFT
        access, domain = self._domain(0 if is_super else hw.bits(entry, 8, 5))
        attributes = hw.section_attributes(entry)
        self._say("%s%d MiB section, %s, %s" % (where, 1 << (shift - hw.SECTION_SHIFT),
                                                 self._attributes(attributes), domain))
        self._mapped(entry, shift, attributes, access)

    def _level_2(self, where, entry):
        table = entry & hw.TABLE_BASE_MASK
        access, domain = self._domain(hw.bits(entry, 8, 5))
        self._say("%spage table at 0x%08x, %s" % (where, table, domain))
        index = (self.addr >> hw.SMALL_SHIFT) % L2_ENTRIES
        pte_at = table + index * WORD
        pte = self._read(pte_at)
        if pte is None:
            return
        where = "L2 0x%03x at 0x%08x: %08x: " % (index, pte_at, pte)
        kind = pte & hw.TYPE_MASK
        if kind == hw.L2_FAULT:
            self._say(where + "nothing")
            self._linux_entry(pte_at)
            self._say("no page: translation fault, level 2")
            self._verdict("nothing is mapped at 0x%08x" % self.addr)
            return
        large = kind == hw.L2_LARGE
        shift = hw.LARGE_SHIFT if large else hw.SMALL_SHIFT
        attributes = hw.large_page_attributes(pte) if large else hw.small_page_attributes(pte)
        self._say("%s%d KiB page, %s" % (where, 1 << (shift - 10), self._attributes(attributes)))
        self._mapped(pte, shift, attributes, access, pte_at)

    def _linux_entry(self, pte_at):
        """The kernel's own entry, in the same page as the hardware's."""
        offset = symbols.constant("PTE_HWTABLE_OFF")
        if not pte_at & offset:
            self._detail("no Linux entry: the table is not in the upper half of its page")
            return
        entry = physmem.read_word(pte_at - offset)
        flags = [name for mask, name in symbols.linux_pte_bits() if entry & mask]
        kind = (entry & symbols.constant("L_PTE_MT_MASK")) >> symbols.constant("L_PTE_MT_SHIFT")
        self._say("Linux pte at 0x%08x: %08x:%s type %d" %
                  (pte_at - offset, entry, "".join(" " + flag for flag in flags), kind))

    def _mapped(self, entry, shift, attributes, access, pte_at=None):
        low = (1 << shift) - 1
        self.phys = entry & ~low | self.addr & low
        memory = self.controls.memory_type(attributes)
        self._detail(attributes.raw())
        self._detail("%s (%s)" % (memory.words, memory.source))
        if pte_at is not None:
            self._linux_entry(pte_at)
        self._say("maps to 0x%08x" % self.phys)
        self._verdict("0x%08x is physical 0x%08x; %s" %
                      (self.addr, self.phys, self._permission(attributes, access)))

    def _permission(self, attributes, access):
        if access == hw.DOMAIN_MANAGER:
            return "a manager domain: everybody reads, writes and executes, whatever AP and XN say"
        if access != hw.DOMAIN_CLIENT:
            return "every access is a domain fault"
        if self.controls.access_flag and not attributes.ap & 1:
            return "the first access is an access flag fault (AP[0] = 0)"
        kernel, user = hw.rights(attributes, self.controls.access_flag)
        return "%s; %s" % (hw.rights_in_words("the kernel", kernel), hw.rights_in_words("user code", user))


def report(addr):
    """The lines for `mm pt ADDR`."""
    controls = Controls()
    if mmu_on():
        return Walk(addr, controls).lines
    lines = ["The MMU is off: 0x%08x is a physical address%s." %
             (addr, "" if physmem.is_ram(addr) else ", not of RAM")]
    table = controls.base_for(addr)[1]
    if not physmem.is_ram(table, WORD):
        return lines + ["TTBR0 is %08x: there is no page table yet." % controls.ttbr[0]]
    return lines + ["By the page table that is ready for when it is turned on:"] + Walk(addr, controls).lines
