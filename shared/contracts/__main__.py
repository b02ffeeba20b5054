"""`python -m shared.contracts`."""

from shared.contracts.command import contracts

contracts()
