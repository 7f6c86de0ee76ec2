"""Intake, the pure half: from a file to drafts, with every finding at its cell.

``workbook`` reads the file, ``columns`` recognises the headers, ``days`` settles the order of days per column,
``cells`` reads values, ``drafts`` makes one draft per reference, ``merging`` lays a draft over an agreement. Nothing
here stores anything, knows the clock or settings; whom and what it must know comes in as an ``IntakeContext``.
"""
