"""Everything that a program of the house reads when it starts; nothing is connected or begun by that."""

from shared import assembly
from shared.delivery import worker
from shared.ops.commands import running

__all__ = ["running", "worker"]

assembly.installed()
