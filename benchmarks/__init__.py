"""Measurements behind what the documentation says about speed and defaults."""
