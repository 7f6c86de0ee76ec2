"""What columns are called: the fields of each sheet and the words by which people name them.

Headers ignore case, accents, blanks and punctuation: "Kündigungsfrist", "kuendigungs-frist" and "KUNDIGUNGSFRIST" are
one. A unit may stand behind the name: "Notice (months)", "Laufzeit in Monaten", "Value [EUR]".
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

HEADER_ROWS: Final = 20


class SheetKind(StrEnum):
    """What a sheet lists."""

    AGREEMENTS = "agreements"
    OBLIGATIONS = "obligations"
    PEOPLE = "people"
    DISCLOSURES = "disclosures"
    ASSETS = "assets"


#: Field -> other words for it. The first fields named are those without which a row says nothing.
AGREEMENT_FIELDS: Final[Mapping[str, str]] = {
    "reference": "ref, id, contract no, contract number, contract id, agreement no, agreement number, number, key, "
    "Vertragsnummer, Vertrags-Nr, Vertragsnr, Referenz, Aktenzeichen, Nr",
    "counterparty": "vendor, supplier, client, customer, party, other party, company, partner, "
    "counterparty name, vendor name, supplier name, client name, customer name, company name, account name, "
    "Vertragspartner, Gegenpartei, Lieferant, Kunde, Firma, Partner",
    "parent": "master, parent agreement, parent reference, master agreement, belongs to, Rahmenvertrag, gehört zu",
    "title": "name, subject, agreement, agreement title, contract name, contract title, description, "
    "Titel, Bezeichnung, Betreff, Vertragsname, Gegenstand",
    "document": "link, file, document link, url, Dokument, Datei, Ablage",
    "note": "notes, comment, comments, remark, remarks, Notiz, Notizen, Bemerkung, Bemerkungen, Kommentar, Anmerkung",
    "template": "template used, form, standard form, model, Vorlage, Muster, Vertragsmuster, Mustervertrag",
    "project": "project name, project details, programme, purpose, engagement, Projekt, Projektname, Vorhaben, Zweck",
    "work_results": "results, work product, results belong to, ownership of results, ip ownership, "
    "Arbeitsergebnisse, Rechte an Ergebnissen, Ergebnisse gehören",
    "tags": "tag, labels, label, keywords, Schlagworte, Schlagwörter, Stichworte",
    "kind": "type, contract type, agreement type, category, Vertragsart, Vertragstyp, Art, Typ",
    "value": "amount, contract value, annual value, price, Wert, Betrag, Vertragswert, Auftragswert",
    "currency": "ccy, contract currency, contract value currency, Währung",
    "owner": "responsible, account manager, contract owner, contract manager, responsible person, "
    "Verantwortlich, Verantwortlicher, Verantwortliche, Zuständig, Eigentümer",
    "backup": "deputy, stand-in, substitute, backup owner, Vertretung, Vertreter, Stellvertreter, Stellvertretung",
    "signed_on": "signed, signature date, date signed, signing date, agreement date, date of signature, "
    "execution date, "
    "Unterzeichnet am, Unterschrift, Unterschrieben am, Unterzeichnet, Vertragsdatum, Abschlussdatum",
    "effective_on": "effective, effective date, start, start date, starts on, begin, beginning, commencement, "
    "commencement date, contract start, contract start date, valid from, "
    "Beginn, Vertragsbeginn, Start, Gültig ab, Inkrafttreten, Laufzeitbeginn",
    "last_on": "last day, end, end date, ends on, expires on, expires, expiry, expiry date, expiration, "
    "expiration date, contract end, contract end date, "
    "valid until, valid to, until, Ende, Vertragsende, Laufzeitende, Gültig bis, Ablauf, Ablaufdatum, "
    "letzter Tag, Endet am",
    "term": "initial term, contract term, duration, length, term length, "
    "Laufzeit, Erstlaufzeit, Vertragslaufzeit, Grundlaufzeit, "
    "Mindestlaufzeit, Dauer",
    "renewal": "auto-renewal, automatic renewal, renews, renewal type, auto renew, extension, "
    "Verlängerung, automatische Verlängerung, Vertragsverlängerung",
    "renewal_term": "renewal period, renewal length, renewal duration, extension term, "
    "Verlängerungszeitraum, Verlängerungsdauer, Verlängerung um, Folgelaufzeit",
    "renewal_limit": "renewals, maximum renewals, max renewals, number of renewals, Verlängerungen, "
    "Anzahl Verlängerungen",
    "notice_period": "notice, period of notice, termination notice, notice to terminate renewal, "
    "notice period to terminate renewal, non-renewal notice, cancellation period, Kündigungsfrist, Frist, Kündigung",
    "notice_ends": "notice to, notice to the end of, notice ends, notice effective at, termination date, "
    "termination dates, Kündigung zum, Kündigungstermin, Kündigungstermine, kündbar zum",
    "earliest_end_on": "earliest end, earliest end date, earliest termination, earliest termination date, "
    "minimum term until, not before, ends no earlier than, frühestes Ende, Mindestlaufzeit bis, fest bis, "
    "frühestens kündbar zum, erstmals kündbar zum",
    "notice_opens": "notice opens, notice at most, earliest notice, notice not earlier than, notice no earlier than, "
    "notice window opens, Kündigung frühestens, frühestens",
    "notice_via": "notice by, notice method, delivery method, how notice is given, Kündigungsform, Kündigung per, "
    "Zustellung, Versandart",
    "notice_counts": "notice counts as, notice counts when, notice effective when, Kündigung zählt, Fristwahrung",
    "survival": "confidentiality survival, survival period, confidentiality period, confidentiality, nda survival, "
    "Nachwirkung, Nachwirkungsfrist, Geheimhaltungsfrist, Geheimhaltungsdauer, Vertraulichkeitsdauer",
    "survival_from": "survival starts, survival anchor, Nachwirkung ab, Geheimhaltung ab",
    "time_zone": "zone, tz, Zeitzone",
    "governing_law": "law, applicable law, choice of law, jurisdiction, anwendbares Recht, Recht, Rechtswahl",
    "calendar": "holiday calendar, holidays, business days, Kalender, Feiertage, Feiertagskalender",
    "rules": "rule set, counting rules, Regeln, Zählregeln, Fristenregeln",
    "end_convention": "convention, Endkonvention",
    "restricted_to": "confidential, restricted, visible to, access, Vertraulich für, Sichtbar für, Zugriff, "
    "Vertraulich",
}
#: What a column may be said to hold: a fact, or the place where it is written.
MAPPABLE: Final = frozenset([*AGREEMENT_FIELDS, *(f"{name}_clause" for name in AGREEMENT_FIELDS)])
_OBLIGATION_FIELDS: Final[Mapping[str, str]] = {
    "reference": AGREEMENT_FIELDS["reference"] + ", agreement, contract",
    "name": "obligation, duty, title, what, description, Pflicht, Bezeichnung, Was, Titel",
    "kind": "type, category, Art, Typ",
    "first_due_on": "due on, due, due date, first due, first due on, deadline, date, Fällig am, Fällig, "
    "Fälligkeit, Termin, "
    "erstmals fällig, erstmals fällig am",
    "every": "recurrence, repeats, interval, frequency, Turnus, Intervall, alle, Wiederholung, Rhythmus",
    "owner": AGREEMENT_FIELDS["owner"],
}
_PEOPLE_FIELDS: Final[Mapping[str, str]] = {
    "email": "e-mail, mail, address, e-mail address, mail address, Mailadresse, E-Mail-Adresse, Adresse",
    "name": "full name, person, Vorname Nachname",
    "manager": "boss, reports to, line manager, Vorgesetzter, Vorgesetzte, Führungskraft",
    "role": "rights, rights role, Rolle",
    "team": "teams, group, groups, department, Abteilung, Gruppe",
    "zone": "time zone, timezone, tz, Zeitzone",
}
_DISCLOSURE_FIELDS: Final[Mapping[str, str]] = {
    "reference": AGREEMENT_FIELDS["reference"] + ", agreement, contract, NDA",
    "given_on": "given, date, day, disclosed on, disclosed, handed over on, Datum, Übergeben am, Offengelegt am",
    "what": "information, disclosure, description, subject, Was, Gegenstand, Information, Beschreibung",
    "to": "recipient, received by, given to, disclosed to, An, Empfänger, an wen",
}
_ASSET_FIELDS: Final[Mapping[str, str]] = {
    "reference": AGREEMENT_FIELDS["reference"] + ", agreement, contract, covered by",
    "name": "asset, title, what, description, Bezeichnung, Name, Schutzgut, Was",
    "kind": "type, category, Art, Typ",
    "ownership": "owner, owned by, belongs to, whose, Eigentümer, gehört",
    "holders": "holder, held by, who has it, Inhaber, wer hat es",
    "licence_from": "licensor, license from, licence of, Lizenzgeber, Lizenz von",
    "licence_until": "licence ends on, license until, licence end, license end, Lizenzende, Lizenz bis",
    "fee": "licence fee, license fee, Lizenzgebühr, Gebühr",
    "currency": AGREEMENT_FIELDS["currency"],
    "fee_due_on": "fee due, fee first due, Gebühr fällig am, Gebühr fällig",
    "fee_every": "fee interval, fee recurs, Gebühr alle, Gebühr Turnus",
    "note": AGREEMENT_FIELDS["note"],
}
_FIELDS: Final[Mapping[SheetKind, Mapping[str, str]]] = {
    SheetKind.AGREEMENTS: AGREEMENT_FIELDS,
    SheetKind.OBLIGATIONS: _OBLIGATION_FIELDS,
    SheetKind.PEOPLE: _PEOPLE_FIELDS,
    SheetKind.DISCLOSURES: _DISCLOSURE_FIELDS,
    SheetKind.ASSETS: _ASSET_FIELDS,
}
#: Without these a row of headers is none.
REQUIRED: Final[Mapping[SheetKind, tuple[str, ...]]] = {
    SheetKind.AGREEMENTS: ("reference", "counterparty"),
    SheetKind.OBLIGATIONS: ("reference", "name"),
    SheetKind.PEOPLE: ("email",),
    SheetKind.DISCLOSURES: ("reference", "what"),
    SheetKind.ASSETS: ("reference", "name"),
}
_SHEET_NAMES: Final[Mapping[SheetKind, str]] = {
    SheetKind.AGREEMENTS: "register, contracts, agreement, contract, Verträge, Vertrag, Vertragsregister",
    SheetKind.OBLIGATIONS: "obligation, duties, Pflichten, Obliegenheiten",
    SheetKind.PEOPLE: "persons, person, users, team, Personen, Mitarbeiter, Leute",
    SheetKind.DISCLOSURES: "disclosure, Offenlegungen",
    SheetKind.ASSETS: "asset, Schutzgüter",
}
_UNIT_IN_HEADER = re.compile(r"^(.*?)\s*(?:[(\[]([^)\]]*)[)\]]|(?<=\s)in\s+(\w+))\s*\.?\s*$", re.IGNORECASE | re.DOTALL)
_UNITS: Final[Mapping[str, str]] = {
    "days": "day, d, calendar days, Tage, Tagen, Tag, Kalendertage",
    "business days": "business day, bd, working days, working day, Werktage, Arbeitstage, Bankarbeitstage",
    "weeks": "week, w, wk, wks, Wochen, Woche",
    "months": "month, m, mo, mos, mth, mths, Monate, Monaten, Monat",
    "quarters": "quarter, q, Quartale, Quartal",
    "years": "year, y, yr, yrs, Jahre, Jahren, Jahr",
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"})


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says: its field, whether it is the field's clause, and the unit that stands in it."""

    field: str
    is_clause: bool = False
    unit: str = ""


def fields_of(kind: SheetKind) -> tuple[str, ...]:
    return tuple(_FIELDS[kind])


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Letters and digits alone, without case and accents."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if letter.isalnum())


@lru_cache(maxsize=4096)
def recognised(text: str, kind: SheetKind = SheetKind.AGREEMENTS) -> Header | None:
    """What the header *text* means in a sheet of *kind*; None when nobody knows."""
    whole = plain(text)
    if field := _names(kind).get(whole):
        return Header(field)
    for ending in ("clause", "klausel", "fundstelle"):
        base = whole.removesuffix(ending)
        if base and base != whole and (field := _names(kind).get(base)):
            return Header(field, is_clause=True)
    return _with_unit(text, kind)


def sheet_kind(name: str) -> SheetKind | None:
    """What a sheet of this name lists."""
    return _sheet_kinds().get(plain(name))


def unit_named(text: str) -> str | None:
    """``months`` for "Monate"; a currency such as ``EUR`` for itself; None when it is no unit."""
    if text.strip().isascii() and text.strip().isalpha() and len(text.strip()) == 3 and text.strip().isupper():
        return text.strip()
    return _units().get(plain(text))


def names_agreements(row: Iterable[Any]) -> bool:
    """Whether a row of headers names the reference and the counterparty of agreements."""
    found = {header.field for cell in row if isinstance(cell, str) and cell and (header := recognised(cell[:200]))}
    return found.issuperset(REQUIRED[SheetKind.AGREEMENTS])


def _with_unit(text: str, kind: SheetKind) -> Header | None:
    found = _UNIT_IN_HEADER.match(text)
    if not found or not (field := _names(kind).get(plain(found[1]))):
        return None
    return Header(field, unit=unit_named(found[2] or found[3] or "") or "")


@lru_cache(maxsize=8)
def _names(kind: SheetKind) -> Mapping[str, str]:
    return _inverted(_FIELDS[kind])


@lru_cache(maxsize=1)
def _units() -> Mapping[str, str]:
    return _inverted(_UNITS)


@lru_cache(maxsize=1)
def _sheet_kinds() -> Mapping[str, SheetKind]:
    names = _inverted({kind.value: words for kind, words in _SHEET_NAMES.items()})
    return {name: SheetKind(kind) for name, kind in names.items()}


def _inverted(words: Mapping[str, str]) -> Mapping[str, str]:
    """Each way to write a name -> the name. A name itself beats another's synonym, an earlier synonym a later one."""
    found: dict[str, str] = {plain(name): name for name in words}
    for name, others in words.items():
        for word in filter(None, map(str.strip, others.split(","))):
            found.setdefault(plain(word), name)
            found.setdefault(plain(word.translate(_UMLAUTS)), name)
    return found
