"""What to do about each finding; every code has its line here, and its row in ``docs/findings.md``."""

from collections.abc import Mapping
from typing import Final

REMEDIES: Final[Mapping[str, str]] = {
    "nda-ends-first": "Extend the NDA, or sign another one, before its last day.",
    "dpa-ends-first": "Extend the data processing agreement before its last day, or stop the processing then.",
    "renewal-relied-on": "Watch its renewal: whoever stops it leaves the other without cover.",
    "sow-outlives-msa": "Extend the agreement that it hangs on, or end the work with it.",
    "subcontract-ends-first": "Extend the subcontract, or plan who does its work afterwards.",
    "audit-after-notice": "Hold the audit earlier, so that its result is known before the decision.",
    "exit-longer-than-notice": "Decide by the day on which the exit has to start.",
    "notice-longer-than-term": "Compare term and notice period with the document.",
    "renews-without-notice": "Look up by when notice must leave, and record it.",
    "pin-differs": "Look whether the pinned day still holds; pin it anew, or let the computed day hold.",
    "unknown-end": "Record the day as soon as it is known.",
    "disclosed-before-signature": "Have the agreement cover what was disclosed before it, or ask for it back.",
    "disclosed-after-end": "Extend or renew the agreement, or ask for what was disclosed back.",
    "results-without-owner": "Record the clause that says whose the work results are.",
    "held-without-agreement": "Sign an agreement that covers it, or have it returned.",
    "asset-unprotected": "Extend what covers it before that day.",
    "no-licence": "Record the licence under which it is used.",
    "licence-ends-first": "Extend the licence, or end the work for which it is needed.",
    "no-owner": "Name an owner.",
    "owner-left": "Name another owner.",
    "no-backup": "Name a backup who stands in for the owner.",
    "backup-left": "Name another backup.",
    "no-exit-plan": "Plan how it would be left.",
    "asks-nobody": "Name somebody for this step, or change the playbook.",
}
