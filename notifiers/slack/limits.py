"""What Slack takes, in characters and pieces (https://docs.slack.dev/reference/block-kit/blocks, DELIVERY.md S9).

Everything that is laid out stays below; what is longer is cut where it is built, so that nothing is ever refused for
its length.
"""

from __future__ import annotations

from typing import Final

BLOCKS: Final = 45  # Slack takes 50; the rest is room for what stands around a list
HEADER: Final = 150
SECTION: Final = 2800  # Slack takes 3000
FIELDS: Final = 10
FIELD: Final = 2000
ACTIONS: Final = 25
CONTEXT: Final = 10
CONTEXT_TEXT: Final = 2000
BUTTON: Final = 75  # a label, and what a screen reader says of it
VALUE: Final = 2000
ACTION_ID: Final = 255
URL: Final = 3000
OPTIONS: Final = 100
TEXT: Final = 4000  # what a notification shows, and a message without blocks
MODAL_TITLE: Final = 24
PLACEHOLDER: Final = 150
