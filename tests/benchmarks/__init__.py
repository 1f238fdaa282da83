"""Measurements of the installed program, against other programs in the same run.

python -m tests.benchmarks [--million] [--quick] [--only NAME ...] [--reps N] [--json FILE]
"""
