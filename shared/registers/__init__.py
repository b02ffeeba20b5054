"""Registers: the read models that facts fold into, written in the transaction of the facts."""
