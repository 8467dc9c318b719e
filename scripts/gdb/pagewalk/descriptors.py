# SPDX-License-Identifier: MIT
"""Short-descriptor page table entries in words (ARM DDI 0406C B3.5.1, B3.7, B3.8.3).

    level 1    31          20 19 18 17 16 15  14-12 11-10 9  8-5   4   3  2  1 0
    section   |  base        | 0| 0|nG| S|AP2| TEX |AP1-0|0|domain|XN| C| B| 1 0|
    table     |  base (31-10)                            |0|domain| 0| 0| 0| 0 1|

    level 2    31                       12  11 10  9   8-6   5-4   3  2  1  0
    small     |  base                     |nG| S|AP2| TEX |AP1-0| C| B| 1|XN|
    large     |  base (31-16) |XN| TEX (14-12)|nG| S|AP2|  0  |AP1-0| C| B| 0  1|

Pure functions: they know nothing of gdb. What is fixed by the architecture is written down here, on
its own authority and not the kernel's, so that the two can be compared.
"""

TYPE_MASK = 3
L1_FAULT, L1_TABLE, L1_SECTION = 0, 1, 2
L2_FAULT, L2_LARGE = 0, 1               # 2 and 3 are small pages, bit 0 is XN

SUPERSECTION = 1 << 18
SECTION_SHIFT, SUPERSECTION_SHIFT = 20, 24
SMALL_SHIFT, LARGE_SHIFT = 12, 16
TABLE_BASE_MASK = ~0x3ff & 0xffffffff

DOMAIN_WORDS = ("no access", "client", "reserved", "manager")
DOMAIN_NONE, DOMAIN_CLIENT, DOMAIN_MANAGER = 0, 1, 3

# Kernel's rights, user's rights by AP[2:0], with SCTLR.AFE = 0 (table B3-8).
RIGHTS = (("--", "--"), ("RW", "--"), ("RW", "R-"), ("RW", "RW"),
          ("--", "--"), ("R-", "--"), ("R-", "R-"), ("R-", "R-"))

# Cache policies as NMRR and TEX encode them: short name, words.
POLICIES = (("BUFFERABLE/WC", "not cached"),
            ("CACHED/WBWA", "write-back, write-allocate"),
            ("CACHED/WT", "write-through"),
            ("CACHED/WBRA", "write-back, no write-allocate"))

STRONGLY_ORDERED, DEVICE, NORMAL, RESERVED = range(4)

# TEX[2:0], C, B without remap (table B3-10): type, policy index, shareable whatever S says.
PLAIN_TYPES = {
    0b00000: (STRONGLY_ORDERED, 0, True), 0b00001: (DEVICE, 0, True),
    0b00010: (NORMAL, 2, None), 0b00011: (NORMAL, 3, None),
    0b00100: (NORMAL, 0, None), 0b00111: (NORMAL, 1, None), 0b01000: (DEVICE, 0, False),
}


def bits(value, high, low):
    return (value >> low) & ((1 << (high - low + 1)) - 1)


class Attributes:
    """Permissions and memory type of what an entry maps: ap (3 bits), xn, tex, c, b, s, ng."""

    def __init__(self, entry, ap_low, ap2, tex, s, ng, xn):
        self.ap = bits(entry, ap2, ap2) << 2 | bits(entry, ap_low + 1, ap_low)
        self.tex = bits(entry, tex + 2, tex)
        self.s = bits(entry, s, s)
        self.ng = bits(entry, ng, ng)
        self.xn = bits(entry, xn, xn)
        self.c = bits(entry, 3, 3)
        self.b = bits(entry, 2, 2)

    def raw(self):
        """The bits, as the manual names them."""
        return "AP %s  XN %d  TEX %s C %d B %d  S %d  nG %d" % (
            format(self.ap, "03b"), self.xn, format(self.tex, "03b"), self.c, self.b, self.s, self.ng)


def section_attributes(entry):
    return Attributes(entry, ap_low=10, ap2=15, tex=12, s=16, ng=17, xn=4)


def small_page_attributes(entry):
    return Attributes(entry, ap_low=4, ap2=9, tex=6, s=10, ng=11, xn=0)


def large_page_attributes(entry):
    return Attributes(entry, ap_low=4, ap2=9, tex=12, s=10, ng=11, xn=15)


def rights(attributes, access_flag):
    """("RW-", "R--"): what kernel and user may do in a client domain. `access_flag`: SCTLR.AFE."""
    ap = attributes.ap | 1 if access_flag else attributes.ap
    return tuple(may + ("X" if may[0] == "R" and not attributes.xn else "-") for may in RIGHTS[ap])


def domain_access(dacr, domain):
    return bits(dacr, 2 * domain + 1, 2 * domain)


class MemoryType:
    """What TEX, C, B and S mean: `name` as Linux's reports have it, `words`."""

    def __init__(self, attributes, tex_remap, prrr, nmrr):
        if tex_remap:
            self._by_remap(attributes, prrr, nmrr)
        else:
            self._by_tex(attributes)

    def _by_remap(self, attributes, prrr, nmrr):
        index = (attributes.tex & 1) << 2 | attributes.c << 1 | attributes.b
        kind = bits(prrr, 2 * index + 1, 2 * index)
        inner = bits(nmrr, 2 * index + 1, 2 * index)
        outer = bits(nmrr, 2 * index + 17, 2 * index + 16)
        # PRRR: DS0, DS1, NS0, NS1 are bits 16 to 19; NOSn, "not outer shareable", bit 24 + n.
        shared_bit = (16 if kind == DEVICE else 18) + attributes.s
        shared = kind == STRONGLY_ORDERED or bool(bits(prrr, shared_bit, shared_bit))
        domain = "inner" if bits(prrr, 24 + index, 24 + index) else "outer"
        self._name_it(kind, inner, outer, "%s shareable" % domain if shared else "not shareable")
        self.source = "PRRR and NMRR, index %d" % index

    def _by_tex(self, attributes):
        code = attributes.tex << 2 | attributes.c << 1 | attributes.b
        if attributes.tex & 4:
            kind, outer, inner, fixed = NORMAL, attributes.tex & 3, code & 3, None
        else:
            kind, inner, fixed = PLAIN_TYPES.get(code, (RESERVED, 0, None))
            outer = inner
        shared = attributes.s if fixed is None else fixed
        self._name_it(kind, inner, outer, "shareable" if shared else "not shareable")
        self.source = "TEX, C and B"

    def _name_it(self, kind, inner, outer, share):
        if kind == NORMAL:
            self.name = "MEM/" + POLICIES[inner][0]
            policy = "inner and outer " + POLICIES[inner][1] if inner == outer else \
                "inner %s, outer %s" % (POLICIES[inner][1], POLICIES[outer][1])
            self.words = "normal memory, %s, %s" % (policy, share)
        else:
            self.name = ("SO/UNCACHED", "DEV/SHARED", "", "reserved type")[kind]
            self.words = ("strongly ordered", "device", "", "a reserved type")[kind] + ", " + share


def rights_in_words(who, may):
    """("the kernel", "R-X") -> "the kernel reads and executes"."""
    verbs = [verb for letter, verb in zip(may, ("reads", "writes", "executes")) if letter != "-"]
    if not verbs:
        return who + " has no access"
    return "%s %s" % (who, " and ".join([", ".join(verbs[:-1]), verbs[-1]] if verbs[:-1] else verbs))
