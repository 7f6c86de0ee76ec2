"""The law of agreements: dates, terms, obligations, milestones and what follows from them.

Pure: frozen values and functions. No clock, no settings, no input or output; time comes in as an argument.
"""
