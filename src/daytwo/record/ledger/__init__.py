"""Append-only events, chained per stream, and the projections made from them."""
