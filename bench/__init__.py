"""Measurements against peers, side by side: ``python -m bench [T1 T14 ...]``.

Every figure is a ratio of medians: pairs of runs interleaved on one machine in the same minutes, after one warm-up,
with the same durability on both sides. What stands here is printed, never asserted in a test.
"""
