"""The register's memory: the only package that speaks SQL.

Rows here, values in ``lifecycle``; ``codec`` stands between the two. What is written together is one unit of work.
"""
