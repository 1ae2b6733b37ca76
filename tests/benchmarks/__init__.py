"""Measuring, side by side in one run: ratios are worth something, milliseconds only where they were taken."""
