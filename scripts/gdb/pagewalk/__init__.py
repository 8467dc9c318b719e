# SPDX-License-Identifier: MIT
"""gdb's side of Pagewalk: the commands under `mm`.

    command      the verb; errors in words
      memblock bootmem zones buddy pcp slab page pt layout  one module a command
        whatis       asks all of them; resources, whose a physical address is; kallsyms, the kernel's names
        slub slob    caches of other allocators than slab's; kmem_cache, what all have in common
        structs      structures by DWARF, linked lists
        descriptors  page table entries in words
          physmem    physical memory
          symbols    symbols, types and constants of kernel.elf
          target     the machine and its registers
    boot_symbols     the boot stub at its physical addresses
    session          what `make gdb` adds: a greeting, a stop before the end

Who is further down knows nothing of who is above. All of them work on a stopped machine in any state: they
read memory by physical address, and believe nothing that they find there.
"""
