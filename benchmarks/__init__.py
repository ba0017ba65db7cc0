"""Benchmarks of icpkit: each measures side by side, in one run, and reports ratios."""
