"""Company names: tidied from a cover's capitals, shortened for display, found where no form names the registrant."""

from __future__ import annotations

import re
from collections import Counter

_LEGAL = (
    r"incorporated|inc|corporation|corp|company|companies|co|plc|limited|ltd|l\.?l\.?c|l\.?p|n\.?v|s\.?a|a\.?g|"
    r"holdings?|group"
)
_SUFFIX = re.compile(rf"(?:,?\s+|\s*&\s*)(?:and\s+|&\s*)?(?:{_LEGAL})\.?(?:\s*/[A-Za-z]{{2}}/?)?$", re.I)
_SHORTENED = re.compile(r"(?:inc|incorporated|corp|corporation|co|company|plc|limited|ltd|llc|lp|nv|sa|ag)\.?$", re.I)
_UPPER = {"plc", "llc", "lp", "nv", "sa", "ag", "usa", "us", "ibm", "nvidia", "nike", "at&t", "aes", "cvs", "ups"}
_DESCRIBING = (
    "Systems|Technologies|Technology|Industries|Enterprises|International|Stores|Platforms|Holdings?|Group|Worldwide|"
    "Global|Brands|Companies|Wholesale|Pharmaceuticals?|Laboratories|Energy|Financial|Bancorp|Communications|Partners"
)
_TOO_COMMON = {"american", "united", "general", "national", "first", "global", "international", "us", "u.s."}
_KEEP = {"of", "and", "the", "for", "in"}


def tidy_company(name: str) -> str:
    """A registrant's full name without a cover's all-capitals: "BEST BUY CO., INC." -> "Best Buy Co., Inc."."""
    name = re.sub(r"\s+", " ", name).strip(" .,*").replace(" .", ".")
    name = re.sub(r"\s*/[A-Z]{2,3}/?$", "", name)
    if name.upper() == name and re.search(r"[A-Z]{4}", name):
        name = " ".join(_case(i, w) for i, w in enumerate(name.split()))
    return name + "." if re.search(r"\b(?:Inc|Corp|Co|Ltd)$", name) else name


def display_name(name: str) -> str:
    """The name under which a company is shown: legal forms left out ("Best Buy", "3M", "Lockheed Martin")."""
    short = tidy_company(name).rstrip(".")
    while True:
        match = _SUFFIX.search(short)
        # "Holdings" and "Group" are part of a name unless a plain legal form was there to cut.
        if not match or not _SHORTENED.search(match[0]):
            break
        cut = short[: match.start()].rstrip(" ,&")
        if len(cut) < 2:
            break
        short = cut
    return re.sub(r"^(?:The)\s+(?=\S)", "", short) if short.lower() != "the" else short


def as_written(name: str, *texts: str) -> str:
    """A registry's name ("COCA COLA CO") as the company writes it in its own text ("Coca-Cola Co"), where it does."""
    words = re.findall(r"[A-Za-z0-9&'.]+", re.sub(r"\s*/[A-Z]{2,3}/?$", "", name))
    core = [w for w in words if not re.fullmatch(rf"(?:{_LEGAL})\.?", w, re.I)] or words
    pattern = re.compile(r"[\s-]+".join(map(re.escape, core)), re.I)
    found = Counter(m[0] for text in texts for m in pattern.finditer(text) if m[0][0] == m[0][0].upper())
    if name != name.upper() or not found:
        return name
    written = " ".join(found.most_common(1)[0][0].split())
    if written == written.upper():
        return name
    return " ".join([written, *(w.capitalize() if len(w) > 2 or w == "CO" else w for w in words[len(core) :])])


def shorter_names(name: str) -> tuple[str, ...]:
    """What people call a company short of its describing words: "Adobe" for "Adobe Systems"."""
    found = []
    short = re.sub(rf"(?:\s+(?:{_DESCRIBING}))+$", "", name)
    if short != name and len(short) > 2 and short.lower() not in _TOO_COMMON:
        found.append(short)
    return tuple(found)


def company_from_name(text: str, title: str, file_name: str) -> str:
    """The company of a document without a form's cover: who "reports" or "announces", the name beside a legal form,
    the file's title, at last the file's name. "" where nothing says."""
    lead = text[:4000]
    reports = r"(?:today\s+)?(?:reports|announces|announced|reported|posts|delivers)\b"
    if found := re.search(rf"^\s*((?:[A-Z0-9][\w.&'\u2019-]*,?\s+){{1,5}}?){reports}", lead, re.M):
        return found[1].strip(" ,")
    legal = r"(?:Inc|Incorporated|Corp|Corporation|Company|Co|plc|PLC|Ltd|Limited|LLC|N\.V|S\.A|AG)\b\.?"
    if found := re.search(
        rf"\b((?:[A-Z][\w&'\u2019-]*|\d\w+)(?:[ ]+(?:of|and|&|[A-Z][\w&'\u2019.-]*)){{0,4}},?[ ]+{legal})", lead
    ):
        return found[1].strip()
    if found := re.search(rf"\b([A-Z][\w&'\u2019. -]{{1,50}}?,?\s+{legal})", title):
        return found[1].strip()
    stem = re.sub(r"\.\w{1,5}(\.gz)?$", "", file_name)
    words = re.split(r"[_\s]+", stem)
    kept: list[str] = []
    for word in words:
        if re.fullmatch(r"(?:19|20)\d\d\w*|10-?[kqKQ]|8-?[kK]|FY\d+|Q\d|annual|report|earnings|EARNINGS|dated.*", word):
            break
        kept.append(word)
    name = " ".join(kept)
    return name if kept and len(kept) < len(words) and re.search(r"[A-Za-z]{2}", name) else ""


def _case(index: int, word: str) -> str:
    bare = word.strip(".,&").lower()
    if bare == "plc":
        return word.lower()
    if bare in _UPPER or re.search(r"\d", word) or re.fullmatch(r"(?:[A-Z]\.){2,}", word):
        return word
    if index and bare in _KEEP:
        return word.lower()
    return re.sub(r"[A-Za-z]+('[a-z])?", lambda m: m[0].capitalize(), word.lower())
