"""Keeping who is in which segment up to the present: from what comes, as time goes by, into the ledger."""
