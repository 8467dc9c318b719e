# SPDX-License-Identifier: MIT
"""Cases for descriptors.t, run inside gdb: entries and registers that this kernel and this CPU never show.

The walk gets registers and a memory that are made here. Prints TAP.
"""

from pagewalk import descriptors as hw
from pagewalk import physmem, pt

TTBR = 0x60004000
L2_TABLE = 0x60008800           # in the upper half of its page
PRRR, NMRR = 0xff0a81a8, 0x40e040e0

memory = {}
count = 0


class Registers(pt.Controls):
    """Registers of our own making: TRE set, domain 0 client."""

    def __init__(self, ttbcr=0, dacr=1, remap=True, access_flag=False, ttbr1=0x6000c000):
        self.ttbcr, self.dacr, self.ttbr = ttbcr, dacr, (TTBR, ttbr1)
        self.prrr, self.nmrr = PRRR, NMRR
        self.tex_remap, self.access_flag = remap, access_flag


def check(name, got, wanted):
    global count
    count += 1
    print("%sok %d - %s" % ("" if got == wanted else "not ", count, name))
    if got != wanted:
        print("# got    %r\n# wanted %r" % (got, wanted))


def walk(addr, l1, l2=None, **registers):
    """The walk of an address whose entries are l1 and l2."""
    memory.clear()
    controls = Registers(**registers)
    memory[controls.base_for(addr)[1] + (addr >> 20) * 4] = l1
    if l2 is not None:
        memory[L2_TABLE + (addr >> 12 & 0xff) * 4] = l2
    return pt.Walk(addr, controls)


def verdict(done):
    return done.lines[-1].split("; ", 1)[-1]


def attributes(ap, xn=0):
    return hw.small_page_attributes((ap & 3) << 4 | (ap >> 2) << 9 | xn | 2)


def test_rights():
    for ap, wanted in enumerate((("---", "---"), ("RW-", "---"), ("RW-", "R--"), ("RW-", "RW-"),
                                 ("---", "---"), ("R--", "---"), ("R--", "R--"), ("R--", "R--"))):
        check("AP %s with XN" % format(ap, "03b"), hw.rights(attributes(ap, xn=1), False), wanted)
    check("without XN, who may read may execute", hw.rights(attributes(2), False), ("RWX", "R-X"))
    check("without XN, who may not read may not execute", hw.rights(attributes(0), False), ("---", "---"))
    check("with SCTLR.AFE, AP[0] gives no rights", hw.rights(attributes(6), True), ("R-X", "R-X"))


def memory_type(tex, c, b, s, remap):
    entry = tex << 6 | c << 3 | b << 2 | s << 10 | 2
    return hw.MemoryType(hw.small_page_attributes(entry), remap, PRRR, NMRR)


def test_types():
    for tex, c, b, name in ((0, 0, 0, "SO/UNCACHED"), (0, 0, 1, "MEM/BUFFERABLE/WC"), (0, 1, 0, "MEM/CACHED/WT"),
                            (0, 1, 1, "MEM/CACHED/WBRA"), (1, 0, 0, "DEV/SHARED"), (1, 1, 1, "MEM/CACHED/WBWA")):
        check("with remap TEX[0] %d C %d B %d is %s" % (tex, c, b, name), memory_type(tex, c, b, 1, True).name, name)
    check("TEX[2:1] have no meaning with remap",
          memory_type(7, 1, 1, 1, True).words, memory_type(1, 1, 1, 1, True).words)
    check("memory without S is not shareable", memory_type(1, 1, 1, 0, True).words.split(", ")[-1], "not shareable")
    check("NOSn says inner", memory_type(1, 1, 1, 1, True).words.split(", ")[-1], "inner shareable")
    plain = hw.small_page_attributes(1 << 6 | 2)
    check("device memory has a bit of its own for pages without S",
          hw.MemoryType(plain, True, PRRR | 1 << 16, NMRR).words, "device, inner shareable")
    check("... and normal memory another", hw.MemoryType(plain, True, PRRR | 1 << 18, NMRR).words,
          "device, not shareable")
    for tex, c, b, words in ((0, 0, 0, "strongly ordered, shareable"), (0, 0, 1, "device, shareable"),
                             (2, 0, 0, "device, not shareable"),
                             (0, 1, 0, "normal memory, inner and outer write-through, not shareable"),
                             (1, 1, 1, "normal memory, inner and outer write-back, write-allocate, not shareable"),
                             (6, 0, 1, "normal memory, inner write-back, write-allocate, "
                              "outer write-through, not shareable"),
                             (3, 0, 0, "a reserved type, not shareable")):
        check("without remap TEX %d C %d B %d" % (tex, c, b), memory_type(tex, c, b, 0, False).words, words)


def test_walks():
    check("a section maps 1 MiB", walk(0x12345678, 0x70000c0e).phys, 0x70045678)
    check("a supersection maps 16 MiB", walk(0x12345678, 0x70040c0e).phys, 0x70345678)
    check("a supersection is of domain 0, whatever its bits", "domain 0 (client)" in
          "".join(walk(0x12345678, 0x70040c0e | 15 << 5).lines), True)
    check("a small page maps 4 KiB", walk(0x12345678, L2_TABLE | 1, 0x7000045e).phys, 0x70000678)
    check("a large page maps 64 KiB", walk(0x12345678, L2_TABLE | 1, 0x70000011).phys, 0x70005678)
    check("a large page has XN at bit 15", verdict(walk(0, L2_TABLE | 1, 0x70008011)),
          "the kernel reads and writes; user code has no access")
    check("type 3 of level 1 faults", walk(0x12345678, 3).phys, None)
    check("type 0 of level 2 faults", walk(0x12345678, L2_TABLE | 1, 0).phys, None)
    check("a table outside of RAM ends the walk", walk(0x12345678, 0x10000001).phys, None)


def test_registers():
    section = 0x70000c0e | 3 << 5
    check("a domain without access", verdict(walk(0, section, dacr=1)), "every access is a domain fault")
    check("a manager domain", verdict(walk(0, section, dacr=3 << 6)),
          "a manager domain: everybody reads, writes and executes, whatever AP and XN say")
    check("a client domain", verdict(walk(0, section, dacr=1 << 6)),
          "the kernel reads, writes and executes; user code reads, writes and executes")
    check("an access flag that is clear", verdict(walk(0, 0x7000080e, access_flag=True)),
          "the first access is an access flag fault (AP[0] = 0)")
    check("TTBCR.N = 1 sends the upper half to TTBR1", walk(0x80000000, 0x70000c0e, ttbcr=1).lines[0],
          "[80000000] TTBR1 6000c000: level-1 table at 0x6000c000")
    check("... and the lower half to TTBR0", walk(0x7fffffff, 0x70000c0e, ttbcr=1).phys, 0x700fffff)
    check("with TTBCR.N = 3 the table of TTBR0 has 2 KiB", Registers(ttbcr=3).base_for(0)[1], TTBR)
    for pd, addr in ((0x11, 0), (0x21, 0x80000000)):
        check("TTBCR.PD forbids the walk of 0x%x" % addr, walk(addr, 0x70000c0e, ttbcr=pd).phys, None)


def run():
    real = physmem.read_word, physmem.is_ram
    physmem.read_word = lambda phys: memory.get(phys, 0)
    physmem.is_ram = lambda phys, size=1: 0x60000000 <= phys < 0xa0000000
    try:
        for test in (test_rights, test_types, test_walks, test_registers):
            test()
        print("1..%d" % count)
    finally:
        physmem.read_word, physmem.is_ram = real


run()
