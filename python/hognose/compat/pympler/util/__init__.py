"""Helpers that programs import from pympler.util."""
