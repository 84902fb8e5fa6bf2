"""The world's currencies in a plain line: signs and codes before a number, names and codes after it."""

from __future__ import annotations

import re
from collections.abc import Collection

from report.propose.wording import split

__all__ = ["CODES", "currency_after", "currency_before", "hundredth_after"]

# fmt: off
_SIGNS = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "HK$": "HKD", "S$": "SGD", "NZ$": "NZD", "R$": "BRL",
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₽": "RUB", "₸": "KZT", "₹": "INR", "₺": "TRY", "₩": "KRW",
    "Rs.": "INR", "Rs": "INR", "KSh": "KES", "Ksh": "KES", "Sh": "KES", "₦": "NGN", "N": "NGN", "₾": "GEL", "₴": "UAH",
    "₫": "VND", "₱": "PHP", "฿": "THB", "₪": "ILS", "₼": "AZN", "֏": "AMD",
}
CODES = split(
    "USD EUR GBP CNY RMB JPY RUB KZT INR PKR TRY CHF AUD CAD UZS KGS AED SAR KRW BRL SEK NOK DKK PLN CZK HUF MXN ZAR "
    "NGN KES GEL VND UAH ILS PHP THB AZN AMD BYN TJS TMT MNT CLP ARS EGP GHS TZS UGX ETB MAD IDR MYR SGD HKD TWD NZD "
    "RON BGN RSD ISK IQD KWD QAR OMR BHD BDT LKR NPR MMK"
)
_NAMES = {
    "dollars?|bucks": "USD", "euros?": "EUR", "pounds sterling|pounds?|quid": "GBP", "yuan|renminbi": "CNY",
    "yen": "JPY", "rou?bles?": "RUB", "tenge": "KZT", "rupees?": "INR", "liras?": "TRY", "francs?": "CHF",
    "so[mu]m?s?": "UZS", "won": "KRW", "kron(?:a|or)": "SEK", "kron(?:e|er)": "NOK", "zlotys?": "PLN", "rand": "ZAR",
    "dirhams?": "AED", "reais|real": "BRL", "naira": "NGN", "lari": "GEL", "shillings?": "KES", "hryvnias?": "UAH",
    "dong": "VND", "baht": "THB", "shekels?": "ILS", "manats?": "AZN", "drams?": "AMD", "cedis?": "GHS",
    "ringgit": "MYR", "rupiah": "IDR", "forints?": "HUF", "pesos?": "MXN", "kwacha": "ZMW", "dinars?": "RSD",
    "birr": "ETB", "leu|lei": "RON", "leva?": "BGN", "korun(?:a|y)": "CZK", "takas?": "BDT", "tugriks?": "MNT",
}
# What several countries call their money: the one that the ledger has is meant, else the first.
_ALIKE = {
    "RSD": ("KWD", "IQD", "BHD", "JOD", "TND", "DZD"), "MXN": ("CLP", "ARS", "PHP", "COP", "UYU"),
    "INR": ("PKR", "LKR", "NPR"), "KES": ("TZS", "UGX"), "ZMW": ("MWK",), "CHF": ("XOF", "XAF"), "NOK": ("DKK",),
}
_CENTS = {"euro": "EUR", "u.s.": "USD", "us": "USD", "american": "USD", "australian": "AUD", "canadian": "CAD"}
_OF_COUNTRIES = {
    "Chilean peso": "CLP", "Philippine peso": "PHP", "Argentine peso": "ARS", "Australian dollar": "AUD",
    "Canadian dollar": "CAD", "Singapore dollar": "SGD", "Hong Kong dollar": "HKD", "Pakistani rupee": "PKR",
    "Danish krone": "DKK", "Kuwaiti dinar": "KWD", "Iraqi dinar": "IQD", "Jordanian dinar": "JOD",
    "Serbian dinar": "RSD", "Malawian kwacha": "MWK", "Colombian peso": "COP", "Mexican peso": "MXN",
    "New Zealand dollar": "NZD", "Sri Lankan rupee": "LKR", "Nepalese rupee": "NPR", "Egyptian pound": "EGP",
    "Ugandan shilling": "UGX", "Tanzanian shilling": "TZS",
}
# fmt: on
_SAME = {"RMB": "CNY"}
_HUNDREDTH = re.compile(
    r"[ -]?(?:(?:(?P<whose>US|U\.S\.|American|Australian|Canadian|[Ee]uro)[ -]?)?(?P<cent>cents?)"
    r"|(?P<pence>pence|penn(?:y|ies))|(?P<rouble>kopecks?|kopeks?))(?!\w)|(?:(?P<p>p)|(?P<sign>¢))(?!\w)"
)
_PRINTED = re.compile(
    rf"[{''.join(sign for sign in _SIGNS if len(sign) == 1 and not sign.isalpha())}]|\b(?:{'|'.join(CODES)})\b"
)
_BEFORE = re.compile(
    rf"(?:(?<![A-Za-z])(?P<code>{'|'.join(CODES)}) ?|(?<![A-Za-z])(?P<word>Rs\.?|KSh|Ksh|Sh|N) ?"
    rf"|(?P<sign>{'|'.join(re.escape(sign) for sign in _SIGNS if not sign.isalpha() and sign != 'Rs.')}) ?)$"
)
_AFTER = re.compile(
    rf"[ -]?(?:(?P<code>{'|'.join(CODES)})|(?P<country>{'|'.join(_OF_COUNTRIES)})s?"
    rf"|(?:[A-Z][\w.]* ){{0,2}}(?P<name>{'|'.join(_NAMES)}))(?!\w)"
)


def currency_before(line: str, place: int) -> tuple[int, str]:
    """Return where a currency that ends just before `place` begins, and its code; `place` and "" without one.

    >>> currency_before("reaching €41", 10), currency_before("reaching 41", 9)
    ((9, 'EUR'), (9, ''))
    """
    match = _BEFORE.search(line, max(0, place - 6), place)
    if not match:
        return place, ""
    code = match["code"] or _SIGNS[match["word"] or match["sign"]]
    is_yen = match["sign"] == "¥" and re.search(r"\b(?:yen|Japan\w*)\b", line)
    return match.start(), "JPY" if is_yen else _SAME.get(code, code)


def currency_after(line: str, place: int, own: Collection[str] = ()) -> tuple[int, str] | None:
    """Return where a currency that follows a number ends, and its code; None without one.

    Of several that are called alike, such as dinars, it is the one among `own`, the units of a ledger, else the first.

    >>> currency_after("38bn euros", 4), currency_after("9,815 Chilean pesos", 5), currency_after("38 euphoric", 2)
    ((10, 'EUR'), (19, 'CLP'), None)
    """
    match = _AFTER.match(line, place)
    if not match:
        return None
    if match["name"]:
        first = next(code for name, code in _NAMES.items() if re.fullmatch(name, match["name"]))
        return match.end(), next((code for code in (first, *_ALIKE.get(first, ())) if code in own), first)
    code = match["code"] or _OF_COUNTRIES[match["country"]]
    return match.end(), _SAME.get(code, code)


def hundredth_after(line: str, place: int) -> tuple[int, str] | None:
    """Return where a word for a hundredth of a currency ends, and the currency; None without one.

    Bare cents are of the currency that the line prints; else of the dollar, or of the euro where "44.1 cent" has no s.

    >>> hundredth_after("14 U.S. cents", 2), hundredth_after("0.3 cents of €5", 3), hundredth_after("44.1 cent", 4)
    ((13, 'USD'), (9, 'EUR'), (9, 'EUR'))
    """
    match = _HUNDREDTH.match(line, place)
    if not match:
        return None
    if match["pence"] or match["p"]:
        is_dollar = match["pence"] and match["pence"] != "pence" and "$" in line
        return match.end(), "USD" if is_dollar else "GBP"
    if match["rouble"]:
        return match.end(), "RUB"
    if match["whose"]:
        return match.end(), _CENTS[match["whose"].lower()]
    if printed := _PRINTED.search(line):
        code = _SIGNS.get(printed.group(), printed.group())
        return match.end(), _SAME.get(code, code)
    return match.end(), "EUR" if match["cent"] == "cent" and line[:place][-2:] != " 1" else "USD"
