"""What people call the kinds of agreements."""

from collections.abc import Mapping
from typing import Final

from engine.intake.headers import plain
from lifecycle.agreements.agreement import AgreementKind

_KINDS: Final[Mapping[AgreementKind, str]] = {
    AgreementKind.NDA: "nda, mnda, cda, non-disclosure agreement, non disclosure, mutual nda, "
    "mutual non-disclosure agreement, "
    "confidentiality agreement, confidential disclosure agreement, secrecy agreement, Geheimhaltungsvereinbarung, "
    "Vertraulichkeitsvereinbarung, Geheimhaltungsvertrag",
    AgreementKind.MSA: "msa, master service agreement, master services agreement, master agreement, "
    "framework agreement, "
    "Rahmenvertrag, Rahmenvereinbarung",
    AgreementKind.SOW: "sow, statement of work, work order, task order, Leistungsschein, Einzelauftrag, Einzelvertrag",
    AgreementKind.SLA: "sla, service level agreement, Dienstgütevereinbarung",
    AgreementKind.DPA: "dpa, data processing agreement, data processing addendum, AVV, AV-Vertrag, "
    "Auftragsverarbeitungsvertrag, Auftragsverarbeitung",
    AgreementKind.LICENCE: "licence, license, licence agreement, license agreement, licensing agreement, "
    "software licence, "
    "software license, Lizenz, Lizenzvertrag",
    AgreementKind.SUBCONTRACT: "subcontract, subcontract agreement, subcontractor agreement, subcontracting agreement, "
    "Nachunternehmervertrag, Subunternehmervertrag, Untervertrag",
    AgreementKind.LEASE: "lease, lease agreement, tenancy, tenancy agreement, rental agreement, Miete, Mietvertrag, "
    "Pachtvertrag, Leasingvertrag",
    AgreementKind.OTHER: "other, others, misc, Sonstiges, Sonstige, andere",
}
AGREEMENT_KINDS: Final[Mapping[str, AgreementKind]] = {
    plain(word): kind for kind, words in _KINDS.items() for word in words.split(",")
}
