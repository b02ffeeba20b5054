"""`pkp account`: who may enter, with which role."""

from __future__ import annotations

import sys
from uuid import UUID

import click

from shared import assembly
from shared.errors import BrokenRule
from shared.identity.accounts import Account, Accounts, UnknownAccount
from shared.identity.credentials import INVITED_FOR, Credentials
from shared.identity.links import PERSON, PROGRAM, LinkedElsewhere, Links
from shared.identity.roles import Role
from shared.ops import console

ROLES = click.Choice([str(role) for role in Role if role not in (Role.MACHINE, Role.PUBLIC)])


def opened() -> Accounts:
    """The accounts, with their tables made."""
    found = assembly.accounts(console.settings())
    found.migrate()
    return found


def known(name: str) -> tuple[Account, Credentials]:
    """An account that has access, and the credentials. Raises UnknownAccount."""
    accounts = opened()
    found = accounts.named(name)
    if found is None:
        raise UnknownAccount(name)
    return found, Credentials(accounts.database, console.settings().secret_keys)


def links() -> Links:
    """The links to the identity provider that the settings name."""
    issuer = console.settings().oidc_issuer
    if not issuer:
        raise console.Told("no identity provider is set up: PKP_OIDC_ISSUER names one")
    return Links(opened(), issuer)


@click.group()
def account() -> None:
    """Add accounts, invite or link their holders, give them tokens, roles and organisations, disable them."""


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
    click.echo(f"{made.name} is {made.role}; `pkp account invite {made.name}` gives a link to set a password")


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
@click.option("--end-older", is_flag=True, help="End all but the newest: once the program uses that.")
def tokens(name: str, end_older: bool) -> None:
    """Tell when each bearer token of an account was made, the newest first."""
    for made_at in opened().tokens(name, end_older=end_older):
        click.echo(made_at)


@account.command()
@click.argument("name")
@click.argument("role", type=ROLES)
def role(name: str, role: str) -> None:
    """Give an account another role."""
    opened().role(name, role)
    click.echo(f"{name} is {role}")


@account.command()
@click.argument("name")
@click.argument("organisation", type=click.UUID, required=False)
def assign(name: str, organisation: UUID | None) -> None:
    """Say which organisation an account acts for, by the id of the member or party; none when left out."""
    opened().assign(name, organisation)
    click.echo(f"{name} acts for {organisation or 'no organisation'}")


@account.command()
@click.argument("name")
def invite(name: str) -> None:
    """Print a link with which the holder sets a password, once; also when it is lost. Earlier links are void."""
    found, credentials = known(name)
    click.echo(f"{console.settings().public_url}/undangan/{credentials.invite(found)}")
    click.echo(f"valid for {INVITED_FOR.days} days, to be used once; hand it over on a way that you trust", err=True)


@account.command()
@click.argument("name")
@click.option("--remove-app", is_flag=True, help="Also ask for no code of an authenticator app any more.")
def password(name: str, remove_app: bool) -> None:
    """Set a password, asked for twice or read from standard input; the account is signed out everywhere."""
    found, credentials = known(name)
    asked = sys.stdin.isatty()
    given = click.prompt("Password", hide_input=True, confirmation_prompt=True) if asked else sys.stdin.readline().rstrip("\n")
    try:
        credentials.set_password(found, given)
    except BrokenRule as no:
        raise console.Told(f"{no.slug}: {', '.join(f'{key} {value}' for key, value in no.about.items())}".rstrip(": ")) from None
    if remove_app:
        credentials.remove_app(found)
    click.echo(f"{name} has a new password")


@account.command()
@click.argument("name")
@click.argument("subject")
@click.option("--program", is_flag=True, help="SUBJECT is the id of a program's client, not a person.")
def link(name: str, subject: str, program: bool) -> None:
    """Let a person or a program of the identity provider be this account, by what the provider calls them."""
    found, _ = known(name)
    if found.demo:
        raise console.Told(f"{name} is everybody's, as an account of the demo")
    try:
        links().add(found, PROGRAM if program else PERSON, subject)
    except LinkedElsewhere:
        raise console.Told("this subject is another account already; `pkp account links` shows which") from None
    click.echo(f"{name} may sign in with the identity provider" if not program else f"{name} may use access tokens of {subject}")


@account.command()
@click.argument("name")
def unlink(name: str) -> None:
    """Take all links of an account to the identity provider; its sessions end."""
    click.echo(f"{name} had {links().remove(opened().called(name))} links")


@account.command("links")
@console.as_json
def list_links(as_json: bool) -> None:
    """Every account that a person or a program of the identity provider is."""
    rows = [(one.account, one.kind, one.subject) for one in links().list()]
    console.show(("account", "kind", "subject"), rows, as_json)


@account.command()
@click.argument("name")
def disable(name: str) -> None:
    """Take all access from an account, and its tokens for ever."""
    opened().disable(name)
    click.echo(f"{name} has no access any more")
