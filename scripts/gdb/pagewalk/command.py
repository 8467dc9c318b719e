# SPDX-License-Identifier: MIT
"""The verb `mm`, and what all commands under it share.

    @report("pt", "VADDR", completer=gdb.COMPLETE_EXPRESSION)
    def mm_pt(argument):
        \"\"\"Help text; its first line is the summary.\"\"\"
        return lines

A command returns lines. It needs a machine that stands still, and finds an empty cache of memory. Whatever goes
wrong ends in one sentence, never in a traceback.
"""

import gdb

from . import physmem
from .target import MmError, require_machine, WORD_MASK


class Verb(gdb.Command):
    """Memory management: what the allocators and page tables hold, at any moment.

Works on a stopped machine in every state: before the MMU is on, while booting, after a crash. The commands
read physical memory and the layout of structures from kernel.elf."""

    def __init__(self):
        super().__init__("mm", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)

    def invoke(self, argument, from_tty):
        if argument:
            raise gdb.GdbError("mm has no command `%s`. Try `help mm`." % argument.split()[0])
        gdb.execute("help mm")


class Report(gdb.Command):
    """A command under `mm` that prints lines."""

    def __init__(self, name, usage, function, completer):
        self.__doc__ = "%s\n\nUsage: mm %s" % (function.__doc__.strip(), (name + " " + usage).strip())
        self.usage = "mm %s %s" % (name, usage)
        self.wants_argument = bool(usage)
        self.question = "which flags" if usage == "GFP" else "what address"
        self.function = function
        super().__init__("mm " + name, gdb.COMMAND_DATA, completer)

    def _lines(self, argument):
        if self.wants_argument and not argument and not self.usage.endswith("]"):
            raise MmError("%s? Usage: %s" % (self.question, self.usage))
        if argument and not self.wants_argument:
            raise MmError("`%s`: this command takes no argument" % argument)
        require_machine()
        return self.function(argument) if self.wants_argument else self.function()

    def invoke(self, argument, from_tty):
        physmem.forget()
        try:
            for line in self._lines(argument.strip()):
                gdb.write(line + "\n")
        except MmError as error:
            raise gdb.GdbError(str(error)) from None
        except gdb.MemoryError as error:
            raise gdb.GdbError("the machine does not let its memory be read: %s" % error) from None
        except gdb.error as error:
            raise gdb.GdbError("gdb: %s" % error) from None
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise gdb.GdbError("mm cannot make sense of this kernel (%s: %s); were kernel.elf and the "
                               "running image built together?" % (type(error).__name__, error)) from None
        finally:
            physmem.forget()


def report(name, usage="", completer=gdb.COMPLETE_NONE):
    """Decorator: make a function that returns lines a command under `mm`."""
    def register(function):
        Report(name, usage, function, completer)
        return function
    return register


def evaluate(expression):
    """The number that an expression of the user's stands for."""
    try:
        value = gdb.parse_and_eval(expression)
        code = value.type.strip_typedefs().code
        if code in (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_ARRAY):
            return int(value.address) & WORD_MASK
        if code == gdb.TYPE_CODE_STRUCT:
            raise MmError("`%s` is a structure; for where it is, write `&%s`" % (expression, expression))
        number = int(value)
    except gdb.error as error:
        raise MmError("`%s` is not an address: %s" % (expression, error)) from None
    if not -(1 << 31) <= number <= WORD_MASK:
        raise MmError("`%s` is 0x%x: more than 32 bits" % (expression, number))
    return number & WORD_MASK
