"""The ledger of who entered and left which segment, when, by which version of its definition, and why."""
