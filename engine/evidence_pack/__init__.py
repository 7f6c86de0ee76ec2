"""Evidence packs: what was known in a span, who was told and what they answered, in one ZIP that proves itself."""
