"""Ids, clock, quantities, canonical JSON, Merkle tree and error families, without any framework."""
