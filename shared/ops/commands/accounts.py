"""`pkp account`: who may enter, with which role."""

from __future__ import annotations

from uuid import UUID

import click

from shared import app
from shared.identity.accounts import Accounts
from shared.identity.roles import Role
from shared.ops import console

ROLES = click.Choice([str(role) for role in Role if role not in (Role.MACHINE, Role.PUBLIC)])


def opened() -> Accounts:
    """The accounts, with their tables made."""
    found = app.accounts(console.settings())
    found.migrate()
    return found


@click.group()
def account() -> None:
    """Add accounts, give them tokens and roles, disable them."""


@account.command()
@click.argument("name")
@click.option("--role", required=True, type=ROLES)
@click.option("--organisation", type=click.UUID, help="Id of the member that it acts for.")
def add(name: str, role: str, organisation: UUID | None) -> None:
    """Make an account."""
    try:
        made = opened().add(name, role, organisation)
    except ValueError as error:
        raise console.Told(str(error)) from None
    click.echo(f"{made.name} is {made.role}; `pkp account token {made.name}` gives a token")


@account.command("list")
@console.as_json
def list_accounts(as_json: bool) -> None:
    """Every account."""
    rows = [(one.name, one.role, one.organisation, one.demo, one.disabled, one.id) for one in opened().list()]
    console.show(("name", "role", "organisation", "demo", "disabled", "id"), rows, as_json)


@account.command()
@click.argument("name")
def token(name: str) -> None:
    """Print a new bearer token of an account, and nothing else; it cannot be shown again."""
    click.echo(opened().token(name))


@account.command()
@click.argument("name")
@click.argument("role", type=ROLES)
def role(name: str, role: str) -> None:
    """Give an account another role."""
    opened().role(name, role)
    click.echo(f"{name} is {role}")


@account.command()
@click.argument("name")
def disable(name: str) -> None:
    """Take all access from an account, and its tokens for ever."""
    opened().disable(name)
    click.echo(f"{name} has no access any more")
