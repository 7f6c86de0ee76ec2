"""The demo: an invented house with its agreements, the real engine, and a mail server that keeps every mail here.

``people`` and the ``shelf_*`` modules say what is in the register, dated around today; ``seeding`` takes it in by the
engine's operations; ``sink`` is the mail server; ``stage`` shows what happens.
"""
