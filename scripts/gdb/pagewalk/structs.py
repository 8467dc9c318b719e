# SPDX-License-Identifier: MIT
"""Structures of the kernel, laid out as DWARF says, read from physical memory; and linked lists.

A gdb.Value made from bytes has no address, and gdb never goes to memory for it: where a structure lies is
kept apart, as a number. Pointers are followed by load() again.
"""

import gdb

from . import physmem, symbols
from .target import WORD_MASK

NAME_MAX = 32
CHAIN_MAX = 1 << 19     # more links than there can be pages in lists


def load(type_, virt):
    """The object of `type_` at a lowmem address."""
    size = type_.sizeof
    return gdb.Value(physmem.read(physmem.virt_to_phys(virt, size), size), type_)


def load_virtual(type_, virt):
    """The object of `type_` at an address of the kernel's that the selected CPU's MMU finds: a thread's stack."""
    return gdb.Value(bytes(gdb.selected_inferior().read_memory(virt, type_.sizeof)), type_)


def load_variable(name):
    """A global variable's value."""
    virt, type_ = symbols.variable(name)
    return load(type_, virt)


def number(value):
    """An integer or a pointer of the kernel as an unsigned number."""
    return int(value) & WORD_MASK


def numbers(array):
    """The elements of an array of integers or pointers, as number() has them."""
    low, high = array.type.range()
    return [number(array[i]) for i in range(low, high + 1)]


def string_at(virt):
    """The string at a lowmem address; what cannot be one is shown as an address."""
    if not physmem.is_lowmem(virt, NAME_MAX):
        return "(name at 0x%08x?)" % virt
    text = physmem.read(physmem.virt_to_phys(virt), NAME_MAX).split(b"\0")[0]
    return text.decode("ascii", "replace") if text.isascii() else "(name at 0x%08x?)" % virt


def offset_of(type_, name):
    """Where a field lies in its structure, in bytes; also one of an anonymous member."""
    for field in type_.fields():
        if field.name == name:
            return field.bitpos // 8
        if not field.name and field.type.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
            inner = offset_of(field.type, name)
            if inner is not None:
                return field.bitpos // 8 + inner
    return None


class Chain:
    """A walk along a list_head list that ends, whatever the links say.

        for node in chain: ...      the addresses of the list_heads, without the head's own
        chain.faults                afterwards: what is wrong with the list, in words

    `reject(node)` says why no member of this list can lie at an address, or None; `describe(node)` names
    a member for messages. A node that is reached twice, or where none can be, ends the walk; a prev
    pointer that does not lead back is reported only.
    """

    def __init__(self, head, reject, describe):
        self.head = head
        self.reject = reject
        self.describe = describe
        self.faults = []
        self._type = symbols.type_named("struct list_head")

    def _links(self, node):
        links = load(self._type, node)
        return number(links["next"]), number(links["prev"])

    def _name(self, node):
        return "the head" if node == self.head else self.describe(node)

    def _why_not(self, node):
        if node % self._type.fields()[0].type.sizeof:
            return "is not aligned"
        if not physmem.is_lowmem(node, self._type.sizeof):
            return "is not an address of lowmem"
        return self.reject(node)

    def __iter__(self):
        place = {self.head: 0}
        node, (following, back) = self.head, self._links(self.head)
        first_back = back
        while following != self.head:
            at = "link %d: %s -> 0x%08x" % (len(place), self._name(node), following)
            if following in place:
                self.faults.append("%s leads back to link %d, %s: a cycle without the head" %
                                   (at, place[following], self._name(following)))
                return
            reason = self._why_not(following)
            if reason or len(place) > CHAIN_MAX:
                self.faults.append("%s %s" % (at, reason or "is one link too many"))
                return
            place[following] = len(place)
            previous, node = node, following
            following, back = self._links(node)
            if back != previous:
                self.faults.append("link %d: prev of %s is 0x%08x, not 0x%08x" %
                                   (place[node], self._name(node), back, previous))
            yield node
        if first_back != node:
            self.faults.append("prev of the head is 0x%08x, not the last link 0x%08x" % (first_back, node))
