"""Analytic rows projected from the ledger alone, with declared grain and units."""
