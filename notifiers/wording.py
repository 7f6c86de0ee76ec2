"""Facts to sentences: the one place where every surface takes its words from (INTERFACE.md G2).

Pages, messages, feeds and the command line lay these sentences out and write none of their own. The sentences stand in
``notifiers.words``; this module is their door.
"""

from notifiers.words.acts import action, addressed, brief_action, consequence, is_marker, thing
from notifiers.words.cycles import cycle_words, milestone_words
from notifiers.words.days import amount, brief_day, day, days_left, relative, short_day, stage_words
from notifiers.words.facts import fact_words
from notifiers.words.groups import Group, Row, digest_groups, group_title
from notifiers.words.happened import event_details, event_words
from notifiers.words.inviting import invitation_subject
from notifiers.words.late_options import late_option_words
from notifiers.words.letter import Letter, command, fields, letter, shorter, stage_line, unknown_lines
from notifiers.words.lines import (
    asked_words,
    decision_line,
    digest_heading,
    escalation_line,
    external_line,
    label,
    late_line,
    lead_line,
    mail_subject,
    moved_line,
    next_lines,
    no_longer_line,
    outsider_line,
    row_lead,
    title_line,
)
from notifiers.words.meanwhile import meanwhile_line
from notifiers.words.provided import (
    doubt_words,
    due_words,
    end_words,
    ended_words,
    leaving_words,
    notice_words,
    renewal_words,
    restriction_words,
    survival_words,
)
from notifiers.words.requesting import AskedFor, later_words, received_heading, size_words, span_words
from notifiers.words.standing import NOBODY, instant, silent_line, standing_line
from notifiers.words.text import capital, clean, counted, cut, joined, one_line, some
from notifiers.words.why import (
    WhyRow,
    assumption_lines,
    clause_words,
    cutoff_words,
    readings,
    readings_line,
    sensitivity_line,
    why_card,
    why_lines,
    why_rows,
)

__all__ = [
    "NOBODY",
    "AskedFor",
    "Group",
    "Letter",
    "Row",
    "WhyRow",
    "action",
    "addressed",
    "amount",
    "asked_words",
    "assumption_lines",
    "brief_action",
    "brief_day",
    "capital",
    "clause_words",
    "clean",
    "command",
    "consequence",
    "counted",
    "cut",
    "cutoff_words",
    "cycle_words",
    "day",
    "days_left",
    "decision_line",
    "digest_groups",
    "digest_heading",
    "doubt_words",
    "due_words",
    "end_words",
    "ended_words",
    "escalation_line",
    "event_details",
    "event_words",
    "external_line",
    "fact_words",
    "fields",
    "group_title",
    "instant",
    "invitation_subject",
    "is_marker",
    "joined",
    "label",
    "late_line",
    "later_words",
    "lead_line",
    "late_option_words",
    "leaving_words",
    "letter",
    "mail_subject",
    "meanwhile_line",
    "milestone_words",
    "moved_line",
    "next_lines",
    "no_longer_line",
    "notice_words",
    "one_line",
    "outsider_line",
    "readings",
    "readings_line",
    "received_heading",
    "relative",
    "renewal_words",
    "restriction_words",
    "row_lead",
    "sensitivity_line",
    "short_day",
    "shorter",
    "silent_line",
    "size_words",
    "some",
    "span_words",
    "stage_line",
    "stage_words",
    "standing_line",
    "survival_words",
    "thing",
    "title_line",
    "unknown_lines",
    "why_card",
    "why_lines",
    "why_rows",
]
