"""Entrances for people, programs, plant systems and the clock; none imports another."""
