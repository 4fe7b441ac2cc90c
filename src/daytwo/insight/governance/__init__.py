"""Governance of value: what was promised, frozen as baseline, reached, and confirmed."""
