"""`pkp`: everything an operator does, by noun; errors are one line and a code that is not zero."""

from __future__ import annotations

import importlib
from typing import Any

import click

from shared.ops import version

HERE = "shared.ops.commands"
# Where each command lives; a module is loaded when one of its commands is called, so that all start quickly.
COMMANDS = {
    "account": (f"{HERE}.accounts", "account"),
    "backup": (f"{HERE}.backing_up", "backup"),
    "config": (f"{HERE}.configuration", "config"),
    "contracts": ("shared.contracts.command", "contracts"),
    "demo": (f"{HERE}.running", "load_demo"),
    "feed": (f"{HERE}.facts", "feed"),
    "keys": (f"{HERE}.rotating", "keys"),
    "letters": (f"{HERE}.letters", "letters"),
    "migrate": (f"{HERE}.running", "migrate"),
    "rebuild": (f"{HERE}.registers", "rebuild"),
    "replay": (f"{HERE}.registers", "replay"),
    "republish": (f"{HERE}.carrier", "republish"),
    "restore": (f"{HERE}.restoring", "restore"),
    "topics": (f"{HERE}.carrier", "topics"),
    "up": (f"{HERE}.running", "up"),
    "verify": (f"{HERE}.facts", "verify"),
    "web": (f"{HERE}.running", "web"),
    "worker": (f"{HERE}.running", "worker"),
}


class Commands(click.Group):
    """Loads commands when they are called, and turns errors that operators know into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run; a surprise keeps its traceback, for whoever mends it."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from shared.ops.console import explained

            known = explained(error)
            if known is None:
                raise
            raise known from None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version(), prog_name="pkp")
def main() -> None:
    """Run and look after a PKP platform. Settings are environment variables: `pkp config show`."""


if __name__ == "__main__":
    main()
