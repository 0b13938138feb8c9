"""Properties that hold for any valid input."""
