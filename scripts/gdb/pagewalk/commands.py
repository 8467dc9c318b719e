# SPDX-License-Identifier: MIT
"""The commands under `mm`, each a line or two; the work is in the module of its name."""

import gdb

from . import bootmem, buddy, fixmap, fragmentation, kmap, layout, memblock, owner, page, pageblocks, pcp, pt, ptdump
from . import resources, slab, threads, vmalloc, watermarks, whatis, zonelist, zones
from .command import evaluate, report


@report("memblock")
def mm_memblock():
    """Show the regions of RAM, and those that booting reserved of it.

The format is that of memblock_dump_all(). The lists outlive the hand-over to bootmem."""
    return memblock.report()


@report("bootmem")
def mm_bootmem():
    """Show the bitmap of the boot allocator, as runs of free and reserved pages.

There is one from arm_bootmem_init() to free_all_bootmem()."""
    return bootmem.report()


@report("zones")
def mm_zones():
    """Show each zone's pages, in the format of /proc/zoneinfo."""
    return zones.report()


@report("watermarks")
def mm_watermarks():
    """Show each zone's free pages and watermarks, and how much each kind of request may still take.

A line for each zone that a request can mean first: what is kept from it (lowmem_reserve), and how many single
pages it may take: unhindered, until kswapd is woken, and then by kind of request to the end."""
    return watermarks.report()


@report("zonelist", "GFP")
def mm_zonelist(argument):
    """Show the zones that a request asks, in order, from each node.

GFP is a mask: names with `|` in between, GFP_KERNEL or GFP_HIGHUSER|__GFP_THISNODE, or a number."""
    return zonelist.report(argument)


@report("buddy")
def mm_buddy():
    """Show the free blocks by zone and order, as counted and as found on the lists.

The formats are those of /proc/buddyinfo and /proc/pagetypeinfo. Damage to a list is named, link by link."""
    return buddy.report()


@report("pcp")
def mm_pcp():
    """Show what is on each CPU's page lists, by zone, migrate type and order.

Damage to a list, and pages on it that are not free, are named."""
    return pcp.report()


@report("pageblocks")
def mm_pageblocks():
    """Show the migrate type of every pageblock, a letter each; a small one if all of it is free."""
    return pageblocks.report()


@report("slab")
def mm_slab():
    """Show the caches of objects, in the format of /proc/slabinfo.

Damage to a list of slabs is named, link by link."""
    return slab.report_caches()


@report("slabs", "CACHE")
def mm_slabs(argument):
    """Show each slab of a cache: where it is, its colour, which of its objects are free.

Objects in the array of a CPU or of a node are in use, to their slab; how many there are is said below."""
    return slab.report_slabs(argument)


@report("obj", "ADDR", gdb.COMPLETE_EXPRESSION)
def mm_obj(argument):
    """Show which object an address lies in: cache, slab, number, offset, whether it is in use, and whose it is.

Who allocated and who freed it is known if the kernel is booted with slab_debug."""
    return slab.report_object(argument)


@report("vmalloc")
def mm_vmalloc():
    """Show the areas of the vmalloc area, in the format of /proc/vmallocinfo, and the gaps between them.

Damage to a tree is named."""
    return vmalloc.report()


@report("fragmentation")
def mm_fragmentation():
    """Show how much of what is free is in blocks too small, by zone and order, and why a block is missing.

The formats are those of Linux's extfrag/unusable_index and extfrag_index."""
    return fragmentation.report()


@report("page", "ADDR|PFN", gdb.COMPLETE_EXPRESSION)
def mm_page(argument):
    """Show the struct page of a page frame, its state in words, and whose it is.

A number is taken as an address of lowmem, a physical address of RAM, or a page frame number, whichever it
can be; another address is looked up in the page tables; a `struct page *` means that page."""
    return page.report(argument)


@report("owner", "[ADDR|PFN]", gdb.COMPLETE_EXPRESSION)
def mm_owner(argument):
    """Show who allocated a page and who freed it last; without an argument, who has how many pages.

The page is given as for `mm page`. The kernel keeps these records if it is booted with page_owner=1."""
    return owner.report(argument)


@report("layout")
def mm_layout():
    """Show the address map, virtual and physical, with the values of the moment."""
    return layout.report()


@report("pt", "VADDR|dump", gdb.COMPLETE_EXPRESSION)
def mm_pt(argument):
    """Walk the page tables for an address, each level in words; or show all that is mapped.

The walk starts at TTBR0 or TTBR1 of the selected CPU and goes through physical memory, as the hardware's does.
Beside a hardware entry of level 2 stands the kernel's own, the Linux entry. VADDR is any expression:
`mm pt start_kernel`, `mm pt $sp`, `mm pt 0xffff0000`.

`mm pt dump` goes through the whole address space, in runs of the same size and attributes, as the shell's
command does, and Linux's kernel_page_tables."""
    return ptdump.report() if argument == "dump" else pt.report(evaluate(argument))


@report("kmap")
def mm_kmap():
    """Show which pages of high memory have an address: by kmap(), and by kmap_local_page() in each thread.

A slot without users keeps its page until all slots have been used. LEVEL is the place on the thread's stack."""
    return kmap.report()


@report("fixmap")
def mm_fixmap():
    """Show the parts of the fixmap, and what each slot maps that is set."""
    return fixmap.report()


@report("threads")
def mm_threads():
    """Show the threads: number, name, state, CPU, stack, and how often each gave up and lost its CPU.

The format is that of the shell's command. R runs or is runnable, S and D sleep."""
    return threads.report()


@report("iomem")
def mm_iomem():
    """Show who has which physical addresses, in the format of /proc/iomem."""
    return resources.report()


@report("whatis", "ADDR", gdb.COMPLETE_EXPRESSION)
def mm_whatis(argument):
    """Say what an address is, and whose: text, data, page, object, stack, device register, or nothing.

The lines are those of the shell's command, and the name of the variable or function if there is one."""
    return whatis.report(evaluate(argument))
