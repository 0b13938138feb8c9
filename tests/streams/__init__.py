"""Data that come in parts."""
