"""Tests of the documentation site, as far as it need not be built."""
